// LINK: net
// A client's WebSocket bytes, once whole and once cut into pieces: the same must come out, and
// whole messages are valid and within the limit.

#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "net/websocket.h"

namespace {

constexpr std::size_t kLimit = 2000;

void check(bool holds) {
  if (!holds) std::abort();
}

std::vector<std::string> read_all(std::string_view bytes, std::size_t piece) {
  using Kind = net::ws::Input::Kind;
  net::ws::Reader reader(kLimit);
  std::vector<std::string> seen;
  std::string held;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = std::min(piece, bytes.size() - at);
    held += bytes.substr(at, size);
    at += size;
    while (!held.empty()) {
      std::vector<char> exact(held.begin(), held.end());
      const net::ws::Input input = reader.next(exact.data(), exact.size());
      if (input.kind == Kind::need_more) {
        check(input.wanted > exact.size());
        break;
      }
      seen.push_back(std::to_string(static_cast<int>(input.kind)) + ":" +
                     std::to_string(input.code) + ":" + std::string(input.payload));
      if (input.kind == Kind::error) return seen;
      check(input.used > 0 && input.used <= exact.size());
      if (input.kind == Kind::message) {
        check(input.payload.size() <= kLimit);
        if (input.opcode == net::ws::Opcode::text)
          check(simdjson::validate_utf8(input.payload.data(), input.payload.size()));
      } else {
        check(input.payload.size() <= 125);
      }
      held.erase(0, input.used);
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = read_all(bytes, bytes.size() + 1);
  check(whole == read_all(bytes, 1 + data[0] % 32));
  return 0;
}
