#pragma once

// Append-only JSON text. Commas are its business, nesting is the caller's: it never checks that an
// end matches a begin. Nothing is allocated beyond the growth of the caller's string, numbers never
// come out as NaN or Infinity, strings are escaped. Lives as long as one piece of text is being
// written, on any thread.

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace base {

class JsonWriter {
 public:
  // Appends to `out`, which must outlive the writer. Bytes already there are left alone.
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  // The next member's name. The literal form trusts the text; `key_text` escapes it.
  template <std::size_t N>
  JsonWriter& key(const char (&name)[N]) {
    std::array<char, N + 3> text;  // ,"name": in one piece: keys are half of all appends
    text[0] = ',';
    text[1] = '"';
    std::copy_n(name, N - 1, text.data() + 2);
    text[N + 1] = '"';
    text[N + 2] = ':';
    const std::size_t skipped = comma_ ? 0 : 1;
    comma_ = false;
    out_.append(text.data() + skipped, text.size() - skipped);
    return *this;
  }
  JsonWriter& key_text(std::string_view name);

  JsonWriter& text(std::string_view value);  // escaped; bytes that are not UTF-8 become U+FFFD
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& integer(std::int64_t value);
  JsonWriter& unsigned_integer(std::uint64_t value);
  // Rounded half away from zero to `places` (0..6) decimals, trailing zeros dropped, never "-0".
  // Values that are not finite become 0; the magnitude is clamped to 9e18 / 10^places.
  JsonWriter& decimal(double value, int places);
  // {"x":...,"y":...}, each as decimal() writes it.
  JsonWriter& point(double x, double y, int places);
  // A piece of finished JSON: one value, or several separated by commas.
  JsonWriter& raw(std::string_view json);

  // Shorthands for `key(...)` with a value.
  template <std::size_t N>
  JsonWriter& member(const char (&name)[N], std::string_view value) {
    return key(name).text(value);
  }
  template <std::size_t N>
  JsonWriter& member(const char (&name)[N], const char* value) {
    return key(name).text(value);
  }
  template <std::size_t N>
  JsonWriter& member(const char (&name)[N], bool value) {
    return key(name).boolean(value);
  }
  template <std::size_t N, std::signed_integral T>
  JsonWriter& member(const char (&name)[N], T value) {
    return key(name).integer(value);
  }
  template <std::size_t N, std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  JsonWriter& member(const char (&name)[N], T value) {
    return key(name).unsigned_integer(value);
  }
  template <std::size_t N>
  JsonWriter& member(const char (&name)[N], double value, int places) {
    return key(name).decimal(value, places);
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate() {
    if (comma_) out_.push_back(',');
    comma_ = true;
  }

  // Not std::string's own append of two pointers, which takes a detour.
  void append(const char* begin, const char* end) {
    out_.append(begin, static_cast<std::size_t>(end - begin));
  }

  std::string& out_;
  bool comma_ = false;  // the next value or key is not the first of its container
};

}  // namespace base
