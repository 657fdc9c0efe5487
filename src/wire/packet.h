#pragma once

// A Socket.IO event packet being written: 42["name",{...}]. Private to this room.

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "sim/types.h"

namespace wire {

// Opens the packet and its one object; close() ends both. Members in between go through json().
class Packet {
 public:
  // Event names are literals of ours: no escaping.
  Packet(std::string& out, std::string_view name) : out_(out), json_(out) {
    out_.append("42[\"", 4);
    out_.append(name);
    out_.append("\",", 2);
    json_.begin_object();
  }
  Packet(const Packet&) = delete;
  Packet& operator=(const Packet&) = delete;

  base::JsonWriter& json() { return json_; }
  base::JsonWriter* operator->() { return &json_; }
  void close() {
    json_.end_object();
    out_.push_back(']');
  }

 private:
  std::string& out_;
  base::JsonWriter json_;
};

// Decimals on the wire: the client needs 0.01 px (contract 6).
inline constexpr int kPlaces = 2;
inline constexpr int kAnglePlaces = 4;

// Where a player stands whom the receiver may not see: outside every map, the one place to which
// the client can move a sprite without leaving ghosts behind (5.7 a).
inline constexpr sim::Vec2 kParked{-1000.0, -1000.0};

// wall_7, projectile_12: a name made of a word and a number, without a heap.
class NumberedId {
 public:
  template <std::size_t N>
  NumberedId(const char (&word)[N], std::uint64_t number) {
    static_assert(N <= 12);
    char* const digits = std::copy_n(word, N - 1, text_.data());
    size_ = static_cast<std::size_t>(
        std::to_chars(digits, text_.data() + text_.size(), number).ptr - text_.data());
  }
  std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::array<char, 32> text_;
  std::size_t size_;
};

inline NumberedId wall_id(std::size_t index) { return {"wall_", index + 1}; }
inline NumberedId projectile_id(std::uint32_t number) { return {"projectile_", number}; }

template <std::size_t N>
void point(base::JsonWriter& json, const char (&name)[N], sim::Vec2 at, int places = kPlaces) {
  json.key(name).point(at.x, at.y, places);
}

}  // namespace wire
