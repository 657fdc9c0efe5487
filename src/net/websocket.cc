#include "net/websocket.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace net::ws {

namespace {

// Fragments of one message: enough for any honest client, few enough that endless tiny ones end
// soon.
constexpr std::uint32_t kMaxFragments = 1024;
constexpr std::size_t kMaxControl = 125;
constexpr std::size_t kKeptCapacity = 16 * 1024;

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::string text(4 * ((size + 2) / 3) + 1, '\0');
  const int written =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
  text.resize(static_cast<std::size_t>(written));
  return text;
}

// Eight bytes at a time; the key repeats every four.
void unmask(char* data, std::size_t size, const char* key) {
  std::uint32_t key32 = 0;
  std::memcpy(&key32, key, 4);
  const std::uint64_t key64 = (static_cast<std::uint64_t>(key32) << 32) | key32;
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + i, 8);
    word ^= key64;
    std::memcpy(data + i, &word, 8);
  }
  for (; i < size; ++i) data[i] = static_cast<char>(data[i] ^ key[i & 3]);
}

std::uint64_t read_big_endian(const char* bytes, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

// RFC 6455 7.4: codes that may stand in a close frame.
bool valid_close_code(std::uint16_t code) {
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

Input failure(CloseCode code) {
  Input input;
  input.kind = Input::Kind::error;
  input.code = static_cast<std::uint16_t>(code);
  return input;
}

Input need(std::size_t wanted) {
  Input input;
  input.wanted = wanted;
  return input;
}

}  // namespace

std::string accept_key(std::string_view client_key) {
  std::string text(client_key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 1.3
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return base64(digest, sizeof digest);
}

bool valid_key(std::string_view key) {
  const auto letter = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  };
  return key.size() == 24 && key.substr(22) == "==" &&
         std::all_of(key.begin(), key.begin() + 22, letter);
}

void write_frame(std::string& out, Opcode opcode, std::string_view first, std::string_view second) {
  const std::size_t size = first.size() + second.size();
  char head[kMostHead];
  std::size_t head_size = 2;
  head[0] = static_cast<char>(0x80 | static_cast<unsigned>(opcode));
  if (size <= kMaxControl) {
    head[1] = static_cast<char>(size);
  } else {
    const std::size_t bytes = size <= 0xffff ? 2 : 8;
    head[1] = bytes == 2 ? 126 : 127;
    for (std::size_t i = 0; i < bytes; ++i) {
      head[2 + i] = static_cast<char>(static_cast<std::uint64_t>(size) >> (8 * (bytes - 1 - i)));
    }
    head_size += bytes;
  }
  out.append(head, head_size);
  out += first;
  out += second;
}

void write_close(std::string& out, CloseCode code, std::string_view reason) {
  const auto value = static_cast<unsigned>(code);
  const char bytes[2] = {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
  write_frame(out, Opcode::close, {bytes, 2}, reason.substr(0, kMaxControl - 2));
}

struct Reader::Frame {
  Opcode opcode;
  bool fin;
};

Input Reader::next(char* buffer, std::size_t size) {
  if (size < 2) return need(2);
  const auto first = static_cast<unsigned char>(buffer[0]);
  const auto second = static_cast<unsigned char>(buffer[1]);
  const unsigned opcode = first & 0x0f;
  const Frame frame{static_cast<Opcode>(opcode), (first & 0x80) != 0};
  const bool control = opcode >= 8;
  if ((first & 0x70) != 0) return failure(CloseCode::protocol_error);
  if (opcode > 10 || (opcode > 2 && opcode < 8)) return failure(CloseCode::protocol_error);
  if ((second & 0x80) == 0) return failure(CloseCode::protocol_error);

  std::uint64_t length = second & 0x7f;
  if (control && (!frame.fin || length > kMaxControl)) return failure(CloseCode::protocol_error);
  // Judged by the head alone, before the payload is waited for.
  if (!control && (frame.opcode == Opcode::continuation) != gathering_)
    return failure(CloseCode::protocol_error);
  const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
  const std::size_t head = 2 + extra + 4;
  if (size < head) return need(head);
  if (extra > 0) {
    length = read_big_endian(buffer + 2, extra);
    if (length <= (extra == 2 ? kMaxControl : 0xffffU))
      return failure(CloseCode::protocol_error);  // not the shortest
    if (length >> 63 != 0) return failure(CloseCode::protocol_error);
  }
  if (!control && length > max_message_ - (gathering_ ? gathered_.size() : 0))
    return failure(CloseCode::too_big);
  if (size - head < length) return need(head + static_cast<std::size_t>(length));

  char* payload = buffer + head;
  unmask(payload, static_cast<std::size_t>(length), payload - 4);
  const std::string_view text(payload, static_cast<std::size_t>(length));
  const std::size_t used = head + text.size();
  return control ? finish_control(frame, text, used) : finish_data(frame, text, used);
}

Input Reader::finish_data(const Frame& frame, std::string_view payload, std::size_t used) {
  Input input;
  input.used = used;
  if (!gathering_ && frame.fin) {
    input.payload = payload;
    input.opcode = frame.opcode;
  } else {
    if (!gathering_) {
      if (gathered_.capacity() > kKeptCapacity) gathered_ = {};
      gathered_.clear();  // of the message before, which the caller has done with
      gathered_opcode_ = frame.opcode;
      fragments_ = 0;
      gathering_ = true;
    }
    if (++fragments_ > kMaxFragments) return failure(CloseCode::policy);
    gathered_ += payload;
    if (!frame.fin) {
      input.kind = Input::Kind::skip;
      return input;
    }
    gathering_ = false;
    input.payload = gathered_;
    input.opcode = gathered_opcode_;
  }
  if (input.opcode == Opcode::text &&
      !simdjson::validate_utf8(input.payload.data(), input.payload.size())) {
    return failure(CloseCode::bad_payload);
  }
  input.kind = Input::Kind::message;
  return input;
}

Input Reader::finish_control(const Frame& frame, std::string_view payload, std::size_t used) {
  Input input;
  input.used = used;
  input.payload = payload;
  if (frame.opcode == Opcode::ping || frame.opcode == Opcode::pong) {
    input.kind = frame.opcode == Opcode::ping ? Input::Kind::ping : Input::Kind::pong;
    return input;
  }
  input.kind = Input::Kind::close;
  input.code = 1005;
  if (payload.empty()) return input;
  if (payload.size() == 1) return failure(CloseCode::protocol_error);
  input.code = static_cast<std::uint16_t>(read_big_endian(payload.data(), 2));
  if (!valid_close_code(input.code)) return failure(CloseCode::protocol_error);
  input.payload.remove_prefix(2);
  if (!simdjson::validate_utf8(input.payload.data(), input.payload.size()))
    return failure(CloseCode::bad_payload);
  return input;
}

}  // namespace net::ws
