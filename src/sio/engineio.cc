#include "sio/engineio.h"

#include <array>
#include <cstdint>

namespace sio::engineio {

namespace {

constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> values{};
  for (auto& value : values) value = -1;
  for (int i = 0; i < 64; ++i)
    values[static_cast<unsigned char>(kLetters[i])] = static_cast<std::int8_t>(i);
  return values;
}
constexpr auto kValues = make_values();

}  // namespace

bool parse_packet(std::string_view text, Packet& packet) {
  if (text.empty() || text.front() < '0' || text.front() > '6') return false;
  packet.type = static_cast<Type>(text.front());
  packet.data = text.substr(1);
  return true;
}

PayloadReader::Item PayloadReader::next(Packet& packet, std::string& binary) {
  if (done_) return Item::end;
  if (++count_ > kMaxPackets) return Item::error;
  const std::size_t end = rest_.find(kSeparator);
  const std::string_view text = rest_.substr(0, end);
  if (end == std::string_view::npos) {
    done_ = true;
  } else {
    rest_.remove_prefix(end + 1);
  }
  if (!text.empty() && text.front() == 'b') {
    return decode_base64(text.substr(1), binary) ? Item::binary : Item::error;
  }
  return parse_packet(text, packet) ? Item::packet : Item::error;
}

void append_text(std::string& payload, Type type, std::string_view data) {
  if (!payload.empty()) payload += kSeparator;
  payload += static_cast<char>(type);
  payload += data;
}

void append_binary(std::string& payload, std::string_view bytes) {
  if (!payload.empty()) payload += kSeparator;
  payload += 'b';
  append_base64(payload, bytes);
}

std::string open_packet(std::string_view sid, bool offer_upgrade, const Settings& settings) {
  std::string text = R"({"sid":")";
  text += sid;
  text += offer_upgrade ? R"(","upgrades":["websocket"],"pingInterval":)"
                        : R"(","upgrades":[],"pingInterval":)";
  text += std::to_string(settings.ping_interval.count());
  text += R"(,"pingTimeout":)";
  text += std::to_string(settings.ping_timeout.count());
  text += R"(,"maxPayload":)";
  text += std::to_string(settings.max_payload);
  text += '}';
  return text;
}

Query parse_query(std::string_view query) {
  Query result;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = pair.substr(0, equals);
    std::string_view* field = name == "EIO"         ? &result.eio
                              : name == "transport" ? &result.transport
                              : name == "sid"       ? &result.sid
                                                    : nullptr;
    if (field == nullptr) continue;
    if (!field->empty()) result.repeated = true;
    *field = pair.substr(equals + 1);
  }
  return result;
}

std::string_view fault_body(Fault fault) {
  switch (fault) {
    case Fault::transport_unknown:
      return R"({"code":0,"message":"Transport unknown"})";
    case Fault::session_unknown:
      return R"({"code":1,"message":"Session ID unknown"})";
    case Fault::bad_handshake_method:
      return R"({"code":2,"message":"Bad handshake method"})";
    case Fault::bad_request:
      return R"({"code":3,"message":"Bad request"})";
    case Fault::forbidden:
      return R"({"code":4,"message":"Forbidden"})";
    case Fault::unsupported_version:
      return R"({"code":5,"message":"Unsupported protocol version"})";
  }
  return {};
}

bool decode_base64(std::string_view text, std::string& bytes) {
  bytes.clear();
  if (text.size() % 4 == 0 && text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  if (text.size() % 4 == 1) return false;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int value = kValues[static_cast<unsigned char>(c)];
    if (value < 0) return false;
    group = (group << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((group >> bits) & 0xff);
    }
  }
  return true;
}

void append_base64(std::string& text, std::string_view bytes) {
  std::size_t i = 0;
  const auto at = [&bytes](std::size_t index) {
    return std::uint32_t{static_cast<unsigned char>(bytes[index])};
  };
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group = (at(i) << 16) | (at(i + 1) << 8) | at(i + 2);
    for (int shift = 18; shift >= 0; shift -= 6) text += kLetters[(group >> shift) & 63];
  }
  const std::size_t left = bytes.size() - i;
  if (left == 0) return;
  const std::uint32_t group = (at(i) << 16) | (left == 2 ? at(i + 1) << 8 : 0);
  text += kLetters[(group >> 18) & 63];
  text += kLetters[(group >> 12) & 63];
  text += left == 2 ? kLetters[(group >> 6) & 63] : '=';
  text += '=';
}

}  // namespace sio::engineio
