// LINK: sio
// Socket.IO packets. Whatever is accepted is what simdjson would accept, and its parts are parts of
// it.

#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "sio/json_scan.h"
#include "sio/packet.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

bool inside(std::string_view part, std::string_view whole) {
  return part.empty() || part == "/" ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// simdjson also refuses numbers beyond its types and text that is no UTF-8 (the transport's check),
// so only what it accepts is compared.
void compare_verdicts(const std::string& text) {
  static simdjson::dom::parser parser(1 << 20);
  simdjson::dom::element element;
  const auto error = parser.parse(text).get(element);
  const bool ours = sio::valid_json(text);
  if (error == simdjson::SUCCESS) {
    int depth = 0;
    int deepest = 0;
    for (const char c : text) {
      depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
      deepest = std::max(deepest, depth);
    }
    check(ours || deepest > sio::kMaxJsonDepth);
  } else if (error != simdjson::NUMBER_ERROR && error != simdjson::UTF8_ERROR &&
             error != simdjson::STRING_ERROR && error != simdjson::DEPTH_ERROR) {
    check(!ours);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  sio::PacketView packet;
  if (sio::parse_packet(bytes, 999, packet)) {
    check(inside(packet.nsp, bytes) && inside(packet.data, bytes) && inside(packet.name, bytes) &&
          inside(packet.args, bytes));
    check(packet.attachments <= 999);
    if (!packet.data.empty()) check(sio::valid_json(packet.data));
    std::string name;
    if (!packet.name.empty()) check(sio::decode_string(packet.name, name));
    if (packet.type == sio::PacketType::connect) sio::string_member(packet.data, "pid");
    if (!packet.args.empty()) check(sio::valid_json("[" + std::string(packet.args) + "]"));
  }
  compare_verdicts(bytes);
  sio::placeholders_match(bytes, 3);
  sio::string_member(bytes, "pid");
  return 0;
}
