#pragma once

// Everything a client may say, checked and typed: the only place that knows the names and shapes of
// client events (wire contract 3 and 4.7). What is not in ClientKind is unknown to the server,
// admin:authenticate, admin:restart_game, grenade:throw, weapon:equip, player:shoot and most
// debug:* on purpose.
//
// General rules of decoding
//   * Only the first argument counts; further ones are ignored. Unknown members are ignored, of a
//     repeated member the last one counts, `null` in an optional member means absent.
//   * A needed member that is missing, or a known member of the wrong type, makes the event
//     malformed.
//   * Numbers must be finite; those with a range are clamped into it. Client timestamps are never
//     read (contract 6: do not reject on timestamps), nor is the client's own position.
//   * Texts lose control characters; one longer than its limit makes the event malformed, except
//     a player's name, which is cut. Lengths are in code points.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/command.h"
#include "sim/types.h"

namespace wire {

enum class ClientKind : std::uint8_t {
  unknown,
  // connection
  authenticate,  // body: none (global passwords do not exist, the text is dropped unread)
  client_ready,  // body: none
  time_sync,     // TimeSync
  // lobby
  find_match,            // FindMatch
  create_private_lobby,  // LobbyOptions
  join_lobby,            // JoinLobby
  leave_lobby,           // none; also leave_game, cancel_matchmaking
  get_lobby_list,        // ListFilter
  request_rematch,       // none
  lobby_kick,            // PlayerTarget
  lobby_host,            // PlayerTarget
  lobby_start,           // none
  lobby_settings,        // LobbyOptions: only what is present changes
  queue_status,          // none
  queue_join,            // QueueJoin
  queue_leave,           // none
  party_create,          // PartyCreate
  party_join,            // PartyJoin
  party_leave,           // none
  party_state,           // none
  vote_cast,             // VoteCast
  // people
  chat_message,   // Chat
  player_report,  // Report
  account_link,   // AccountLink
  // world
  player_join,             // PlayerJoin
  player_input,            // sim::Command (input)
  weapon_fire,             // sim::Command (fire)
  weapon_switch,           // sim::Command (switch_weapon)
  weapon_reload,           // sim::Command (reload)
  ads_toggle,              // sim::Command (ads)
  request_game_state,      // none
  request_spawn_position,  // SpawnRequest
  player_respawn,          // sim::Command (respawn); also respawn, player_respawn, request_respawn
  force_respawned,         // sim::Command (respawn); also force_respawn: it revived itself (S8)
  // test hooks (L11): decoded always, obeyed only where they are switched on
  debug_trigger_match_end,    // none; both spellings
  debug_kill_player,          // sim::Command (kill)
  debug_request_match_state,  // none; both spellings
  admin_force_start,          // ForceStart
  admin_force_create,         // ForceCreate
};

struct TimeSync {
  double client_time = 0.0;  // echoed as it came; finite
};

struct FindMatch {
  std::string mode = "deathmatch";  // gameMode, [a-z0-9_-]{1,32}
  std::string region;               // region, same alphabet, "" = the node's own
  std::string party;                // party, up to 64 of [A-Za-z0-9_-], "" = alone
  std::uint8_t bots = 0;            // bots, 0..7 (L10)
  bool is_private = false;          // isPrivate: a lobby of one's own, not listed
  std::string player_name;          // playerName, as in player:join; "" = none given
};

// queue:join (C3): wait for a match of one's own skill, alone or as the leader of a party.
struct QueueJoin {
  std::string mode = "deathmatch";        // gameMode, as above
  std::string region = {};                // region, as above: where to play first
  std::vector<std::string> regions = {};  // regions, at most 8 of the same: where to play after a
                                          // while; none = anywhere
  std::string party = {};                 // party, as above: must be the party one is in
  std::string pass = {};         // pass, up to 64 of [A-Za-z0-9_-]: of an earlier queue:status
  std::string player_name = {};  // playerName, as in player:join; "" = none given
};

struct PartyCreate {
  std::string player_name;  // playerName, as in player:join; "" = none given
};

struct PartyJoin {
  std::string code;  // code as typed, blanks around it removed, 1..64 code points
  std::string pass;  // pass, as in QueueJoin
  std::string player_name;
};

// create_private_lobby and lobby:settings (L4). Absent = the default, or unchanged.
struct LobbyOptions {
  std::optional<std::string> mode;            // gameMode, as above
  std::optional<std::string> password;        // password, up to 64 code points, "" = none
  std::optional<std::string> map;             // map or mapName, up to 64 of [A-Za-z0-9_-]
  std::optional<std::string> name;            // name, up to 32 code points
  std::optional<std::uint8_t> max_players;    // maxPlayers, clamped to 2..8
  std::optional<std::uint16_t> kill_limit;    // killLimit, clamped to 1..500
  std::optional<std::uint16_t> time_limit_s;  // timeLimit, seconds, clamped to 0..7200, 0 = none
  std::optional<bool> friendly_fire;          // friendlyFire
  std::optional<std::uint8_t> bots;           // bots, clamped to 0..7
  std::string player_name;                    // playerName, as in player:join; "" = none given
};

struct JoinLobby {
  std::string
      lobby_id;  // lobbyId: id or invite code as typed, blanks around it removed, 1..64 code points
  std::string password;     // password, "" = none given
  std::string player_name;  // playerName, as in player:join; "" = none given
};

struct ListFilter {
  bool has_filter = false;  // without one: public, not full, not finished (contract 3.1)
  bool show_private = false;
  bool show_full = false;
  bool show_in_progress = false;
  std::string mode;  // gameMode, "" = any
};

struct PlayerTarget {
  std::string player_id;  // playerId, 1..64
};

struct VoteCast {
  std::string option;  // option, 1..80: one of those of vote_started
};

struct Chat {
  enum class Channel : std::uint8_t { lobby, team };
  std::string text;  // text, 1..200
  Channel channel = Channel::lobby;
};

struct Report {
  std::string target_id;  // targetId, 1..64
  std::string reason;     // reason, 1..64
  std::string note;       // note, up to 500
};

// account:link: a guest has signed in by the HTTP API and keeps the seat.
struct AccountLink {
  std::string token;  // access token, 1..4096
};

struct PlayerJoin {
  std::string name;               // playerName: at most 20 code points, "" = none usable was given
  std::optional<sim::Team> team;  // loadout.team; none = absent or not a team
  sim::Loadout loadout;  // legal; rifle, pistol, grenade if the client's was not (decision 17)
  bool loadout_legal = false;  // the client's own loadout was taken
};

struct SpawnRequest {
  std::optional<sim::Team> team;
};

struct ForceStart {
  std::string lobby_id;
  std::string reason;
};

struct ForceCreate {
  std::string mode = "deathmatch";
  std::string reason;
};

// One decoded event. Commands come without slot and view_delay: the seat fills them in.
struct ClientEvent {
  using Body =
      std::variant<std::monostate, sim::Command, TimeSync, FindMatch, LobbyOptions, JoinLobby,
                   ListFilter, PlayerTarget, VoteCast, Chat, Report, AccountLink, PlayerJoin,
                   SpawnRequest, ForceStart, ForceCreate, QueueJoin, PartyCreate, PartyJoin>;
  ClientKind kind = ClientKind::unknown;
  Body body;

  // The body of this kind's type, as listed at ClientKind.
  template <class T>
  const T& as() const {
    return std::get<T>(body);
  }
};

enum class DecodeStatus : std::uint8_t {
  ok,
  unknown,    // no such event; `out.kind` is unknown
  malformed,  // `out.kind` says which event it would have been, so that the caller may answer;
              // `out.body` is empty
};

// The kind an event name stands for, ClientKind::unknown if none. Cheap: a caller can meter an
// event before decoding it.
ClientKind client_kind(std::string_view name);

// One per shard: reuses its parser and buffers. player:input and weapon:fire are decoded without an
// allocation.
class Decoder {
 public:
  // Longest text of arguments that is looked at, bytes; longer ones are malformed. The biggest
  // honest event is a report.
  static constexpr std::size_t kMaxArgs = 8192;

  Decoder();
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // `args` is the JSON text of the arguments after the name, without brackets ("" = none); it needs
  // no padding. Never throws. `out` is overwritten.
  DecodeStatus decode(std::string_view name, std::string_view args, ClientEvent& out);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace wire
