#include "wire/packets.h"

#include <cmath>

#include "sim/weapons.h"
#include "wire/names.h"
#include "wire/packet.h"

namespace wire {
namespace {

using base::JsonWriter;

void reason_packet(std::string& out, std::string_view name, std::string_view reason) {
  Packet packet(out, name);
  packet->member("reason", reason);
  packet.close();
}

// Browser and join answers know no "starting" (contract 6: waiting, playing, finished).
std::string_view list_status(LobbyStatus status) {
  switch (status) {
    case LobbyStatus::waiting:
    case LobbyStatus::starting:
      return "waiting";
    case LobbyStatus::playing:
      return "playing";
    case LobbyStatus::finished:
      return "finished";
  }
  return "waiting";
}

std::string_view room_status(LobbyStatus status) {
  switch (status) {
    case LobbyStatus::waiting:
      return "waiting";
    case LobbyStatus::starting:
      return "starting";
    case LobbyStatus::playing:
      return "in_progress";
    case LobbyStatus::finished:
      return "finished";
  }
  return "waiting";
}

std::string_view winner_name(const match::Outcome& outcome) {
  return outcome.winner ? team_name(*outcome.winner) : "draw";
}

std::string_view end_reason_name(match::EndReason reason) {
  switch (reason) {
    case match::EndReason::score_limit:
      return "score_limit";
    case match::EndReason::time_limit:
      return "time_limit";
    case match::EndReason::forfeit:
      return "forfeit";
    case match::EndReason::aborted:
      return "aborted";
  }
  return "aborted";
}

std::int64_t milliseconds(sim::Tick ticks) {
  return static_cast<std::int64_t>(ticks) * 1000 / sim::kTickRate;
}

// What lobby_joined and private_lobby_created have in common: all a waiting room shows.
void room_members(JsonWriter& json, const LobbyView& lobby) {
  json.member("lobbyId", lobby.id);
  if (!lobby.invite_code.empty()) json.member("inviteCode", lobby.invite_code);
  json.member("playerCount", lobby.player_count).member("maxPlayers", lobby.max_players);
  json.member("gameMode", lobby.mode).member("status", "waiting");
  json.member("isPrivate", lobby.is_private).member("killTarget", lobby.kill_limit);
  json.member("mapName", lobby.map);
}

void list_entry(JsonWriter& json, const LobbyView& lobby) {
  json.begin_object();
  json.member("id", lobby.id);
  if (!lobby.name.empty()) json.member("name", lobby.name);
  json.member("playerCount", lobby.player_count).member("maxPlayers", lobby.max_players);
  json.member("bots", lobby.bots);
  json.member("gameMode", lobby.mode).member("mapName", lobby.map);
  json.member("isPrivate", lobby.is_private).member("passwordRequired", lobby.password_required);
  json.member("status", list_status(lobby.status));
  json.member("createdAt", lobby.created_at).member("lastActivity", lobby.last_activity);
  json.end_object();
}

void room_player(JsonWriter& json, const LobbyMember& member) {
  json.begin_object().member("id", member.id).member("name", member.name);
  if (member.team) json.member("team", team_name(*member.team));
  json.member("isBot", member.bot).member("connected", member.connected);
  json.member("kills", member.kills).member("deaths", member.deaths);
  json.end_object();
}

void tallies(JsonWriter& json, std::span<const VoteOption> options) {
  json.key("tallies").begin_object();
  for (const VoteOption& option : options) json.key_text(option.id).unsigned_integer(option.votes);
  json.end_object();
}

}  // namespace

void server_ready(std::string& out, std::int64_t server_time) {
  Packet packet(out, "server:ready");
  packet->member("serverTime", server_time);
  packet.close();
}

void authenticated(std::string& out) { Packet(out, "authenticated").close(); }

void time_sync_response(std::string& out, double client_time, std::int64_t server_time) {
  // A number of the client's own: whole milliseconds from the shipped client, fractions from
  // others.
  constexpr double kExact = 9e15;  // integers up to here are exact in a double
  Packet packet(out, "time:sync:response");
  if (std::abs(client_time) <= kExact && client_time == std::floor(client_time)) {
    packet->member("clientTime", static_cast<std::int64_t>(client_time));
  } else {
    packet->member("clientTime", client_time, 3);
  }
  packet->member("serverTime", server_time);
  packet.close();
}

void lobby_joined(std::string& out, const LobbyView& lobby,
                  std::optional<std::string_view> force_reason) {
  Packet packet(out, "lobby_joined");
  room_members(packet.json(), lobby);
  if (force_reason) packet->member("forceCreated", true).member("reason", *force_reason);
  packet.close();
}

void private_lobby_created(std::string& out, const LobbyView& lobby) {
  Packet packet(out, "private_lobby_created");
  room_members(packet.json(), lobby);
  packet.close();
}

void matchmaking_failed(std::string& out, std::string_view reason) {
  reason_packet(out, "matchmaking_failed", reason);
}

void lobby_creation_failed(std::string& out, std::string_view reason) {
  reason_packet(out, "lobby_creation_failed", reason);
}

void lobby_join_failed(std::string& out, std::string_view reason) {
  reason_packet(out, "lobby_join_failed", reason);
}

void lobby_list(std::string& out, std::span<const LobbyView> lobbies, std::int64_t now) {
  Packet packet(out, "lobby_list");
  packet->key("lobbies").begin_array();
  for (const LobbyView& lobby : lobbies) list_entry(packet.json(), lobby);
  packet->end_array().member("totalCount", lobbies.size()).member("timestamp", now);
  packet.close();
}

void left_lobby(std::string& out, std::string_view lobby_id) {
  Packet packet(out, "left_lobby");
  packet->member("lobbyId", lobby_id);
  packet.close();
}

void lobby_error(std::string& out, std::string_view reason) {
  reason_packet(out, "lobby_error", reason);
}

void player_joined_lobby(std::string& out, std::string_view lobby_id, int player_count,
                         std::string_view player_id, std::string_view name, std::int64_t now) {
  Packet packet(out, "player_joined_lobby");
  packet->member("lobbyId", lobby_id)
      .member("playerCount", player_count)
      .member("playerId", player_id);
  packet->member("playerName", name).member("timestamp", now);
  packet.close();
}

void player_left_lobby(std::string& out, std::string_view lobby_id, int player_count,
                       std::string_view player_id, std::int64_t now) {
  Packet packet(out, "player_left_lobby");
  packet->member("lobbyId", lobby_id)
      .member("playerCount", player_count)
      .member("playerId", player_id);
  packet->member("timestamp", now);
  packet.close();
}

void lobby_state(std::string& out, const LobbyView& lobby, std::span<const LobbyMember> members,
                 std::optional<int> countdown) {
  Packet packet(out, "lobby:state");
  packet->member("lobbyId", lobby.id);
  if (!lobby.name.empty()) packet->member("name", lobby.name);
  packet->member("playerCount", lobby.player_count).member("maxPlayers", lobby.max_players);
  packet->key("players").begin_array();
  for (const LobbyMember& member : members) room_player(packet.json(), member);
  packet->end_array();
  packet->member("status", room_status(lobby.status)).member("gameMode", lobby.mode);
  packet->member("isPrivate", lobby.is_private).member("passwordRequired", lobby.password_required);
  packet->member("minimumPlayers", 2).member("mapName", lobby.map);
  if (!lobby.host_id.empty()) packet->member("hostId", lobby.host_id);
  if (countdown) packet->member("countdown", *countdown);
  if (!lobby.invite_code.empty()) packet->member("inviteCode", lobby.invite_code);
  packet->member("killTarget", lobby.kill_limit).member("timeLimit", lobby.time_limit_s);
  packet->member("friendlyFire", lobby.friendly_fire).member("bots", lobby.bots);
  packet.close();
}

void match_starting(std::string& out, std::string_view lobby_id, int countdown) {
  Packet packet(out, "match_starting");
  packet->member("lobbyId", lobby_id).member("countdown", countdown);
  packet.close();
}

void match_start_cancelled(std::string& out, std::string_view lobby_id, std::string_view reason) {
  Packet packet(out, "match_start_cancelled");
  packet->member("lobbyId", lobby_id).member("reason", reason);
  packet.close();
}

void match_started(std::string& out, const LobbyView& lobby, std::int64_t start_time) {
  Packet packet(out, "match_started");
  packet->member("lobbyId", lobby.id)
      .member("killTarget", lobby.kill_limit)
      .member("gameMode", lobby.mode);
  packet->member("mapName", lobby.map)
      .member("startTime", start_time)
      .member("timeLimit", lobby.time_limit_s);
  packet.close();
}

void lobby_kicked(std::string& out, std::string_view lobby_id, std::string_view reason) {
  Packet packet(out, "lobby:kicked");
  packet->member("lobbyId", lobby_id).member("reason", reason);
  packet.close();
}

void lobby_refused(std::string& out, std::string_view command, std::string_view reason) {
  Packet packet(out, "lobby:refused");
  packet->member("command", command).member("reason", reason);
  packet.close();
}

void player_join_success(std::string& out, std::string_view player_id, sim::Team team,
                         std::string_view game_status, std::int64_t now) {
  Packet packet(out, "player:join:success");
  packet->member("playerId", player_id).member("team", team_name(team)).member("isActive", true);
  packet->member("gameStatus", game_status).member("timestamp", now);
  packet.close();
}

void player_join_failed(std::string& out, std::string_view reason, std::string_view game_status,
                        std::int64_t now) {
  Packet packet(out, "player:join:failed");
  packet->member("reason", reason).member("gameStatus", game_status).member("timestamp", now);
  packet.close();
}

void player_left(std::string& out, std::string_view player_id) {
  Packet packet(out, "player:left");
  packet->member("playerId", player_id);
  packet.close();
}

void weapon_switched(std::string& out, std::string_view player_id, sim::WeaponId from,
                     sim::WeaponId to) {
  Packet packet(out, "weapon:switched");
  packet->member("playerId", player_id)
      .member("fromWeapon", sim::weapon_name(from))
      .member("toWeapon", sim::weapon_name(to));
  packet.close();
}

void spawn_position(std::string& out, sim::Vec2 position) {
  Packet packet(out, "spawn_position");
  point(packet.json(), "position", position);
  packet.close();
}

// Without damageDealt, which the original always sent as 0 and the client does not read (4.6).
void match_ended(std::string& out, std::string_view lobby_id, const match::Outcome& outcome,
                 int kill_limit, std::span<const PlayerResult> players) {
  Packet packet(out, "match_ended");
  packet->member("lobbyId", lobby_id).member("winnerTeam", winner_name(outcome));
  packet->member("redKills", outcome.red).member("blueKills", outcome.blue);
  packet->member("duration", milliseconds(outcome.duration)).member("killTarget", kill_limit);
  packet->key("playerStats").begin_array();
  for (const PlayerResult& player : players) {
    packet->begin_object().member("playerId", player.id).member("playerName", player.name);
    packet->member("team", team_name(player.team))
        .member("kills", player.kills)
        .member("deaths", player.deaths);
    packet->end_object();
  }
  packet->end_array();
  packet.close();
}

void scoreboard(std::string& out, const match::Outcome& outcome,
                std::span<const PlayerResult> players) {
  Packet packet(out, "scoreboard");
  packet->member("type", "match_end");
  packet->key("results").begin_object().member("winner", winner_name(outcome));
  packet->key("finalScores")
      .begin_object()
      .member("red", outcome.red)
      .member("blue", outcome.blue)
      .end_object();
  packet->member("duration", milliseconds(outcome.duration))
      .member("reason", end_reason_name(outcome.reason));
  packet->end_object();
  packet->key("playerStats").begin_array();
  for (const PlayerResult& player : players) {
    const std::int64_t score = 100 * static_cast<std::int64_t>(player.kills) -
                               50 * static_cast<std::int64_t>(player.deaths);
    packet->begin_object().member("playerId", player.id).member("displayName", player.name);
    packet->member("team", team_name(player.team))
        .member("kills", player.kills)
        .member("deaths", player.deaths);
    packet->member("score", score).end_object();
  }
  packet->end_array().member("displayTime", kScoreboardMs);
  packet.close();
}

void vote_started(std::string& out, std::span<const VoteOption> options, std::int64_t ends_at) {
  Packet packet(out, "vote_started");
  packet->key("options").begin_array();
  for (const VoteOption& option : options) packet->text(option.id);
  packet->end_array().member("endsAt", ends_at);
  packet.close();
}

void vote_update(std::string& out, std::span<const VoteOption> options) {
  Packet packet(out, "vote_update");
  tallies(packet.json(), options);
  packet.close();
}

void vote_result(std::string& out, std::string_view option) {
  Packet packet(out, "vote_result");
  packet->member("option", option);
  packet.close();
}

void chat_message(std::string& out, std::string_view player_id, std::string_view name,
                  std::string_view text, bool team_only, std::int64_t now) {
  Packet packet(out, "chat:message");
  packet->member("playerId", player_id).member("playerName", name).member("text", text);
  packet->member("channel", team_only ? "team" : "lobby").member("timestamp", now);
  packet.close();
}

void system_message(std::string& out, std::string_view text, std::int64_t now) {
  Packet packet(out, "chat:message");
  packet->member("playerId", "").member("playerName", "").member("text", text);
  packet->member("channel", "system").member("timestamp", now);
  packet.close();
}

void chat_refused(std::string& out, std::string_view reason) {
  reason_packet(out, "chat:refused", reason);
}

void report_received(std::string& out, std::string_view target_id) {
  Packet packet(out, "report:received");
  packet->member("targetId", target_id);
  packet.close();
}

void report_failed(std::string& out, std::string_view target_id, std::string_view reason) {
  Packet packet(out, "report:failed");
  packet->member("targetId", target_id).member("reason", reason);
  packet.close();
}

void test_start_failed(std::string& out, std::string_view error) {
  Packet packet(out, "test_start_failed");
  packet->member("error", error);
  packet.close();
}

void force_create_failed(std::string& out, std::string_view error) {
  Packet packet(out, "force_create_failed");
  packet->member("error", error);
  packet.close();
}

void debug_match_end_triggered(std::string& out, std::string_view lobby_id) {
  Packet packet(out, "debug:match_end_triggered");
  packet->member("lobbyId", lobby_id);
  packet.close();
}

void debug_match_end_failed(std::string& out, std::string_view reason) {
  reason_packet(out, "debug:match_end_failed", reason);
}

void debug_match_state(std::string& out, const LobbyView& lobby, int red, int blue,
                       std::int64_t match_start, std::int64_t now,
                       std::span<const DebugPlayer> players) {
  Packet packet(out, "debug:match_state");
  packet->member("lobbyId", lobby.id).member("status", list_status(lobby.status));
  packet->member("playerCount", lobby.player_count)
      .member("redKills", red)
      .member("blueKills", blue);
  packet->member("killTarget", lobby.kill_limit)
      .member("matchStartTime", match_start)
      .member("currentTime", now);
  packet->key("players").begin_array();
  for (const DebugPlayer& player : players) {
    packet->begin_object().member("playerId", player.id).member("playerName", player.name);
    packet->member("team", team_name(player.team))
        .member("kills", player.kills)
        .member("deaths", player.deaths);
    packet->member("isAlive", player.alive).end_object();
  }
  packet->end_array();
  packet.close();
}

}  // namespace wire
