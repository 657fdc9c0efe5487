#pragma once

// The shapes of client events, one function each. Private to this room. `value` is the first
// argument; each answers false for malformed.

#include "wire/client_event.h"
#include "wire/json_reader.h"

namespace wire {

// Play (decode_play.cc): no allocation.
bool decode_input(json::Value& value, sim::Command& out);
bool decode_fire(json::Value& value, sim::Command& out);
bool decode_switch(json::Value& value, sim::Command& out);
bool decode_reload(json::Value& value, sim::Command& out);
bool decode_ads(json::Value& value, sim::Command& out);
bool decode_player_join(json::Value& value, PlayerJoin& out);
bool decode_spawn_request(json::Value& value, SpawnRequest& out);

// Lobby and people (decode_lobby.cc).
bool decode_authenticate(json::Value& value);
bool decode_time_sync(json::Value& value, TimeSync& out);
bool decode_find_match(json::Value& value, FindMatch& out);
bool decode_options(json::Value& value, LobbyOptions& out);
bool decode_join_lobby(json::Value& value, JoinLobby& out);
bool decode_list_filter(json::Value& value, ListFilter& out);
bool decode_target(json::Value& value, PlayerTarget& out);
bool decode_vote(json::Value& value, VoteCast& out);
bool decode_account_link(json::Value& value, AccountLink& out);
bool decode_chat(json::Value& value, Chat& out);
bool decode_report(json::Value& value, Report& out);
bool decode_force_start(json::Value& value, ForceStart& out);
bool decode_force_create(json::Value& value, ForceCreate& out);
bool decode_queue_join(json::Value& value, QueueJoin& out);
bool decode_party_create(json::Value& value, PartyCreate& out);
bool decode_party_join(json::Value& value, PartyJoin& out);

}  // namespace wire
