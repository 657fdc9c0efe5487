#include "loadtest/connection.h"

namespace loadtest {

base::Result<void> Connection::open(const sockaddr_in& to, std::uint32_t from,
                                    std::string_view host) {
  upgraded_ = false;
  auto opened = line_.open(to, from);
  if (opened) line_.out() = upgrade_request(host);
  return opened;
}

void Connection::close() {
  line_.close();
  upgraded_ = false;
}

void Connection::send(Opcode opcode, std::string_view payload, std::uint32_t mask) {
  if (fd() < 0) return;
  append_frame(line_.out(), opcode, payload, mask);
  line_.flush();
}

bool Connection::take_upgrade(std::string_view& bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  if (!bytes.starts_with("HTTP/1.1 101 ")) {
    line_.fail("upgrade refused: " + std::string(bytes.substr(0, bytes.find('\r'))));
    return false;
  }
  bytes.remove_prefix(end + 4);
  upgraded_ = true;
  return true;
}

bool Connection::on_control(const Frame& frame) {
  switch (frame.opcode) {
    case Opcode::ping:
      send(Opcode::pong, frame.payload, 0x6b6f7270);
      return true;
    case Opcode::pong:
      return true;
    case Opcode::close: {
      const bool has_code = frame.payload.size() >= 2;
      const int code = has_code ? (static_cast<unsigned char>(frame.payload[0]) << 8) |
                                      static_cast<unsigned char>(frame.payload[1])
                                : 0;
      return line_.fail("websocket closed with " + std::to_string(code));
    }
    default:
      return line_.fail("unexpected frame, opcode " +
                        std::to_string(static_cast<int>(frame.opcode)));
  }
}

bool Connection::keep(std::string_view rest) {
  if (line_.failed()) return false;
  if (rest.size() > kMaxMessage) return line_.fail("message too long");
  line_.keep(rest);
  return true;
}

}  // namespace loadtest
