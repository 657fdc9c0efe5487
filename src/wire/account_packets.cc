#include "wire/account_packets.h"

#include "wire/packet.h"

namespace wire {

void session_ended(std::string& out, std::string_view reason) {
  Packet packet(out, "session:ended");
  packet->member("reason", reason);
  packet.close();
}

void account_linked(std::string& out, std::string_view account_id, std::string_view name) {
  Packet packet(out, "account:linked");
  packet->member("playerId", account_id).member("displayName", name);
  packet.close();
}

void account_refused(std::string& out, std::string_view reason) {
  Packet packet(out, "account:refused");
  packet->member("reason", reason);
  packet.close();
}

}  // namespace wire
