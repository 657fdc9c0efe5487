#pragma once

// Packets that do not come out of a tick: connection, matchmaking, lobby room, match end, votes,
// chat, test hooks. Each function appends one whole Socket.IO packet, 42["name",{...}], to `out`.
// Texts are escaped here. Times are ms since the epoch. Never sent, whatever happens: error,
// auth-failed, auth-timeout (they mute the client, contract 1.6), player:joined,
// lobby_state_update, game:restart*, player:collision (contract 4.7).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "match/match.h"
#include "sim/types.h"

namespace wire {

// Connection (recipe 1).
void server_ready(std::string& out, std::int64_t server_time);
void authenticated(std::string& out);
void time_sync_response(std::string& out, double client_time, std::int64_t server_time);

enum class LobbyStatus : std::uint8_t { waiting, starting, playing, finished };

// One member as a waiting room shows it.
struct LobbyMember {
  std::string_view id;
  std::string_view name;
  std::optional<sim::Team> team;  // none before player:join
  bool bot = false;
  bool connected = true;
  std::uint32_t kills = 0;
  std::uint32_t deaths = 0;
};

// A lobby as others may see it. Views must live until the packet is written.
struct LobbyView {
  std::string_view id;
  std::string_view invite_code;          // "" = none; told only to members
  std::string_view name;                 // "" = none
  std::string_view mode = "deathmatch";  // must be text: the client upper-cases it
  std::string_view map;
  std::string_view host_id;
  LobbyStatus status = LobbyStatus::waiting;
  int player_count = 0;
  int max_players = 8;
  int bots = 0;
  int kill_limit = 50;
  int time_limit_s = 0;  // 0 = none
  bool friendly_fire = true;
  bool is_private = false;
  bool password_required = false;
  std::int64_t created_at = 0;
  std::int64_t last_activity = 0;
};

// Matchmaking replies, to the requester only.
// lobby_joined: exactly once per join (contract 4.2). Its status is always "waiting": a late joiner
// gets match_started at least 500 ms later (2.8 ii), which leads every client through its loadout
// into the game. `force_reason` is for admin:force_create_match alone.
void lobby_joined(std::string& out, const LobbyView& lobby,
                  std::optional<std::string_view> force_reason = {});
// Instead of lobby_joined to the creator of a private lobby (recipe 3, S11).
void private_lobby_created(std::string& out, const LobbyView& lobby);
void matchmaking_failed(std::string& out, std::string_view reason);
void lobby_creation_failed(std::string& out, std::string_view reason);
void lobby_join_failed(std::string& out, std::string_view reason);
void lobby_list(std::string& out, std::span<const LobbyView> lobbies, std::int64_t now);
void left_lobby(std::string& out, std::string_view lobby_id);
// The lobby is closed while its members wait: the client goes back to its lobby menu.
void lobby_error(std::string& out, std::string_view reason);

// Lobby room, to members.
void player_joined_lobby(std::string& out, std::string_view lobby_id, int player_count,
                         std::string_view player_id, std::string_view name, std::int64_t now);
void player_left_lobby(std::string& out, std::string_view lobby_id, int player_count,
                       std::string_view player_id, std::int64_t now);
// lobby:state; not before 300 ms after a lobby_joined (4.3). `countdown` in seconds goes with
// LobbyStatus::starting.
void lobby_state(std::string& out, const LobbyView& lobby, std::span<const LobbyMember> members,
                 std::optional<int> countdown);
void match_starting(std::string& out, std::string_view lobby_id, int countdown);
void match_start_cancelled(std::string& out, std::string_view lobby_id, std::string_view reason);
void match_started(std::string& out, const LobbyView& lobby, std::int64_t start_time);
// Our own event, to the one kicked, before left_lobby.
void lobby_kicked(std::string& out, std::string_view lobby_id, std::string_view reason);
// Our own event: a host command (lobby:kick, lobby:host, lobby:start, lobby:settings) was refused.
void lobby_refused(std::string& out, std::string_view command, std::string_view reason);

// World membership, to the one who joins unless said. `game_status`: "waiting", "playing",
// "finished".
void player_join_success(std::string& out, std::string_view player_id, sim::Team team,
                         std::string_view game_status, std::int64_t now);
void player_join_failed(std::string& out, std::string_view reason, std::string_view game_status,
                        std::int64_t now);
// To the others. The tick's own player_left event makes the same packet: use this only where no
// match runs.
void player_left(std::string& out, std::string_view player_id);
// To the owner only (4.5): it sets the weapon shown to whoever receives it. `from` none = "".
void weapon_switched(std::string& out, std::string_view player_id, sim::WeaponId from,
                     sim::WeaponId to);
void spawn_position(std::string& out, sim::Vec2 position);

// Match end (L7).
struct PlayerResult {
  std::string_view id;
  std::string_view name;
  sim::Team team = sim::Team::red;
  std::uint32_t kills = 0;
  std::uint32_t deaths = 0;
};
// match_ended, once. The client knows no draw but needs a true word: "draw" is sent (it prints
// "DRAW TEAM WINS!").
void match_ended(std::string& out, std::string_view lobby_id, const match::Outcome& outcome,
                 int kill_limit, std::span<const PlayerResult> players);
// scoreboard; winner is "red", "blue" or "draw", duration in ms.
void scoreboard(std::string& out, const match::Outcome& outcome,
                std::span<const PlayerResult> players);
inline constexpr int kScoreboardMs = 15'000;

// Vote after the match (L8). Options are short texts of the lobby's choice, e.g. "rematch",
// "map:yard", "leave".
struct VoteOption {
  std::string_view id;
  std::uint32_t votes = 0;
};
void vote_started(std::string& out, std::span<const VoteOption> options, std::int64_t ends_at);
void vote_update(std::string& out, std::span<const VoteOption> options);
void vote_result(std::string& out, std::string_view option);

// People. Our own events.
void chat_message(std::string& out, std::string_view player_id, std::string_view name,
                  std::string_view text, bool team_only, std::int64_t now);
// Word of the server to everybody, in the same form: channel "system", nobody's id and name.
void system_message(std::string& out, std::string_view text, std::int64_t now);
void chat_refused(std::string& out, std::string_view reason);  // chat:refused, to the sender
void report_received(std::string& out, std::string_view target_id);
void report_failed(std::string& out, std::string_view target_id, std::string_view reason);

// Test hooks (L11).
void test_start_failed(std::string& out, std::string_view error);
void force_create_failed(std::string& out, std::string_view error);
void debug_match_end_triggered(std::string& out, std::string_view lobby_id);
void debug_match_end_failed(std::string& out, std::string_view reason);
struct DebugPlayer {
  std::string_view id;
  std::string_view name;
  sim::Team team = sim::Team::red;
  std::uint32_t kills = 0;
  std::uint32_t deaths = 0;
  bool alive = false;
};
void debug_match_state(std::string& out, const LobbyView& lobby, int red, int blue,
                       std::int64_t match_start, std::int64_t now,
                       std::span<const DebugPlayer> players);

}  // namespace wire
