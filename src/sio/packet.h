#pragma once

// Socket.IO 5 packets as functions over bytes.
//
//   packet = type [attachments "-"] [namespace ","] [ack id] [json]
//   type   = 0 connect, 1 disconnect, 2 event, 3 ack, 4 connect error, 5 binary event, 6 binary ack

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sio {

enum class PacketType : char {
  connect = '0',
  disconnect = '1',
  event = '2',
  ack = '3',
  connect_error = '4',
  binary_event = '5',
  binary_ack = '6'
};

struct PacketView {
  PacketType type = PacketType::event;
  std::size_t attachments = 0;
  std::string_view nsp = "/";  // without a query
  std::optional<std::uint64_t> id;
  std::string_view data;  // JSON, checked; "" when there was none
  // Of events: the name as JSON string text with quotes, and the arguments after it. Of acks: args
  // alone.
  std::string_view name;
  std::string_view args;
};

// Text of the packet as it stood in an Engine.IO message. False when it breaks the grammar or the
// rules of its type (payloads, reserved event names); the connection is then closed, as the
// protocol says. More than `max_attachments` are refused before anything else of it is looked at.
bool parse_packet(std::string_view text, std::size_t max_attachments, PacketView& packet);

// Names that only the protocol itself may use.
bool reserved_event(std::string_view name);

// Head of a packet up to its JSON: type, attachments, namespace, id.
void append_head(std::string& out, PacketType type, std::size_t attachments, std::string_view nsp,
                 std::optional<std::uint64_t> id);
// Appends text as a JSON string with quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace sio
