#include "wire/queue_packets.h"

#include "wire/packet.h"

namespace wire {

void queue_status(std::string& out, const QueueView& view) {
  Packet packet(out, "queue:status");
  packet->member("position", view.position).member("waiting", view.waiting);
  packet->key("estimateMs");
  if (view.estimate_ms) {
    packet->integer(*view.estimate_ms);
  } else {
    packet->null();
  }
  packet->member("state", view.state);
  if (!view.mode.empty()) {
    packet->key("blocks");
    if (view.blocks) {
      packet->text(*view.blocks);
    } else {
      packet->null();
    }
    packet->member("waitedMs", view.waited_ms).member("reach", view.reach);
    packet->member("gameMode", view.mode).key("regions").begin_array();
    for (const std::string& region : view.regions) packet->text(region);
    packet->end_array().member("party", view.party).member("pass", view.pass);
  }
  packet.close();
}

void queue_matched(std::string& out, std::string_view lobby_id, std::int64_t waited_ms) {
  Packet packet(out, "queue:matched");
  packet->member("lobbyId", lobby_id).member("waitedMs", waited_ms);
  packet.close();
}

void queue_failed(std::string& out, std::string_view reason) {
  Packet packet(out, "queue:failed");
  packet->member("reason", reason);
  packet.close();
}

void party_state(std::string& out, const PartyView& party) {
  Packet packet(out, "party:state");
  packet->key("code");
  if (party.code.empty()) {
    packet->null();
  } else {
    packet->text(party.code);
  }
  packet->member("leaderId", party.leader_id).member("queued", party.queued);
  packet->key("members").begin_array();
  for (const PartyPerson& member : party.members) {
    packet->begin_object().member("id", member.id).member("name", member.name).end_object();
  }
  packet->end_array();
  if (!party.code.empty()) packet->member("pass", party.pass);
  packet.close();
}

void party_failed(std::string& out, std::string_view reason) {
  Packet packet(out, "party:failed");
  packet->member("reason", reason);
  packet.close();
}

}  // namespace wire
