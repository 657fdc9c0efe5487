#pragma once

// The words of the lobby engine: who is who, where things live, what a lobby can be asked.

#include <cstdint>
#include <string>

#include "sim/types.h"

namespace lobby {

using ShardIndex = std::uint8_t;
// Unique in the process, never reused, and by its random beginning not that of another process of
// this node either; the text id is for people and the wire.
using LobbyNumber = std::uint64_t;
// A node as this one knows it (session/node_link.h); 0 = this one. Means nothing elsewhere.
using NodeIndex = std::uint16_t;

// A connection with an identity, on the shard that holds its socket. Frames for a player go to this
// address.
struct SessionRef {
  ShardIndex shard = 0;
  std::uint64_t number = 0;  // 0 = none
  NodeIndex node = 0;
  friend bool operator==(const SessionRef&, const SessionRef&) = default;
};

// A place in a lobby, on the shard that runs the lobby. `generation` tells a seat from the next one
// in the same slot.
struct SeatRef {
  ShardIndex shard = 0;
  LobbyNumber lobby = 0;  // 0 = none
  sim::Slot slot = sim::kNoSlot;
  std::uint32_t generation = 0;
  NodeIndex node = 0;
  explicit operator bool() const { return lobby != 0; }
  friend bool operator==(const SeatRef&, const SeatRef&) = default;
};

// What the creator of a lobby decides (L4).
struct LobbyOptions {
  std::string mode = "deathmatch";
  std::string map;       // "" = the node's default
  std::string password;  // "" = none
  bool is_private = false;
  std::uint8_t max_players = 8;  // 2..8
  std::uint16_t kill_limit = 50;
  std::uint32_t time_limit_s = 0;  // 0 = none
  bool friendly_fire = true;
  std::uint8_t bots = 0;  // bots that keep a lone player company; they leave as people come (L10)
};

enum class Status : std::uint8_t { waiting, starting, playing, results, voting, closed };

// How a player came; decides which replies it hears (wire contract 9, recipes 2-4).
enum class JoinKind : std::uint8_t {
  quick,           // find_match                     -> lobby_joined / matchmaking_failed
  code,            // join_lobby                     -> lobby_joined / lobby_join_failed
  create_private,  // create_private_lobby           -> private_lobby_created /
                   // lobby_creation_failed
  force_create,    // test hook admin:force_create_match
  stray,           // player:join without a lobby (S9) -> nothing
  reclaim,         // back from a node that died     -> what resume tells
};

// Whom a moderator sends away: exactly one is set.
struct Banished {
  std::string account_id;
  std::string player_id;  // on the wire: one connection
  std::string network;    // guests of it
};

// A player asks for a seat. Sent to the shard of the lobby after the directory reserved a place.
struct JoinRequest {
  SessionRef session;
  std::uint64_t ticket = 0;  // the session's counter: an answer to an older wish is handed back
  JoinKind kind = JoinKind::quick;
  LobbyNumber lobby = 0;
  std::string player_id;   // on the wire: the socket id
  std::string account_id;  // "" for a guest
  std::string name;
  std::string address;  // of the client (S1)
  std::string party;    // whom he looks for a match with; "" = alone
  std::string password;
  bool by_invite = false;  // found by invite code: a private lobby without password lets in
  std::string reason;      // test hook: echoed in lobby_joined
};

}  // namespace lobby
