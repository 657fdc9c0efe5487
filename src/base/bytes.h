#pragma once

// Values as bytes and back, for what leaves the process: snapshots and messages between nodes. One
// list of fields (`template <class Archive> void archive(Archive&, Thing&)`) serves both
// directions. Integers are little endian in their own width, bools and enums as theirs, doubles as
// their 64 bits, texts and lists begin with their length.

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace base {

// Appends to a container of bytes (std::string, std::vector<std::uint8_t>), which outlives it.
template <class Bytes>
class ByteWriter {
 public:
  static constexpr bool kReads = false;
  explicit ByteWriter(Bytes& out) : out_(out) {}

  void bits(std::uint64_t word, std::size_t bytes) {
    std::array<typename Bytes::value_type, 8> little{};
    for (std::size_t i = 0; i < little.size(); ++i)
      little[i] = static_cast<typename Bytes::value_type>(word >> (8 * i));
    out_.insert(out_.end(), little.begin(), little.begin() + static_cast<std::ptrdiff_t>(bytes));
  }

  template <class T>
  void value(const T& x) {
    if constexpr (std::is_same_v<T, double>) {
      bits(std::bit_cast<std::uint64_t>(x), 8);
    } else {
      bits(static_cast<std::uint64_t>(x), sizeof(T));
    }
  }

  // The length of a list, whose elements follow.
  template <class List>
  void count(const List& list, std::size_t) {
    bits(list.size(), 2);
  }

  void text(std::string_view text, std::size_t) {
    bits(text.size(), 4);
    out_.insert(out_.end(), text.begin(), text.end());
  }

 private:
  Bytes& out_;
};

// Reads what a ByteWriter wrote, from bytes that outlive it. After the first wrong byte everything
// reads as zero and ok() is false; nothing is believed: lengths are checked against a limit and
// against what is left, enums against `last_of(x)` (found beside the enum), doubles must be finite.
class ByteReader {
 public:
  static constexpr bool kReads = true;
  explicit ByteReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  explicit ByteReader(std::string_view bytes)
      : bytes_(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) {}

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == bytes_.size(); }
  // For a value that is read well but makes no sense.
  void reject() { ok_ = false; }

  std::uint64_t bits(std::size_t bytes) {
    if (!ok_ || bytes_.size() - at_ < bytes) {
      ok_ = false;
      return 0;
    }
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes; ++i)
      word |= static_cast<std::uint64_t>(bytes_[at_++]) << (8 * i);
    return word;
  }

  template <class T>
  void value(T& x) {
    if constexpr (std::is_same_v<T, double>) {
      x = std::bit_cast<double>(bits(8));
      if (!std::isfinite(x)) fail(x);
    } else {
      const std::uint64_t word = bits(sizeof(T));
      if constexpr (std::is_same_v<T, bool>) {
        x = word == 1;
        if (word > 1) fail(x);
      } else {
        x = static_cast<T>(word);
        if constexpr (std::is_enum_v<T>) {
          if (word > last_of(x)) fail(x);
        }
      }
    }
  }

  // Resizes the list to the length that was written, when it is at most `limit`.
  template <class List>
  void count(List& list, std::size_t limit) {
    const std::uint64_t size = bits(2);
    if (size > limit) ok_ = false;
    list.resize(ok_ ? static_cast<std::size_t>(size) : 0);
  }

  // A view into the bytes; "" when it is longer than `limit` or what is left.
  std::string_view view(std::size_t limit) {
    const std::uint64_t size = bits(4);
    if (!ok_ || size > limit || size > bytes_.size() - at_) {
      ok_ = false;
      return {};
    }
    const auto* begin = reinterpret_cast<const char*>(bytes_.data() + at_);
    at_ += static_cast<std::size_t>(size);
    return {begin, static_cast<std::size_t>(size)};
  }

  void text(std::string& text, std::size_t limit) { text = view(limit); }

 private:
  template <class T>
  void fail(T& x) {
    ok_ = false;
    x = T{};
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace base
