#pragma once

// A Socket.IO event packet being written: 42["name",{...}]. Private to this room.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "sim/types.h"

namespace wire {

// Opens the packet and its one object; close() ends both. Members in between go through json().
class Packet {
 public:
  // Event names are literals of ours: no escaping.
  template <std::size_t N>
  Packet(std::string& out, const char (&name)[N]) : out_(out), json_(out) {
    out_.append("42[\"", 4);
    out_.append(name, N - 1);
    out_.append("\",", 2);
    json_.begin_object();
  }

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

template <std::size_t N>
void point(base::JsonWriter& json, const char (&name)[N], sim::Vec2 at, int places = kPlaces) {
  json.key(name).begin_object().member("x", at.x, places).member("y", at.y, places).end_object();
}

}  // namespace wire
