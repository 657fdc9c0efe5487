// Client events of connection, lobby and people; those of play are in client_event_test.cc.

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "wire/client_event.h"
#include "wire/test_decode.h"

namespace wire {
namespace {

using PeopleEventTest = test::ClientEventTest;

TEST_F(PeopleEventTest, ConnectionEvents) {
  ASSERT_TRUE(ok("time:sync", "1795341643287"));
  EXPECT_EQ(event_.as<TimeSync>().client_time, 1795341643287.0);
  ASSERT_TRUE(ok("time:sync", "-1.5"));
  for (const std::string_view args : {"", "null", "\"1\"", "{}", "[1]", "1e999", "NaN", "--1"}) {
    EXPECT_TRUE(bad("time:sync", args)) << args;
  }
  EXPECT_TRUE(ok("authenticate", R"("secret")"));
  EXPECT_TRUE(ok("authenticate", R"({"password":"secret"})"));
  EXPECT_TRUE(ok("authenticate", ""));
  EXPECT_TRUE(bad("authenticate", "5"));
  EXPECT_TRUE(bad("authenticate", R"({"password":5})"));
}

TEST_F(PeopleEventTest, FindMatch) {
  ASSERT_TRUE(ok("find_match", R"({"gameMode":"deathmatch","isPrivate":false,"quickJoin":true})"));
  EXPECT_EQ(event_.as<FindMatch>().mode, "deathmatch");
  EXPECT_FALSE(event_.as<FindMatch>().is_private);
  EXPECT_EQ(event_.as<FindMatch>().bots, 0);
  ASSERT_TRUE(
      ok("find_match",
         R"({"gameMode":"duel","isPrivate":true,"region":"eu-west","bots":99,"party":"Ab-1"})"));
  EXPECT_EQ(event_.as<FindMatch>().mode, "duel");
  EXPECT_TRUE(event_.as<FindMatch>().is_private);
  EXPECT_EQ(event_.as<FindMatch>().region, "eu-west");
  EXPECT_EQ(event_.as<FindMatch>().bots, 7);
  EXPECT_EQ(event_.as<FindMatch>().party, "Ab-1");
  for (const std::string_view args : {"", "null", "{}", R"({"gameMode":null})"}) {
    ASSERT_TRUE(ok("find_match", args)) << args;
    EXPECT_EQ(event_.as<FindMatch>().mode, "deathmatch");
  }
  for (const std::string_view args :
       {"1", "[]", R"("deathmatch")", R"({"gameMode":1})", R"({"gameMode":""})",
        R"({"gameMode":"a b"})", R"({"gameMode":"../../etc"})", R"({"isPrivate":"no"})",
        R"({"bots":"3"})", R"({"bots":1e999})",
        R"({"gameMode":"abcdefghijklmnopqrstuvwxyzabcdefg"})", R"({"region":7})",
        R"({"party":"a\u0000"})"}) {
    EXPECT_TRUE(bad("find_match", args)) << args;
  }
}

TEST_F(PeopleEventTest, CreatePrivateLobby) {
  ASSERT_TRUE(
      ok("create_private_lobby", R"({"gameMode":"deathmatch","password":"","maxPlayers":8})"));
  const auto& shipped = event_.as<LobbyOptions>();
  EXPECT_EQ(shipped.password, "");
  EXPECT_EQ(shipped.max_players, 8);
  EXPECT_FALSE(shipped.map || shipped.kill_limit || shipped.time_limit_s || shipped.friendly_fire ||
               shipped.bots || shipped.name);
  ASSERT_TRUE(ok(
      "create_private_lobby",
      R"({"password":"p\u00e4ss","maxPlayers":100,"map":"yard","killLimit":0,"timeLimit":1e9,"friendlyFire":false,)"
      R"("bots":3,"name":"Fri\u0007day"})"));
  const auto& own = event_.as<LobbyOptions>();
  EXPECT_EQ(own.password, "p\xc3\xa4ss");
  EXPECT_EQ(own.max_players, 8);
  EXPECT_EQ(own.map, "yard");
  EXPECT_EQ(own.kill_limit, 1);
  EXPECT_EQ(own.time_limit_s, 7200);
  EXPECT_EQ(own.friendly_fire, false);
  EXPECT_EQ(own.bots, 3);
  EXPECT_EQ(own.name, "Friday");
  EXPECT_FALSE(own.mode);
  ASSERT_TRUE(ok("lobby:settings", R"({"mapName":"yard","maxPlayers":1})"));
  EXPECT_EQ(event_.as<LobbyOptions>().map, "yard");
  EXPECT_EQ(event_.as<LobbyOptions>().max_players, 2);
  EXPECT_TRUE(ok("create_private_lobby", ""));
  EXPECT_TRUE(bad("lobby:settings", ""));
  for (const std::string_view args :
       {"1", R"({"password":1})", R"({"maxPlayers":"8"})", R"({"map":"../x"})", R"({"name":[]})",
        R"({"killLimit":true})", R"({"timeLimit":{}})", R"({"friendlyFire":1})",
        R"({"bots":null,"bots":[]})"}) {
    EXPECT_TRUE(bad("create_private_lobby", args)) << args;
    EXPECT_TRUE(bad("lobby:settings", args)) << args;
  }
  EXPECT_TRUE(bad("create_private_lobby", R"({"password":")" + std::string(65, 'p') + R"("})"));
  EXPECT_TRUE(ok("create_private_lobby", R"({"password":")" + std::string(64, 'p') + R"("})"));
}

TEST_F(PeopleEventTest, JoinLobby) {
  ASSERT_TRUE(ok("join_lobby", R"({"lobbyId":" deathmatch_mwro8zua_up4ux1\n"})"));
  EXPECT_EQ(event_.as<JoinLobby>().lobby_id, "deathmatch_mwro8zua_up4ux1");
  EXPECT_EQ(event_.as<JoinLobby>().password, "");
  ASSERT_TRUE(ok("join_lobby", R"({"lobbyId":"A1","password":"x"})"));
  EXPECT_EQ(event_.as<JoinLobby>().password, "x");
  EXPECT_TRUE(ok("join_lobby", R"({"lobbyId":"A1","password":null})"));
  for (const std::string_view args :
       {"", "{}", R"("A1")", R"({"lobbyId":null})", R"({"lobbyId":7})", R"({"lobbyId":"  "})",
        R"({"lobbyId":"A","password":3})"}) {
    EXPECT_TRUE(bad("join_lobby", args)) << args;
  }
  EXPECT_TRUE(bad("join_lobby", R"({"lobbyId":")" + std::string(65, 'x') + R"("})"));
}

TEST_F(PeopleEventTest, LobbyList) {
  ASSERT_TRUE(ok("get_lobby_list", ""));
  EXPECT_FALSE(event_.as<ListFilter>().has_filter);
  ASSERT_TRUE(
      ok("get_lobby_list",
         R"({"showPrivate":false,"showFull":true,"showInProgress":true,"gameMode":"deathmatch"})"));
  const auto& filter = event_.as<ListFilter>();
  EXPECT_TRUE(filter.has_filter);
  EXPECT_FALSE(filter.show_private);
  EXPECT_TRUE(filter.show_full);
  EXPECT_TRUE(filter.show_in_progress);
  EXPECT_EQ(filter.mode, "deathmatch");
  EXPECT_TRUE(bad("get_lobby_list", R"({"showFull":"yes"})"));
  EXPECT_TRUE(bad("get_lobby_list", "7"));
}

TEST_F(PeopleEventTest, PlayerJoinOfTheShippedClient) {
  ASSERT_TRUE(ok(
      "player:join",
      R"({"loadout":{"primary":"rifle","secondary":"pistol","support":["grenade","rocket"],"team":"blue"},)"
      R"("playerName":"Player5779","timestamp":1795341669506})"));
  const auto& join = event_.as<PlayerJoin>();
  EXPECT_EQ(join.name, "Player5779");
  EXPECT_EQ(join.team, sim::Team::blue);
  EXPECT_TRUE(join.loadout_legal);
  EXPECT_EQ(join.loadout.primary, sim::WeaponId::rifle);
  EXPECT_EQ(join.loadout.secondary, sim::WeaponId::pistol);
  EXPECT_EQ(join.loadout.support,
            (std::array{sim::WeaponId::grenade, sim::WeaponId::rocket, sim::WeaponId::none}));
}

TEST_F(PeopleEventTest, Decision17_IllegalLoadoutsBecomeTheDefault) {
  for (const std::string_view loadout : {
           "5",
           R"("rifle")",
           "[]",
           "null",
           R"({"primary":"pistol"})",
           R"({"primary":"bfg"})",
           R"({"primary":5})",
           R"({"secondary":"rifle"})",
           R"({"support":"grenade"})",
           R"({"support":["machinegun","grenade"]})",
           R"({"support":["grenade","grenade"]})",
           R"({"support":["rifle"]})",
           R"({"support":[null]})",
           R"({"support":[5]})",
           R"({"support":["grenade","flashbang","smokegrenade","grenade"]})",
       }) {
    const std::string args = R"({"playerName":"A","loadout":)" + std::string(loadout) + "}";
    ASSERT_TRUE(ok("player:join", args)) << loadout;
    const auto& join = event_.as<PlayerJoin>();
    EXPECT_FALSE(join.loadout_legal) << loadout;
    EXPECT_EQ(join.loadout.primary, sim::WeaponId::rifle) << loadout;
    EXPECT_EQ(join.loadout.secondary, sim::WeaponId::pistol) << loadout;
    EXPECT_EQ(join.loadout.support[0], sim::WeaponId::grenade) << loadout;
    EXPECT_EQ(join.loadout.support[1], sim::WeaponId::none) << loadout;
  }
}

TEST_F(PeopleEventTest, PlayerJoinMayCarryNothing) {
  ASSERT_TRUE(ok("player:join",
                 R"({"loadout":{"primary":null,"secondary":null,"support":[],"team":"red"}})"));
  const auto& join = event_.as<PlayerJoin>();
  EXPECT_TRUE(join.loadout_legal);
  EXPECT_EQ(join.loadout, sim::Loadout{});
  EXPECT_EQ(join.name, "");
  // A team nobody knows is no wish.
  ASSERT_TRUE(ok("player:join", R"({"loadout":{"team":"purple"}})"));
  EXPECT_FALSE(event_.as<PlayerJoin>().team);
  ASSERT_TRUE(ok("player:join", R"({"loadout":{"team":5}})"));
  EXPECT_FALSE(event_.as<PlayerJoin>().team);
  ASSERT_TRUE(ok("player:join", R"({"isRestart":true})"));
  EXPECT_FALSE(event_.as<PlayerJoin>().loadout_legal);
  for (const std::string_view args :
       {"", "null", "7", "[]", R"({"playerName":7})", R"({"loadout":{"support":[)"})
    EXPECT_TRUE(bad("player:join", args)) << args;
}

TEST_F(PeopleEventTest, NamesAreCleanedAndCut) {
  const auto name = [&](std::string_view json) {
    EXPECT_TRUE(ok("player:join", R"({"playerName":")" + std::string(json) + R"("})")) << json;
    return event_.as<PlayerJoin>().name;
  };
  EXPECT_EQ(name("  Bob  "), "Bob");
  EXPECT_EQ(name(R"(a\u0000b\u001fc\u007fd\u0085e)"), "abcde");
  EXPECT_EQ(name(R"(\u202eevil\u2066\u200b\ufeff)"), "evil");
  EXPECT_EQ(name("0123456789012345678901234"), "01234567890123456789");
  EXPECT_EQ(name("\xf0\x9f\x98\x80\xc3\xa4\xe2\x82\xac"), "\xf0\x9f\x98\x80\xc3\xa4\xe2\x82\xac");
  EXPECT_EQ(name("0123456789012345678\xf0\x9f\x98\x80x"), "0123456789012345678\xf0\x9f\x98\x80");
  EXPECT_EQ(name(R"( \u0007 )"), "");
  EXPECT_EQ(name("<b>x</b>"), "<b>x</b>");
}

TEST_F(PeopleEventTest, PeopleAndVotes) {
  ASSERT_TRUE(ok("vote_cast", R"({"option":"map:yard"})"));
  EXPECT_EQ(event_.as<VoteCast>().option, "map:yard");
  for (const std::string_view args :
       {"", "{}", R"("rematch")", R"({"option":""})", R"({"option":1})"})
    EXPECT_TRUE(bad("vote_cast", args)) << args;

  ASSERT_TRUE(ok("chat:message", R"({"text":" hi\u0000 there ","channel":"team"})"));
  EXPECT_EQ(event_.as<Chat>().text, "hi there");
  EXPECT_EQ(event_.as<Chat>().channel, Chat::Channel::team);
  ASSERT_TRUE(ok("chat:message", R"({"text":")" + std::string(200, 'x') + R"("})"));  // S6
  EXPECT_EQ(event_.as<Chat>().channel, Chat::Channel::lobby);
  EXPECT_TRUE(bad("chat:message", R"({"text":")" + std::string(201, 'x') + R"("})"));
  for (const std::string_view args :
       {"", "{}", R"({"text":" "})", R"({"text":1})", R"({"text":"a","channel":"all"})",
        R"({"text":"a","channel":1})"}) {
    EXPECT_TRUE(bad("chat:message", args)) << args;
  }

  ASSERT_TRUE(ok("player:report", R"({"targetId":"abc","reason":"cheating","note":"walls"})"));
  EXPECT_EQ(event_.as<Report>().target_id, "abc");
  EXPECT_EQ(event_.as<Report>().reason, "cheating");
  EXPECT_EQ(event_.as<Report>().note, "walls");
  EXPECT_TRUE(ok("player:report", R"({"targetId":"abc","reason":"cheating"})"));
  for (const std::string_view args :
       {"", R"({"targetId":"abc"})", R"({"reason":"x"})", R"({"targetId":1,"reason":"x"})",
        R"({"targetId":"a","reason":""})"}) {
    EXPECT_TRUE(bad("player:report", args)) << args;
  }

  ASSERT_TRUE(ok("lobby:kick", R"({"playerId":"abc"})"));
  EXPECT_EQ(event_.as<PlayerTarget>().player_id, "abc");
  ASSERT_TRUE(ok("lobby:host", R"({"playerId":"abc"})"));
  for (const std::string_view args : {"", "{}", R"({"playerId":""})", R"({"playerId":1})"})
    EXPECT_TRUE(bad("lobby:kick", args)) << args;
}

TEST_F(PeopleEventTest, L11_TestHooks) {
  ASSERT_TRUE(ok("admin:force_start_match", R"({"lobbyId":"abc","reason":"test"})"));
  EXPECT_EQ(event_.as<ForceStart>().lobby_id, "abc");
  EXPECT_EQ(event_.as<ForceStart>().reason, "test");
  EXPECT_TRUE(bad("admin:force_start_match", "{}"));
  ASSERT_TRUE(ok("admin:force_create_match", R"({"reason":"test"})"));
  EXPECT_EQ(event_.as<ForceCreate>().mode, "deathmatch");
  EXPECT_EQ(event_.as<ForceCreate>().reason, "test");
  EXPECT_TRUE(ok("admin:force_create_match", ""));
  EXPECT_TRUE(bad("admin:force_create_match", "[]"));
  ASSERT_TRUE(ok("request_spawn_position", R"({"team":"red"})"));
  EXPECT_EQ(event_.as<SpawnRequest>().team, sim::Team::red);
  EXPECT_TRUE(bad("request_spawn_position", R"({"team":"green"})"));
}

}  // namespace
}  // namespace wire
