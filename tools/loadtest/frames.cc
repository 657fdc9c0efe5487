#include "loadtest/frames.h"

#include <cstring>

namespace loadtest {
namespace {

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

std::string upgrade_request(std::string_view host) {
  std::string request = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ";
  request += host;
  // The key only has to be 16 bytes in base64; the answer to it is not checked.
  request +=
      "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dHJlc3Bhc3Nlci1sb2FkMQ==\r\nUser-Agent: trespasser-loadtest\r\n\r\n";
  return request;
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload, std::uint32_t mask) {
  out.push_back(static_cast<char>(0x80 | static_cast<int>(opcode)));
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(0x80 | payload.size()));
  } else if (payload.size() <= 0xffff) {
    out.push_back(static_cast<char>(0x80 | 126));
    append_big_endian(out, payload.size(), 2);
  } else {
    out.push_back(static_cast<char>(0x80 | 127));
    append_big_endian(out, payload.size(), 8);
  }
  char key[4];
  std::memcpy(key, &mask, sizeof key);
  out.append(key, sizeof key);
  const std::size_t begin = out.size();
  out.append(payload);
  for (std::size_t i = 0; i < payload.size(); ++i)
    out[begin + i] = static_cast<char>(out[begin + i] ^ key[i % 4]);
}

std::optional<Frame> next_frame(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto first = static_cast<unsigned char>(bytes[0]);
  std::uint64_t length = static_cast<unsigned char>(bytes[1]) & 0x7f;
  std::size_t header = 2;
  if (length >= 126) {
    const std::size_t extra = length == 126 ? 2 : 8;
    if (bytes.size() < header + extra) return std::nullopt;
    length = read_big_endian(bytes.substr(header, extra));
    header += extra;
  }
  if (bytes.size() - header < length) return std::nullopt;
  Frame frame;
  frame.opcode = static_cast<Opcode>(first & 0x0f);
  frame.last = (first & 0x80) != 0;
  frame.payload = bytes.substr(header, length);
  frame.size = header + length;
  return frame;
}

}  // namespace loadtest
