#pragma once

// What shards of different nodes say to each other, as bytes. A frame goes to one shard (or to all)
// of a node and holds any number of messages, in the order in which they were said.
//
//   frame := version:u8 shard:u8 hurried:u8 message*      message := kind:u8 fields
//
// Fields are written by base/bytes.h. Whoever can write to the cluster is believed to be a node of
// ours, but not to be sound: what cannot be read ends the frame.

#include <cstdint>
#include <string>
#include <string_view>

#include "lobby/types.h"
#include "sim/command.h"

namespace session {

class NodeLink;

namespace frames {

inline constexpr std::uint8_t kAllShards = 0xFF;

// Session to seat; `seat` is of the node that reads.
struct Join {
  std::string lobby;  // id or code; "" = any lobby that fits, or a new one
  lobby::LobbyOptions options;
  lobby::JoinRequest request;
};
struct Leave {
  lobby::SeatRef seat;
};
struct TransportLost {
  lobby::SeatRef seat;
};
struct Resume {
  lobby::SeatRef seat;
};
struct GreetAgain {
  lobby::SeatRef seat;
};
struct TakeOver {
  lobby::SeatRef seat;
  lobby::SessionRef session;
  std::string player_id;
};
struct Identify {
  lobby::SeatRef seat;
  std::string account_id;
  std::string name;
};
struct ClientEvent {  // as the client sent it: the lobby's node decodes it again
  lobby::SeatRef seat;
  std::string name;
  std::string args;
};
struct Order {
  lobby::SeatRef seat;
  sim::Command command;
};
struct StillHere {  // from time to time: what was lost on the way is found out
  lobby::SeatRef seat;
  lobby::SessionRef session;
  bool connected = false;  // the client is there; false: it may still come back (L9)
};
struct SeatWanted {  // to all shards of all nodes: a player is back and looks for his seat
  std::string player_id;
  std::string account_id;  // "" = a guest
  lobby::SessionRef session;
  std::uint64_t ticket = 0;
};

// Seat to session; `session` is of the shard that reads, `seat` of the node that wrote.
struct Packet {
  std::uint64_t session = 0;
  bool is_volatile = false;
  std::string_view bytes;  // valid during the call
};
struct Seated {
  std::uint64_t session = 0;
  std::uint64_t ticket = 0;
  lobby::SeatRef seat;
  std::string lobby;  // id
};
struct Refused {
  std::uint64_t session = 0;
  std::uint64_t ticket = 0;
  lobby::JoinKind kind = lobby::JoinKind::quick;
  bool gone = false;
  std::string reason;
};
struct HandedOver {
  std::uint64_t session = 0;
  lobby::SeatRef seat;
  std::string lobby;
};
enum class SeatLoss : std::uint8_t {
  taken,   // kicked, voted to leave, closed: the player has been told
  adrift,  // the lobby is not here: it may go on elsewhere, with the seat
  moved,   // the player came back on another connection, which has it now
};
struct Unseated {
  std::uint64_t session = 0;
  lobby::SeatRef seat;
  SeatLoss why = SeatLoss::taken;
};

// Session to session.
struct AccountHere {  // to every node: one account, one seat
  std::string account_id;
  lobby::SessionRef session;
  std::string player_id;
  std::int64_t since_ms = 0;  // Unix time of the sign-in: of two at once the later one stays
};

class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual void take(const Join& message) = 0;
  virtual void take(const Leave& message) = 0;
  virtual void take(const TransportLost& message) = 0;
  virtual void take(const Resume& message) = 0;
  virtual void take(const GreetAgain& message) = 0;
  virtual void take(const TakeOver& message) = 0;
  virtual void take(const Identify& message) = 0;
  virtual void take(const ClientEvent& message) = 0;
  virtual void take(const Order& message) = 0;
  virtual void take(const StillHere& message) = 0;
  virtual void take(const SeatWanted& message) = 0;
  virtual void take(const Packet& message) = 0;
  virtual void take(const Seated& message) = 0;
  virtual void take(const Refused& message) = 0;
  virtual void take(const HandedOver& message) = 0;
  virtual void take(const Unseated& message) = 0;
  virtual void take(const AccountHere& message) = 0;
};

// Begins a frame in `out`, which is empty.
void begin(std::string& out, std::uint8_t shard);
// Appends a message; anything but an Order makes the frame hurried.
template <class Message>
void append(std::string& out, const Message& message, const NodeLink& link);

struct Address {
  std::uint8_t shard = 0;
  bool hurried = false;  // false: may wait for the shard's next tick
};
// False when it is no frame, or one of another version: while nodes of two versions run side by
// side, their players do not meet.
bool address_of(std::string_view frame, Address& out);

// Hands the messages of a frame from node `from` to the receiver. False when something could not be
// read; what stood before it was handed on.
bool read(std::string_view frame, lobby::NodeIndex from, NodeLink& link, Receiver& receiver);

}  // namespace frames
}  // namespace session
