#pragma once

// Engine.IO 4 as functions over bytes.
//
//   packet  = type(1) data          0 open, 1 close, 2 ping, 3 pong, 4 message, 5 upgrade, 6 noop
//   payload = packet (0x1e packet)*  long polling; a binary message is `b` and base64, without the
//   4 frame   = one packet as text, or a binary message as it is

#include <cstddef>
#include <string>
#include <string_view>

#include "sio/server.h"

namespace sio::engineio {

inline constexpr char kSeparator = '\x1e';
// Packets of one payload; more is an attack, not a client (S2). The shipped client buffers inputs
// while it is away and may bring a few hundred at once.
inline constexpr std::size_t kMaxPackets = 4096;

enum class Type : char {
  open = '0',
  close = '1',
  ping = '2',
  pong = '3',
  message = '4',
  upgrade = '5',
  noop = '6'
};

struct Packet {
  Type type;
  std::string_view data;  // without the type
};

// False for an empty packet or an unknown type.
bool parse_packet(std::string_view text, Packet& packet);

// Takes the packets out of a payload one by one.
class PayloadReader {
 public:
  explicit PayloadReader(std::string_view payload) : rest_(payload) {}

  enum class Item { end, packet, binary, error };
  // `packet` is set for Item::packet, `binary` (the decoded bytes) for Item::binary.
  Item next(Packet& packet, std::string& binary);
  // What has not been taken yet.
  std::string_view rest() const { return done_ ? std::string_view{} : rest_; }

 private:
  std::string_view rest_;
  std::size_t count_ = 0;
  bool done_ = false;
};

// Appends a packet to a payload under construction.
void append_text(std::string& payload, Type type, std::string_view data);
void append_binary(std::string& payload, std::string_view bytes);

std::string open_packet(std::string_view sid, bool offer_upgrade, const Settings& settings);

// What Engine.IO reads from a query string. The views point into it; nothing is decoded, for no
// value of ours needs it.
struct Query {
  std::string_view eio;
  std::string_view transport;
  std::string_view sid;
  bool repeated = false;  // one of them more than once
};
Query parse_query(std::string_view query);

// Numbers are the protocol's.
enum class Fault {
  transport_unknown = 0,
  session_unknown = 1,
  bad_handshake_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_version = 5
};
std::string_view fault_body(Fault fault);

// Strict base64, padding optional. False when it is none.
bool decode_base64(std::string_view text, std::string& bytes);
void append_base64(std::string& text, std::string_view bytes);

}  // namespace sio::engineio
