#include "wire/packets.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "wire/test_json.h"

namespace wire {
namespace {

using test::keys_of;
using test::ReadPacket;

constexpr std::int64_t kNow = 1'795'341'291'416;

LobbyView lobby() {
  LobbyView view;
  view.id = "deathmatch_mwrnulsl_m32sfw";
  view.map = "yard";
  view.player_count = 2;
  view.kill_limit = 50;
  view.created_at = 1'795'341'290'709;
  view.last_activity = 1'795'341'290'819;
  return view;
}

template <class... Args>
std::string packet(void (*write)(std::string&, Args...), std::type_identity_t<Args>... args) {
  std::string out;
  write(out, args...);
  return out;
}

TEST(Packets, AppendixA_GoldenBytes) {
  EXPECT_EQ(packet(authenticated), R"(42["authenticated",{}])");
  EXPECT_EQ(packet(server_ready, 5), R"(42["server:ready",{"serverTime":5}])");
  EXPECT_EQ(packet(lobby_join_failed, "Invalid password"),
            R"(42["lobby_join_failed",{"reason":"Invalid password"}])");
  EXPECT_EQ(packet(matchmaking_failed, "Server capacity reached"),
            R"(42["matchmaking_failed",{"reason":"Server capacity reached"}])");
  EXPECT_EQ(packet(lobby_creation_failed, "x"), R"(42["lobby_creation_failed",{"reason":"x"}])");
  EXPECT_EQ(packet(match_starting, "L", 10),
            R"(42["match_starting",{"lobbyId":"L","countdown":10}])");
  EXPECT_EQ(packet(match_start_cancelled, "L", "Not enough players"),
            R"(42["match_start_cancelled",{"lobbyId":"L","reason":"Not enough players"}])");
  EXPECT_EQ(packet(player_left, "xY07"), R"(42["player:left",{"playerId":"xY07"}])");
  EXPECT_EQ(
      packet(weapon_switched, "xY07", sim::WeaponId::rifle, sim::WeaponId::grenade),
      R"(42["weapon:switched",{"playerId":"xY07","fromWeapon":"rifle","toWeapon":"grenade"}])");
  EXPECT_EQ(packet(weapon_switched, "xY07", sim::WeaponId::none, sim::WeaponId::smg),  // recipe 4
            R"(42["weapon:switched",{"playerId":"xY07","fromWeapon":"","toWeapon":"smg"}])");
  EXPECT_EQ(
      packet(player_join_success, "xY07", sim::Team::blue, "playing", 7),
      R"(42["player:join:success",{"playerId":"xY07","team":"blue","isActive":true,"gameStatus":"playing","timestamp":7}])");
  EXPECT_EQ(
      packet(player_join_failed, "Player not in game room", "waiting", 7),
      R"(42["player:join:failed",{"reason":"Player not in game room","gameStatus":"waiting","timestamp":7}])");
  EXPECT_EQ(
      packet(player_left_lobby, "L", 1, "xY07", kNow),
      R"(42["player_left_lobby",{"lobbyId":"L","playerCount":1,"playerId":"xY07","timestamp":1795341291416}])");
  EXPECT_EQ(packet(spawn_position, sim::Vec2{45, 85.126}),
            R"(42["spawn_position",{"position":{"x":45,"y":85.13}}])");
}

TEST(Packets, TimeSyncEchoesTheClientsNumber) {
  EXPECT_EQ(packet(time_sync_response, 1795341643287.0, 9),
            R"(42["time:sync:response",{"clientTime":1795341643287,"serverTime":9}])");
  EXPECT_EQ(packet(time_sync_response, -1.5, 9),
            R"(42["time:sync:response",{"clientTime":-1.5,"serverTime":9}])");
  const std::string huge = packet(time_sync_response, 1e308, 9);
  EXPECT_EQ(ReadPacket(huge).number("/serverTime"), 9.0);
}

TEST(Packets, AppendsToWhatIsThere) {
  std::string out = "before ";
  authenticated(out);
  EXPECT_EQ(out, R"(before 42["authenticated",{}])");
}

TEST(Packets, Recipe2_LobbyJoined) {
  LobbyView view = lobby();
  view.status = LobbyStatus::playing;  // a late joiner hears "waiting" all the same (2.8 ii)
  const std::string text = packet(lobby_joined, view, std::nullopt);
  const ReadPacket read(text);
  EXPECT_EQ(read.name(), "lobby_joined");
  EXPECT_EQ(read.text("/lobbyId"), "deathmatch_mwrnulsl_m32sfw");
  EXPECT_EQ(read.number("/playerCount"), 2.0);
  EXPECT_EQ(read.number("/maxPlayers"), 8.0);
  EXPECT_EQ(read.text("/gameMode"), "deathmatch");
  EXPECT_EQ(read.text("/status"), "waiting");
  EXPECT_EQ(read.number("/killTarget"), 50.0);
  EXPECT_FALSE(read.has("/isInProgress"));
  EXPECT_FALSE(read.has("/inviteCode"));
  const std::string forced = packet(lobby_joined, view, "nightly");
  EXPECT_TRUE(ReadPacket(forced).boolean("/forceCreated"));
  EXPECT_EQ(ReadPacket(forced).text("/reason"), "nightly");
}

TEST(Packets, Recipe3_S11_PrivateLobbyCarriesItsCode) {
  LobbyView view = lobby();
  view.is_private = true;
  view.invite_code = "K7QF2M";
  view.password_required = true;
  const std::string text = packet(private_lobby_created, view);
  const ReadPacket read(text);
  EXPECT_EQ(read.name(), "private_lobby_created");
  EXPECT_EQ(read.text("/lobbyId"), view.id);
  EXPECT_EQ(read.text("/inviteCode"), "K7QF2M");
  EXPECT_EQ(read.number("/playerCount"), 2.0);
  EXPECT_EQ(read.number("/maxPlayers"), 8.0);
  EXPECT_EQ(read.text("/gameMode"), "deathmatch");
  EXPECT_EQ(read.text("/status"), "waiting");
  EXPECT_TRUE(read.boolean("/isPrivate"));
}

TEST(Packets, L5_LobbyList) {
  std::vector<LobbyView> lobbies(3, lobby());
  lobbies[1].status = LobbyStatus::starting;
  lobbies[1].name = "Fri\"day";
  lobbies[1].invite_code = "SECRET";
  lobbies[2].status = LobbyStatus::playing;
  lobbies[2].password_required = true;
  const std::string text = packet(lobby_list, std::span<const LobbyView>(lobbies), kNow);
  const ReadPacket read(text);
  EXPECT_EQ(read.size("/lobbies"), 3u);
  EXPECT_EQ(keys_of(read.body().at_pointer("/lobbies/0")),
            (std::set<std::string>{"id", "playerCount", "maxPlayers", "bots", "gameMode", "mapName",
                                   "isPrivate", "passwordRequired", "status", "createdAt",
                                   "lastActivity"}));
  EXPECT_EQ(read.text("/lobbies/0/status"), "waiting");
  EXPECT_EQ(read.text("/lobbies/1/status"), "waiting");
  EXPECT_EQ(read.text("/lobbies/1/name"), "Fri\"day");
  EXPECT_EQ(read.text("/lobbies/2/status"), "playing");
  EXPECT_TRUE(read.boolean("/lobbies/2/passwordRequired"));
  EXPECT_EQ(read.number("/lobbies/0/createdAt"), 1795341290709.0);
  EXPECT_EQ(read.number("/totalCount"), 3.0);
  EXPECT_EQ(text.find("SECRET"), std::string::npos);  // B30
  const std::string empty = packet(lobby_list, std::span<const LobbyView>(), kNow);
  EXPECT_EQ(empty, R"(42["lobby_list",{"lobbies":[],"totalCount":0,"timestamp":1795341291416}])");
}

TEST(Packets, M6_LobbyState) {
  LobbyView view = lobby();
  view.status = LobbyStatus::starting;
  view.host_id = "xY07";
  view.invite_code = "K7QF2M";
  view.bots = 1;
  view.time_limit_s = 600;
  view.friendly_fire = false;
  const std::array members = {
      LobbyMember{.id = "xY07", .name = "Alice", .team = sim::Team::red, .kills = 2, .deaths = 1},
      LobbyMember{.id = "bot-1", .name = "Rex", .team = {}, .bot = true}};
  const std::string text = packet(lobby_state, view, std::span<const LobbyMember>(members), 10);
  const ReadPacket read(text);
  EXPECT_EQ(read.name(), "lobby:state");
  EXPECT_EQ(read.text("/lobbyId"), view.id);
  EXPECT_EQ(read.number("/playerCount"), 2.0);
  EXPECT_EQ(read.number("/maxPlayers"), 8.0);
  EXPECT_EQ(read.text("/status"), "starting");
  EXPECT_EQ(read.number("/countdown"), 10.0);
  EXPECT_EQ(read.text("/gameMode"), "deathmatch");
  EXPECT_FALSE(read.boolean("/isPrivate"));
  EXPECT_EQ(read.number("/minimumPlayers"), 2.0);
  EXPECT_EQ(read.text("/mapName"), "yard");
  EXPECT_EQ(read.text("/hostId"), "xY07");
  EXPECT_EQ(read.text("/inviteCode"), "K7QF2M");
  EXPECT_EQ(read.number("/timeLimit"), 600.0);
  EXPECT_FALSE(read.boolean("/friendlyFire"));
  EXPECT_EQ(read.size("/players"), 2u);
  EXPECT_EQ(read.text("/players/0/team"), "red");
  EXPECT_EQ(read.number("/players/0/kills"), 2.0);
  EXPECT_FALSE(read.has("/players/1/team"));
  EXPECT_TRUE(read.boolean("/players/1/isBot"));
  view.status = LobbyStatus::playing;
  const std::string playing =
      packet(lobby_state, view, std::span<const LobbyMember>(), std::nullopt);
  EXPECT_EQ(ReadPacket(playing).text("/status"), "in_progress");
  EXPECT_FALSE(ReadPacket(playing).has("/countdown"));
  view.status = LobbyStatus::finished;
  const std::string finished =
      packet(lobby_state, view, std::span<const LobbyMember>(), std::nullopt);
  EXPECT_EQ(ReadPacket(finished).text("/status"), "finished");
}

TEST(Packets, MatchStartedIsNeverALateJoin) {
  const std::string text = packet(match_started, lobby(), kNow);
  const ReadPacket read(text);
  EXPECT_EQ(read.text("/lobbyId"), lobby().id);
  EXPECT_EQ(read.number("/killTarget"), 50.0);
  EXPECT_EQ(read.text("/gameMode"), "deathmatch");
  EXPECT_FALSE(read.has("/isLateJoin"));
}

constexpr std::array kPlayers = {PlayerResult{"xY07", "Alice", sim::Team::red, 3, 0},
                                 PlayerResult{"9rCq", "Bob", sim::Team::blue, 0, 3}};

TEST(Packets, Contract46_MatchEnded) {
  match::Outcome outcome;
  outcome.winner = sim::Team::blue;
  outcome.red = 1;
  outcome.blue = 50;
  outcome.duration = 60 * 90 + 1;
  const std::string text =
      packet(match_ended, "L", outcome, 50, std::span<const PlayerResult>(kPlayers));
  const ReadPacket read(text);
  EXPECT_EQ(read.text("/winnerTeam"), "blue");
  EXPECT_EQ(read.number("/redKills"), 1.0);
  EXPECT_EQ(read.number("/blueKills"), 50.0);
  EXPECT_EQ(read.number("/duration"), 90016.0);
  EXPECT_EQ(read.number("/killTarget"), 50.0);
  EXPECT_EQ(read.text("/playerStats/0/playerId"), "xY07");
  EXPECT_EQ(read.text("/playerStats/0/playerName"), "Alice");
  EXPECT_EQ(read.text("/playerStats/0/team"), "red");
  EXPECT_EQ(read.number("/playerStats/0/kills"), 3.0);
  EXPECT_EQ(read.number("/playerStats/1/deaths"), 3.0);
  outcome.winner.reset();  // the client needs a true word, a draw or not (S5 of 2.13 depends on it)
  const std::string draw = packet(match_ended, "L", outcome, 50, std::span<const PlayerResult>());
  EXPECT_EQ(ReadPacket(draw).text("/winnerTeam"), "draw");
}

TEST(Packets, L7_Scoreboard) {
  match::Outcome outcome;
  outcome.winner = sim::Team::red;
  outcome.red = 3;
  outcome.duration = 600;
  const std::pair<match::EndReason, std::string> reasons[] = {
      {match::EndReason::score_limit, "score_limit"},
      {match::EndReason::time_limit, "time_limit"},
      {match::EndReason::forfeit, "forfeit"},
      {match::EndReason::aborted, "aborted"}};
  for (const auto& [reason, name] : reasons) {
    outcome.reason = reason;
    const std::string text = packet(scoreboard, outcome, std::span<const PlayerResult>(kPlayers));
    const ReadPacket read(text);
    EXPECT_EQ(read.text("/type"), "match_end");
    EXPECT_EQ(read.text("/results/winner"), "red");
    EXPECT_EQ(read.number("/results/finalScores/red"), 3.0);
    EXPECT_EQ(read.number("/results/finalScores/blue"), 0.0);
    EXPECT_EQ(read.number("/results/duration"), 10000.0);
    EXPECT_EQ(read.text("/results/reason"), name);
    EXPECT_EQ(read.text("/playerStats/0/displayName"), "Alice");
    EXPECT_EQ(read.number("/playerStats/0/score"), 300.0);
    EXPECT_EQ(read.number("/playerStats/1/score"), -150.0);
    EXPECT_EQ(read.number("/displayTime"), 15000.0);
  }
}

TEST(Packets, L8_Votes) {
  const std::array options = {VoteOption{"rematch", 2}, VoteOption{"map:yard", 0},
                              VoteOption{"leave", 1}};
  EXPECT_EQ(
      packet(vote_started, std::span<const VoteOption>(options), kNow),
      R"(42["vote_started",{"options":["rematch","map:yard","leave"],"endsAt":1795341291416}])");
  EXPECT_EQ(packet(vote_update, std::span<const VoteOption>(options)),
            R"(42["vote_update",{"tallies":{"rematch":2,"map:yard":0,"leave":1}}])");
  EXPECT_EQ(packet(vote_result, "map:yard"), R"(42["vote_result",{"option":"map:yard"}])");
}

TEST(Packets, S2_TextOfPeopleIsEscaped) {
  const std::string text = packet(chat_message, "xY07", "A\"\\\n", "</script>\x01", true, 7);
  EXPECT_EQ(text,
            "42[\"chat:message\",{\"playerId\":\"xY07\",\"playerName\":\"A\\\"\\\\\\n\",\"text\":"
            "\"</script>\\u0001\","
            "\"channel\":\"team\",\"timestamp\":7}]");
  EXPECT_EQ(ReadPacket(packet(chat_message, "a", "b", "c", false, 7)).text("/channel"), "lobby");
  const std::string joined = packet(player_joined_lobby, "L", 2, "id", "\xff", 7);
  EXPECT_EQ(ReadPacket(joined).text("/playerName"), "\xef\xbf\xbd");
}

TEST(Packets, PeopleAndQueue) {
  EXPECT_EQ(packet(chat_refused, "muted"), R"(42["chat:refused",{"reason":"muted"}])");
  EXPECT_EQ(packet(report_received, "a"), R"(42["report:received",{"targetId":"a"}])");
  EXPECT_EQ(packet(report_failed, "a", "again"),
            R"(42["report:failed",{"targetId":"a","reason":"again"}])");
  EXPECT_EQ(packet(lobby_kicked, "L", "host"),
            R"(42["lobby:kicked",{"lobbyId":"L","reason":"host"}])");
  EXPECT_EQ(packet(lobby_refused, "lobby:start", "Only the host"),
            R"(42["lobby:refused",{"command":"lobby:start","reason":"Only the host"}])");
  EXPECT_EQ(packet(left_lobby, "L"), R"(42["left_lobby",{"lobbyId":"L"}])");
  EXPECT_EQ(packet(lobby_error, "closed"), R"(42["lobby_error",{"reason":"closed"}])");
}

TEST(Packets, L11_TestHookReplies) {
  EXPECT_EQ(packet(test_start_failed, "Lobby not found"),
            R"(42["test_start_failed",{"error":"Lobby not found"}])");
  EXPECT_EQ(packet(force_create_failed, "x"), R"(42["force_create_failed",{"error":"x"}])");
  EXPECT_EQ(packet(debug_match_end_triggered, "L"),
            R"(42["debug:match_end_triggered",{"lobbyId":"L"}])");
  EXPECT_EQ(packet(debug_match_end_failed, "x"), R"(42["debug:match_end_failed",{"reason":"x"}])");
  const std::array players = {DebugPlayer{"xY07", "Alice", sim::Team::red, 3, 1, true}};
  const std::string text = packet(debug_match_state, lobby(), 3, 1, kNow - 5, kNow,
                                  std::span<const DebugPlayer>(players));
  const ReadPacket read(text);
  EXPECT_EQ(read.name(), "debug:match_state");
  EXPECT_EQ(keys_of(read.body()),
            (std::set<std::string>{"lobbyId", "status", "playerCount", "redKills", "blueKills",
                                   "killTarget", "matchStartTime", "currentTime", "players"}));
  EXPECT_EQ(read.text("/players/0/playerName"), "Alice");
  EXPECT_TRUE(read.boolean("/players/0/isAlive"));
}

}  // namespace
}  // namespace wire
