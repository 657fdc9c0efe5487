#pragma once

// The client's half of RFC 6455, as far as a load client needs it: a request to upgrade, masked
// text frames out, whole unfragmented frames in. Bytes only, no sockets.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace loadtest {

enum class Opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

// The request that opens a WebSocket to Engine.IO without polling first (wire contract 1.3, point
// 6).
std::string upgrade_request(std::string_view host);

// Appends one frame with FIN set, masked with `mask`.
void append_frame(std::string& out, Opcode opcode, std::string_view payload, std::uint32_t mask);

struct Frame {
  Opcode opcode = Opcode::text;
  bool last = true;          // FIN
  std::string_view payload;  // into the bytes given to next_frame
  std::size_t size = 0;      // of the whole frame
};

// The first frame of `bytes`; nothing while it is incomplete. Servers do not mask, and a mask is
// not looked for.
std::optional<Frame> next_frame(std::string_view bytes);

}  // namespace loadtest
