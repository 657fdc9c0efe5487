#include "sio/packet.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "sio/json_scan.h"

namespace sio {

namespace {

// Attachments are counted with one byte of ours; the settings allow far fewer.
constexpr std::size_t kMaxAttachmentDigits = 3;
constexpr std::size_t kMaxNamespace = 128;

bool digit(char c) { return c >= '0' && c <= '9'; }

bool take_attachments(std::string_view& text, std::size_t& count) {
  std::size_t digits = 0;
  while (digits < text.size() && digit(text[digits])) ++digits;
  if (digits == 0 || digits > kMaxAttachmentDigits || digits >= text.size() || text[digits] != '-')
    return false;
  std::from_chars(text.data(), text.data() + digits, count);
  text.remove_prefix(digits + 1);
  return count > 0;
}

bool take_namespace(std::string_view& text, std::string_view& nsp) {
  if (text.empty() || text.front() != '/') return true;
  const std::size_t comma = text.find(',');
  std::string_view name = text.substr(0, comma);
  text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  name = name.substr(0, name.find('?'));
  if (name.size() > kMaxNamespace) return false;
  nsp = name;
  return true;
}

bool take_id(std::string_view& text, std::optional<std::uint64_t>& id) {
  std::size_t digits = 0;
  while (digits < text.size() && digit(text[digits])) ++digits;
  if (digits == 0) return true;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc{}) return false;  // more than 64 bits
  id = value;
  text.remove_prefix(digits);
  return true;
}

bool check_event(PacketView& packet) {
  ArrayText array;
  if (!split_array(packet.data, array)) return false;
  if (array.first.empty() || array.first.front() != '"') return false;
  packet.name = array.first;
  packet.args = array.rest;
  return true;
}

bool check_ack(PacketView& packet) {
  ArrayText array;
  if (!packet.id || !split_array(packet.data, array)) return false;
  if (array.first.empty()) return true;
  const char* end = array.rest.empty() ? array.first.data() + array.first.size()
                                       : array.rest.data() + array.rest.size();
  packet.args = {array.first.data(), static_cast<std::size_t>(end - array.first.data())};
  return true;
}

bool check_payload(PacketView& packet) {
  switch (packet.type) {
    case PacketType::connect:
      return packet.data.empty() || (packet.data.front() == '{' && valid_json(packet.data));
    case PacketType::disconnect:
      return packet.data.empty();
    case PacketType::event:
    case PacketType::binary_event:
      return check_event(packet);
    case PacketType::ack:
    case PacketType::binary_ack:
      return check_ack(packet);
    case PacketType::connect_error:
      return false;  // only servers send it
  }
  return false;
}

}  // namespace

bool parse_packet(std::string_view text, std::size_t max_attachments, PacketView& packet) {
  packet = {};
  if (text.empty() || text.front() < '0' || text.front() > '6') return false;
  packet.type = static_cast<PacketType>(text.front());
  text.remove_prefix(1);
  const bool binary =
      packet.type == PacketType::binary_event || packet.type == PacketType::binary_ack;
  if (binary && !take_attachments(text, packet.attachments)) return false;
  if (packet.attachments > max_attachments) return false;
  if (!take_namespace(text, packet.nsp) || !take_id(text, packet.id)) return false;
  packet.data = text;
  if (!check_payload(packet)) return false;
  return !binary || placeholders_match(packet.data, packet.attachments);
}

bool reserved_event(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kReserved = {
      "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};
  return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

void append_head(std::string& out, PacketType type, std::size_t attachments, std::string_view nsp,
                 std::optional<std::uint64_t> id) {
  out += static_cast<char>(type);
  if (type == PacketType::binary_event || type == PacketType::binary_ack) {
    out += std::to_string(attachments);
    out += '-';
  }
  if (nsp != "/") {
    out += nsp;
    out += ',';
  }
  if (id) out += std::to_string(*id);
}

void append_json_string(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += kHex[(c >> 4) & 15];
      out += kHex[c & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace sio
