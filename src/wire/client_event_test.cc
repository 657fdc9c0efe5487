#include "wire/client_event.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <string>

#include "wire/allocation_count.h"
#include "wire/test_decode.h"

namespace wire {
namespace {

using test::ClientEventTest;

// As the shipped client sends it (contract, Appendix A).
constexpr std::string_view kInput =
    R"({"keys":{"1":false,"2":false,"3":true,"4":false,"w":true,"a":false,"s":false,"d":true,"shift":true,"ctrl":false,)"
    R"("r":false,"g":false},"mouse":{"x":120,"y":85.5,"buttons":5,"leftPressed":false,"rightPressed":false,)"
    R"("leftReleased":false,"rightReleased":false},"sequence":30,"timestamp":1795341669508,"position":{"x":1,"y":2}})";
constexpr std::string_view kFire =
    R"({"weaponType":"rifle","position":{"x":49.99999999999999,"y":85},"targetPosition":{"x":400,"y":90},)"
    R"("direction":0.01408357582286019,"isADS":false,"timestamp":1795341677508,"sequence":46})";

TEST_F(ClientEventTest, Contract47_KnowsEveryEventOfTheMatrix) {
  const std::pair<std::string_view, ClientKind> names[] = {
      {"authenticate", ClientKind::authenticate},
      {"client:ready", ClientKind::client_ready},
      {"time:sync", ClientKind::time_sync},
      {"find_match", ClientKind::find_match},
      {"create_private_lobby", ClientKind::create_private_lobby},
      {"join_lobby", ClientKind::join_lobby},
      {"leave_lobby", ClientKind::leave_lobby},
      {"leave_game", ClientKind::leave_lobby},          // M3
      {"cancel_matchmaking", ClientKind::leave_lobby},  // M3, S12
      {"get_lobby_list", ClientKind::get_lobby_list},
      {"request_rematch", ClientKind::request_rematch},
      {"player:join", ClientKind::player_join},
      {"player:input", ClientKind::player_input},
      {"weapon:fire", ClientKind::weapon_fire},
      {"weapon:switch", ClientKind::weapon_switch},
      {"weapon:reload", ClientKind::weapon_reload},
      {"ads:toggle", ClientKind::ads_toggle},
      {"request_game_state", ClientKind::request_game_state},
      {"request_spawn_position", ClientKind::request_spawn_position},
      {"player:respawn", ClientKind::player_respawn},
      {"respawn", ClientKind::player_respawn},
      {"player_respawn", ClientKind::player_respawn},
      {"request_respawn", ClientKind::player_respawn},
      {"player:force_respawned", ClientKind::force_respawned},  // M5, S8
      {"force_respawn", ClientKind::force_respawned},
      {"vote_cast", ClientKind::vote_cast},
      {"lobby:kick", ClientKind::lobby_kick},
      {"lobby:host", ClientKind::lobby_host},
      {"lobby:start", ClientKind::lobby_start},
      {"lobby:settings", ClientKind::lobby_settings},
      {"queue:status", ClientKind::queue_status},
      {"queue:join", ClientKind::queue_join},
      {"queue:leave", ClientKind::queue_leave},
      {"party:create", ClientKind::party_create},
      {"party:join", ClientKind::party_join},
      {"party:leave", ClientKind::party_leave},
      {"party:state", ClientKind::party_state},
      {"chat:message", ClientKind::chat_message},
      {"player:report", ClientKind::player_report},
      {"debug:trigger_match_end", ClientKind::debug_trigger_match_end},
      {"debug:triggerMatchEnd", ClientKind::debug_trigger_match_end},
      {"debug:kill_player", ClientKind::debug_kill_player},
      {"debug:request_match_state", ClientKind::debug_request_match_state},
      {"debug:requestMatchState", ClientKind::debug_request_match_state},
      {"admin:force_start_match", ClientKind::admin_force_start},
      {"admin:force_create_match", ClientKind::admin_force_create},
  };
  for (const auto& [name, kind] : names) EXPECT_EQ(client_kind(name), kind) << name;
}

TEST_F(ClientEventTest, Contract47_DisabledAndInventedEventsAreUnknown) {
  for (const std::string_view name :
       {"", "x", "player:inpu", "player:input2", "PLAYER:INPUT", "admin:authenticate",
        "admin:restart_game", "grenade:throw", "weapon:equip", "player:shoot", "debug:give_weapon",
        "error", "zzzz", "\xff\xff"}) {
    EXPECT_EQ(decode(name, kInput), DecodeStatus::unknown) << name;
    EXPECT_EQ(event_.kind, ClientKind::unknown);
  }
}

TEST_F(ClientEventTest, InputOfTheShippedClient) {
  ASSERT_TRUE(ok("player:input", kInput));
  EXPECT_EQ(command().kind, sim::CommandKind::input);
  EXPECT_EQ(command().keys, sim::kKeyW | sim::kKeyD | sim::kKeyShift | sim::kKey3);
  EXPECT_EQ(command().buttons, 5);
  EXPECT_EQ(command().point, (sim::Vec2{120, 85.5}));
  EXPECT_EQ(command().sequence, 30u);
  EXPECT_EQ(command().slot, sim::kNoSlot);
}

// Where a body stands is the server's knowledge.
TEST_F(ClientEventTest, S4_APositionThatAClientClaimsIsNotRead) {
  for (const std::string claim : {R"({"x":1,"y":2})", R"({"x":470,"y":260})",
                                  R"({"x":1e308,"y":-1e308})", R"({"x":"a"})", "null", "[]", "7"}) {
    ASSERT_TRUE(ok("player:input", R"({"keys":{"w":true},"mouse":{"x":120,"y":85.5},"sequence":30,)"
                                   R"("position":)" +
                                       claim + "}"))
        << claim;
    EXPECT_EQ(command().point, (sim::Vec2{120, 85.5})) << claim;
    EXPECT_EQ(command().keys, sim::kKeyW) << claim;
    ASSERT_TRUE(ok("weapon:fire", R"({"weaponType":"rifle","targetPosition":{"x":400,"y":90},)"
                                  R"("direction":1,"sequence":46,"position":)" +
                                      claim + "}"))
        << claim;
    EXPECT_EQ(command().point, (sim::Vec2{400, 90})) << claim;
  }
}

TEST_F(ClientEventTest, InputEveryKeyHasItsBit) {
  const std::pair<std::string, std::uint16_t> keys[] = {
      {"w", sim::kKeyW},         {"a", sim::kKeyA},       {"s", sim::kKeyS}, {"d", sim::kKeyD},
      {"shift", sim::kKeyShift}, {"ctrl", sim::kKeyCtrl}, {"r", sim::kKeyR}, {"g", sim::kKeyG},
      {"1", sim::kKey1},         {"2", sim::kKey2},       {"3", sim::kKey3}, {"4", sim::kKey4},
  };
  for (const auto& [name, bit] : keys) {
    ASSERT_TRUE(ok("player:input",
                   R"({"keys":{")" + name + R"(":true},"mouse":{"x":0,"y":0},"sequence":0})"))
        << name;
    EXPECT_EQ(command().keys, bit) << name;
  }
}

TEST_F(ClientEventTest, InputToleratesOrderExtrasRepeatsAndEscapedNames) {
  ASSERT_TRUE(ok(
      "player:input",
      R"({"extra":{"deep":[[1,{"a":null}],"]"]},"sequence":7,"mouse":{"y":2,"z":[],"x":1},"more":null,)"
      R"("keys":{"q":"not ours","w":true,"w":false,"\u0061":true}})"));
  EXPECT_EQ(command().keys, sim::kKeyA);
  EXPECT_EQ(command().point, (sim::Vec2{1, 2}));
  EXPECT_EQ(command().buttons, 0);
  EXPECT_EQ(command().sequence, 7u);
  // The last of repeated members counts, and a command keeps nothing of the one before it.
  ASSERT_TRUE(ok(
      "player:input",
      R"({"keys":{"w":true},"keys":{},"mouse":{"x":9,"y":9,"buttons":7},"mouse":{"x":1,"y":2},"sequence":1,"sequence":2})"));
  EXPECT_EQ(command().keys, 0);
  EXPECT_EQ(command().sequence, 2u);
  EXPECT_EQ(command().point, (sim::Vec2{1, 2}));
  // Further arguments (a recovery offset, say) do not matter.
  EXPECT_TRUE(ok("player:input", std::string(kInput) + R"(,"offset",2)"));
}

TEST_F(ClientEventTest, InputMouseIsClampedToTheArena) {
  ASSERT_TRUE(
      ok("player:input", R"({"keys":{},"mouse":{"x":-3,"y":1e308,"buttons":255},"sequence":1})"));
  EXPECT_EQ(command().point, (sim::Vec2{0, 270}));
  EXPECT_EQ(command().buttons, 7);
  ASSERT_TRUE(
      ok("player:input",
         R"({"keys":{},"mouse":{"x":99999999999999999999,"y":-1e300,"buttons":-4},"sequence":1})"));
  EXPECT_EQ(command().point, (sim::Vec2{480, 0}));
  EXPECT_EQ(command().buttons, 0);
}

TEST_F(ClientEventTest, S2_InputMalformed) {
  for (const std::string_view args : {
           "",
           "null",
           "1",
           "true",
           R"("text")",
           "[]",
           "{}",
           "{",
           R"({"keys":)",
           "[[[[",
           "}{",
           ",",
           "{}}",
           R"({"keys":{},"mouse":{"x":0,"y":0}})",     // no sequence
           R"({"mouse":{"x":0,"y":0},"sequence":1})",  // no keys
           R"({"keys":{},"sequence":1})",              // no mouse
           R"({"keys":null,"mouse":{"x":0,"y":0},"sequence":1})",
           R"({"keys":[],"mouse":{"x":0,"y":0},"sequence":1})",
           R"({"keys":{"w":1},"mouse":{"x":0,"y":0},"sequence":1})",
           R"({"keys":{"w":"true"},"mouse":{"x":0,"y":0},"sequence":1})",
           R"({"keys":{"w":null},"mouse":{"x":0,"y":0},"sequence":1})",
           R"({"keys":{},"mouse":{"x":0},"sequence":1})",
           R"({"keys":{},"mouse":[0,0],"sequence":1})",
           R"({"keys":{},"mouse":{"x":null,"y":0},"sequence":1})",  // a NaN arrives as null
           R"({"keys":{},"mouse":{"x":NaN,"y":0},"sequence":1})",
           R"({"keys":{},"mouse":{"x":Infinity,"y":0},"sequence":1})",
           R"({"keys":{},"mouse":{"x":1e400,"y":0},"sequence":1})",
           R"({"keys":{},"mouse":{"x":"1","y":0},"sequence":1})",
           R"({"keys":{},"mouse":{"x":01,"y":0},"sequence":1})",
           R"({"keys":{},"mouse":{"x":0,"y":0,"buttons":"1"},"sequence":1})",
           R"({"keys":{},"mouse":{"x":0,"y":0,"buttons":null},"sequence":1})",
           R"({"keys":{},"mouse":{"x":0,"y":0},"sequence":-1})",
           R"({"keys":{},"mouse":{"x":0,"y":0},"sequence":1.5})",
           R"({"keys":{},"mouse":{"x":0,"y":0},"sequence":4294967296})",
           R"({"keys":{},"mouse":{"x":0,"y":0},"sequence":1e308})",
           R"({"keys":{},"mouse":{"x":0,"y":0},"sequence":"1"})",
           R"({"keys":{},"mouse":{"x":0,"y":0},"sequence":null})",
           R"({"keys":{},"mouse":{"x":0,"y":0},"sequence":[1]})",
           R"({"keys":{},"keys":1,"mouse":{"x":0,"y":0},"sequence":1})",
           R"({"keys":{} "mouse":{"x":0,"y":0},"sequence":1})",
           "{\"keys\":{},\"mouse\":{\"x\":0,\"y\":0},\"sequence\":1,\"a\":\"\xff\"}",  // not UTF-8
           R"({"keys":{},"mouse":{"x":0,"y":0},"sequence":1,"a":"unclosed})",
       }) {
    EXPECT_TRUE(bad("player:input", args)) << args;
  }
}

TEST_F(ClientEventTest, InputLargestSequence) {
  ASSERT_TRUE(ok("player:input", R"({"keys":{},"mouse":{"x":0,"y":0},"sequence":4294967295})"));
  EXPECT_EQ(command().sequence, 4294967295u);
}

TEST_F(ClientEventTest, FireOfTheShippedClient) {
  ASSERT_TRUE(ok("weapon:fire", kFire));
  EXPECT_EQ(command().kind, sim::CommandKind::fire);
  EXPECT_EQ(command().weapon, sim::WeaponId::rifle);
  EXPECT_EQ(command().sequence, 46u);
  EXPECT_EQ(command().charge, 1);
  EXPECT_TRUE(command().flag);
  EXPECT_EQ(command().point, (sim::Vec2{400, 90}));
  EXPECT_TRUE(command().flag2);
  EXPECT_NEAR(command().angle, 0.01408357582286019, 1e-15);
}

TEST_F(ClientEventTest, B17_FireChargeIsClamped) {
  const std::pair<std::string, int> charges[] = {{"0", 1}, {"1", 1},     {"3.9", 3}, {"5", 5},
                                                 {"6", 5}, {"1e308", 5}, {"-7", 1},  {"null", 1}};
  for (const auto& [sent, charge] : charges) {
    ASSERT_TRUE(ok("weapon:fire", R"({"weaponType":"grenade","chargeLevel":)" + sent + "}"))
        << sent;
    EXPECT_EQ(command().charge, charge) << sent;
  }
}

TEST_F(ClientEventTest, Decision3_FireAim) {
  // Outside the arena the direction rules; without one the nearest point of the arena is the
  // target.
  ASSERT_TRUE(
      ok("weapon:fire", R"({"weaponType":"smg","targetPosition":{"x":481,"y":90},"direction":1})"));
  EXPECT_FALSE(command().flag);
  EXPECT_TRUE(command().flag2);
  ASSERT_TRUE(ok("weapon:fire", R"({"weaponType":"smg","targetPosition":{"x":481,"y":90}})"));
  EXPECT_TRUE(command().flag);
  EXPECT_EQ(command().point, (sim::Vec2{480, 90}));
  EXPECT_FALSE(command().flag2);
  ASSERT_TRUE(ok("weapon:fire", R"({"weaponType":"smg"})"));
  EXPECT_FALSE(command().flag);
  EXPECT_FALSE(command().flag2);
  EXPECT_EQ(command().sequence, 0u);
  // Directions are brought into one turn.
  ASSERT_TRUE(ok("weapon:fire", R"({"weaponType":"smg","direction":-3.1769})"));
  EXPECT_NEAR(command().angle, 6.283185307 - 3.1769, 1e-6);
  ASSERT_TRUE(ok("weapon:fire", R"({"weaponType":"smg","direction":1e308})"));
  EXPECT_LE(std::abs(command().angle), 3.1415927);
}

TEST_F(ClientEventTest, S2_FireMalformed) {
  for (const std::string_view args : {
           "",
           "null",
           "3",
           "{}",
           "[]",
           R"({"weaponType":null})",
           R"({"weaponType":3})",
           R"({"weaponType":""})",
           R"({"weaponType":"none"})",
           R"({"weaponType":"bfg"})",
           R"({"weaponType":"Rifle"})",
           R"({"weaponType":"rifle","targetPosition":{"x":1}})",
           R"({"weaponType":"rifle","targetPosition":{"x":1,"y":null}})",
           R"({"weaponType":"rifle","targetPosition":7})",
           R"({"weaponType":"rifle","direction":"0"})",
           R"({"weaponType":"rifle","direction":1e999})",
           R"({"weaponType":"rifle","chargeLevel":"5"})",
           R"({"weaponType":"rifle","sequence":-1})",
           R"({"weaponType":"rifle","sequence":0.5})",
       }) {
    EXPECT_TRUE(bad("weapon:fire", args)) << args;
  }
}

TEST_F(ClientEventTest, EveryWeaponCanBeNamed) {
  for (const std::string_view name :
       {"rifle", "smg", "shotgun", "battlerifle", "sniperrifle", "pistol", "revolver",
        "suppressedpistol", "grenadelauncher", "machinegun", "antimaterialrifle", "grenade",
        "smokegrenade", "flashbang", "rocket"}) {
    ASSERT_TRUE(ok("weapon:switch",
                   R"({"fromWeapon":"","toWeapon":")" + std::string(name) + R"(","timestamp":1})"))
        << name;
    EXPECT_EQ(command().kind, sim::CommandKind::switch_weapon);
    EXPECT_NE(command().weapon, sim::WeaponId::none);
  }
  for (const std::string_view args :
       {"", "{}", R"({"toWeapon":null})", R"({"toWeapon":"knife"})", R"({"toWeapon":["smg"]})"}) {
    EXPECT_TRUE(bad("weapon:switch", args)) << args;
  }
}

TEST_F(ClientEventTest, ReloadAndAds) {
  ASSERT_TRUE(ok("weapon:reload", R"({"weaponType":"rifle","timestamp":1})"));
  EXPECT_EQ(command().kind, sim::CommandKind::reload);
  EXPECT_EQ(command().weapon, sim::WeaponId::rifle);
  ASSERT_TRUE(ok("weapon:reload", ""));
  EXPECT_EQ(command().kind, sim::CommandKind::reload);
  EXPECT_TRUE(ok("weapon:reload", "null"));
  EXPECT_TRUE(ok("weapon:reload", "{}"));
  EXPECT_TRUE(bad("weapon:reload", "5"));
  EXPECT_TRUE(bad("weapon:reload", R"({"weaponType":5})"));

  ASSERT_TRUE(ok("ads:toggle", R"({"isADS":true,"timestamp":1})"));  // M4
  EXPECT_EQ(command().kind, sim::CommandKind::ads);
  EXPECT_TRUE(command().flag);
  ASSERT_TRUE(ok("ads:toggle", R"({"isADS":false})"));
  EXPECT_FALSE(command().flag);
  for (const std::string_view args : {"", "{}", "true", R"({"isADS":1})", R"({"isADS":null})"})
    EXPECT_TRUE(bad("ads:toggle", args)) << args;
}

TEST_F(ClientEventTest, EventsWithoutBodyTakeAnything) {
  for (const std::string_view name :
       {"client:ready", "leave_lobby", "request_rematch", "lobby:start", "queue:status",
        "queue:leave", "party:leave", "party:state", "request_game_state",
        "debug:trigger_match_end", "debug:request_match_state"}) {
    for (const std::string_view args : {"", "{}", "null", "17", "]][", "\xff"}) {
      EXPECT_TRUE(ok(name, args)) << name << " " << args;
      EXPECT_TRUE(std::holds_alternative<std::monostate>(event_.body));
    }
  }
  for (const std::string_view name :
       {"player:respawn", "respawn", "player_respawn", "request_respawn", "force_respawn",
        "player:force_respawned"}) {
    ASSERT_TRUE(ok(name, R"({"playerId":"x","position":{"x":50,"y":135},"forced":true})")) << name;
    EXPECT_EQ(command().kind, sim::CommandKind::respawn);
  }
  ASSERT_TRUE(ok("debug:kill_player", ""));
  EXPECT_EQ(command().kind, sim::CommandKind::kill);
}

TEST_F(ClientEventTest, S2_DeepNestingAndSize) {
  const std::string deep = R"({"extra":)" + std::string(3000, '[') + std::string(3000, ']') +
                           R"(,"keys":{},"mouse":{"x":0,"y":0},"sequence":1})";
  EXPECT_TRUE(ok("player:input", deep));
  const std::string open = R"({"keys":)" + std::string(4000, '[');
  EXPECT_TRUE(bad("player:input", open));
  const std::string objects = [] {
    std::string text;
    for (int i = 0; i < 1500; ++i) text += R"({"a":)";
    return text;
  }();
  EXPECT_TRUE(bad("player:input", objects));
  const std::string big = R"({"pad":")" + std::string(Decoder::kMaxArgs, 'x') + R"("})";
  EXPECT_TRUE(bad("player:join", big));
  EXPECT_TRUE(bad("leave_lobby", big));
  // Exactly the limit is still read.
  std::string full = R"({"option":"a","pad":")";
  full += std::string(Decoder::kMaxArgs - full.size() - 2, 'x') + R"("})";
  ASSERT_EQ(full.size(), Decoder::kMaxArgs);
  EXPECT_TRUE(ok("vote_cast", full));
}

// The arguments need not be padded or terminated: a string of exactly their length, nothing behind
// it.
TEST_F(ClientEventTest, ArgumentsAreReadWithinTheirBounds) {
  for (std::size_t length = 0; length <= kInput.size(); ++length) {
    const std::vector<char> exact(kInput.begin(),
                                  kInput.begin() + static_cast<std::ptrdiff_t>(length));
    const DecodeStatus status = decode("player:input", {exact.data(), exact.size()});
    EXPECT_EQ(status == DecodeStatus::ok, length == kInput.size()) << length;
  }
}

TEST_F(ClientEventTest, HotEventsDoNotAllocate) {
  ASSERT_TRUE(ok("player:input", kInput));
  const std::uint64_t before = test::allocations();
  bool all = true;
  for (int i = 0; i < 100; ++i) {
    all &= ok("player:input", kInput);
    all &= ok("weapon:fire", kFire);
    all &= ok("weapon:switch", R"({"toWeapon":"pistol"})");
    all &= ok("weapon:reload", R"({"weaponType":"rifle"})");
    all &= ok("ads:toggle", R"({"isADS":true})");
    all &= bad("player:input", R"({"keys":7})");
  }
  EXPECT_TRUE(all);
  EXPECT_EQ(test::allocations(), before);
}

// Nothing throws, reads astray (under ASan) or leaves a state behind that spoils the next message.
TEST_F(ClientEventTest, S2_GarbageIsSurvived) {
  std::mt19937 random(20261122);
  const std::string_view names[] = {
      "player:input", "weapon:fire",  "player:join",    "find_match",    "create_private_lobby",
      "time:sync",    "chat:message", "get_lobby_list", "player:report", "weapon:switch"};
  const std::string_view seeds[] = {
      kInput, kFire,
      R"({"loadout":{"primary":"rifle","support":["grenade"],"team":"red"},"playerName":"\u00e4"})",
      R"({"text":"a","channel":"team","gameMode":"x","bots":1,"note":null})"};
  for (int round = 0; round < 20'000; ++round) {
    std::string args(seeds[random() % std::size(seeds)]);
    const int changes = static_cast<int>(random() % 6);
    for (int i = 0; i < changes && !args.empty(); ++i) {
      const std::size_t at = random() % args.size();
      switch (random() % 4) {
        case 0:
          args[at] = static_cast<char>(random());
          break;
        case 1:
          args.erase(at, 1 + random() % 8);
          break;
        case 2:
          args.insert(at, 1, R"({}[]",:\0n-9e)"[random() % 14]);
          break;
        default:
          args.insert(at, args.substr(random() % args.size(), random() % 20));
          break;
      }
    }
    decode(names[random() % std::size(names)], args);
  }
  ASSERT_TRUE(ok("player:input", kInput));
  EXPECT_EQ(command().sequence, 30u);
}

}  // namespace
}  // namespace wire
