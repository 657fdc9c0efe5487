#pragma once

// RFC 6455 as a server needs it, over bytes: no I/O, no extension, no allocation but the message a
// fragmented client message is gathered in.
//
//   frame   = FIN RSV RSV RSV opcode(4) | MASK length(7) | [length 16 or 64] | key(32) | payload,
//   masked message = text/binary with FIN | text/binary without FIN, continuation..., continuation
//   with FIN control = close, ping, pong: <= 125 bytes, FIN, may stand between fragments

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace net::ws {

enum class Opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

// Close codes of RFC 6455 7.4.1 that we use.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  bad_payload = 1007,
  policy = 1008,
  too_big = 1009,
};

// Sec-WebSocket-Accept for the client's Sec-WebSocket-Key.
std::string accept_key(std::string_view client_key);
// A key is the base64 text of 16 bytes.
bool valid_key(std::string_view client_key);

// Appends one unmasked frame; the payload is `first` and `second` joined. Control payloads must fit
// into 125 bytes.
void write_frame(std::string& out, Opcode opcode, std::string_view first,
                 std::string_view second = {});
inline constexpr std::size_t kMostHead = 10;  // bytes that it puts before the payload
// Appends a close frame. `reason` is UTF-8, at most 123 bytes.
void write_close(std::string& out, CloseCode code, std::string_view reason = {});

// What a client's bytes turned into.
struct Input {
  enum class Kind {
    need_more,  // nothing yet; keep the bytes and come again with more (`wanted` bytes in all at
                // least)
    message,  // text or binary, whole; `payload` valid until the next call or change of the buffer
    ping,
    pong,
    close,  // the client's close frame: `code` 1005 when it had none
    skip,   // a fragment was taken in; go on
    error,  // broken rules: answer `code` and close
  };
  Kind kind = Kind::need_more;
  Opcode opcode = Opcode::text;  // of a message
  std::string_view payload;
  std::size_t used = 0;    // bytes of the buffer that are done with
  std::size_t wanted = 0;  // for need_more
  std::uint16_t code = 0;  // for close and error
};

// One client's side of a connection.
class Reader {
 public:
  explicit Reader(std::size_t max_message) : max_message_(max_message) {}

  // Takes the first frame of `buffer`, unmasking it in place. `size` bytes are there.
  Input next(char* buffer, std::size_t size);

 private:
  struct Frame;
  Input finish_data(const Frame& frame, std::string_view payload, std::size_t used);
  Input finish_control(const Frame& frame, std::string_view payload, std::size_t used);

  std::size_t max_message_;
  std::string gathered_;  // of a fragmented message
  std::uint32_t fragments_ = 0;
  bool gathering_ = false;
  Opcode gathered_opcode_ = Opcode::text;
};

}  // namespace net::ws
