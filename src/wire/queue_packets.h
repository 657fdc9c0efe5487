#pragma once

// Packets about waiting for a match and about parties; our own events (docs/protocol.md). Each
// function appends one whole Socket.IO packet, 42["name",{...}], to `out`.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wire {

// queue:status: how one waits. Views must live until the packet is written.
struct QueueView {
  int position = 0;                              // from 1; 0 = not queued
  int waiting = 0;                               // parties and single players in this queue
  std::optional<std::int64_t> estimate_ms = {};  // none = not known
  std::string_view state = "idle";               // idle | waiting | forming | matched
  std::optional<std::string_view> blocks = {};   // players | skill | region: what keeps one waiting
  std::int64_t waited_ms = 0;                    // since queue:join
  std::string_view reach = "cluster";            // cluster | node: the others cannot be reached
  std::string_view mode = {};                    // "" = not queued
  std::span<const std::string> regions = {};     // the first is home
  int party = 0;                                 // people who wait together; 0 = not queued
  std::string_view pass = {};                    // keeps the place on another connection; a secret
};
void queue_status(std::string& out, const QueueView& view);

// queue:matched: lobby_joined follows.
void queue_matched(std::string& out, std::string_view lobby_id, std::int64_t waited_ms);
// queue:failed: no longer queued, or never was.
void queue_failed(std::string& out, std::string_view reason);

// party:state, to each member.
struct PartyPerson {
  std::string_view id;  // player id, as in a lobby
  std::string_view name;
};
struct PartyView {
  std::string_view code = {};       // "" = in no party
  std::string_view leader_id = {};  // alone may queue
  std::span<const PartyPerson> members = {};
  bool queued = false;
  std::string_view pass = {};  // as in QueueView
};
void party_state(std::string& out, const PartyView& party);
void party_failed(std::string& out, std::string_view reason);

}  // namespace wire
