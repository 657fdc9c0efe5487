#include "wire/state.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/smoke.h"
#include "wire/allocation_count.h"
#include "wire/test_json.h"
#include "wire/test_match.h"

namespace wire {
namespace {

using sim::Team;
using test::keys_of;
using test::ReadPacket;
using test::TestMatch;

constexpr double kPi = 3.14159265358979323846;

std::string state_of(TestMatch& match, sim::Slot viewer, WallsIn walls = WallsIn::none) {
  StateEncoder encoder;
  std::string out;
  encoder.begin(match.match(), match.roster, match.clock);
  encoder.append(viewer, walls, out);
  return out;
}

std::string member(sim::Slot slot, std::string_view rest) {
  return "/players/" + std::string(test::kIds[slot]) + std::string(rest);
}

// The element of visiblePlayers with the slot's id, as a pointer; "" if there is none.
std::string visible(const ReadPacket& packet, sim::Slot slot) {
  for (std::size_t i = 0; i < packet.size("/visiblePlayers"); ++i) {
    const std::string at = "/visiblePlayers/" + std::to_string(i);
    if (packet.text(at + "/id") == test::kIds[slot]) return at;
  }
  return "";
}

TEST(State, Contract59_OwnEntryIsWhole) {
  TestMatch match;
  match.join(0, Team::red, {60, 205.0030001}, 1.23456789);
  match.player(0).kills = 3;
  match.player(0).deaths = 1;
  match.player(0).sequence = 404;
  match.player(0).health = 37.5;
  match.player(0).weapons[0].ammo = 7;
  match.player(0).weapons[1].reload_done = 999;
  match.player(0).invulnerable_until = match.world().tick + 60;
  const std::string text = state_of(match, 0);
  const ReadPacket packet(text);
  EXPECT_EQ(packet.name(), "game:state");
  EXPECT_EQ(packet.text(member(0, "/id")), test::kIds[0]);
  EXPECT_EQ(packet.text(member(0, "/name")), "Alice");
  EXPECT_EQ(packet.text(member(0, "/team")), "red");
  EXPECT_EQ(packet.number(member(0, "/position/x")), 60.0);
  EXPECT_EQ(packet.number(member(0, "/position/y")),
            205.003);  // finer than 0.01: inputs are replayed from here
  EXPECT_EQ(packet.number(member(0, "/rotation")), 1.2346);
  EXPECT_EQ(packet.number(member(0, "/health")), 37.5);
  EXPECT_TRUE(packet.boolean(member(0, "/isAlive")));
  EXPECT_EQ(packet.number(member(0, "/kills")), 3.0);
  EXPECT_EQ(packet.number(member(0, "/deaths")), 1.0);
  EXPECT_EQ(packet.number(member(0, "/lastProcessedInput")), 404.0);
  EXPECT_EQ(packet.text(member(0, "/weaponType")), "rifle");
  EXPECT_EQ(packet.number(member(0, "/weapons/rifle/currentAmmo")), 7.0);
  EXPECT_EQ(packet.number(member(0, "/weapons/rifle/reserveAmmo")), 180.0);
  EXPECT_FALSE(packet.boolean(member(0, "/weapons/rifle/isReloading")));
  EXPECT_TRUE(packet.boolean(member(0, "/weapons/pistol/isReloading")));
  EXPECT_TRUE(packet.has(member(0, "/weapons/grenade")));
  EXPECT_EQ(packet.number(member(0, "/invulnerableUntil")),
            static_cast<double>(match.clock.ms(match.player(0).invulnerable_until)));
  EXPECT_FALSE(packet.has(member(0, "/deathTime")));
  EXPECT_EQ(packet.size("/projectiles"), 0u);
  EXPECT_EQ(packet.size("/smokeZones"), 0u);
  EXPECT_EQ(packet.number("/timestamp"), static_cast<double>(match.clock.ms(match.world().tick)));
  EXPECT_EQ(packet.number("/tickRate"), 60.0);
  EXPECT_EQ(packet.number("/scores/red"), 0.0);
  EXPECT_EQ(packet.number("/scores/blue"), 0.0);
  EXPECT_EQ(packet.text("/vision/type"), "polygon");
  EXPECT_GE(packet.size("/vision/polygon"), 3u);
  EXPECT_EQ(packet.number("/vision/polygon/0/x"), 60.0);
  EXPECT_EQ(packet.number("/vision/viewDistance"), 160.0);
  EXPECT_FALSE(packet.has("/walls"));
  EXPECT_NE(visible(packet, 0), "");  // the array must hold the receiver (5.7)
}

TEST(State, Contract59_OthersInSight) {
  TestMatch match;
  match.join(0, Team::red, {60, 50}, 0.0);
  match.join(1, Team::blue, {150, 50}, kPi);
  ASSERT_TRUE(match.match().sees(0, 1));
  const std::string text = state_of(match, 0);
  const ReadPacket packet(text);
  EXPECT_EQ(keys_of(packet.body().at_pointer(member(1, ""))),
            (std::set<std::string>{"id", "name", "team", "kills", "deaths", "isAlive"}));
  EXPECT_EQ(packet.text(member(1, "/name")), "Bob\"");
  const std::string at = visible(packet, 1);
  ASSERT_NE(at, "");
  EXPECT_EQ(packet.number(at + "/position/x"), 150.0);
  EXPECT_EQ(packet.number(at + "/health"), 100.0);
  EXPECT_EQ(packet.number(at + "/kills"), 0.0);  // a number on every entry (5.3)
  EXPECT_EQ(packet.text(at + "/team"), "blue");
  EXPECT_EQ(packet.text(at + "/weaponType"), "rifle");
  EXPECT_NEAR(packet.number(at + "/rotation"), kPi, 1e-4);
  EXPECT_TRUE(packet.boolean(at + "/isAlive"));
  EXPECT_FALSE(packet.has(at + "/weapons"));
}

TEST(State, S5_HiddenEnemyIsParkedAndBare) {
  TestMatch match;
  match.join(0, Team::red, {200, 50}, 0.0);
  match.join(1, Team::blue, {280, 50}, kPi);  // behind the wall
  match.player(1).health = 12.25;
  ASSERT_FALSE(match.match().sees(0, 1));
  const std::string text = state_of(match, 0);
  const ReadPacket packet(text);
  EXPECT_EQ(keys_of(packet.body().at_pointer(member(1, ""))),
            (std::set<std::string>{"id", "name", "team", "kills", "deaths", "isAlive"}));
  const std::string at = visible(packet, 1);
  ASSERT_NE(at, "");  // kept in the array: dropping him would leave ghosts (5.7)
  EXPECT_EQ(keys_of(packet.body().at_pointer(at)),
            (std::set<std::string>{"id", "team", "position", "isAlive", "kills"}));
  EXPECT_EQ(packet.number(at + "/position/x"), -1000.0);
  EXPECT_EQ(packet.number(at + "/position/y"), -1000.0);
  EXPECT_EQ(text.find("12.25"), std::string::npos);
  // Both ways, and team mates are never hidden.
  EXPECT_EQ(ReadPacket(state_of(match, 1))
                .number(visible(ReadPacket(state_of(match, 1)), 0) + "/position/x"),
            -1000.0);
  match.player(1).team = Team::red;
  const std::string mates = state_of(match, 0);
  const ReadPacket mate(mates);
  EXPECT_EQ(mate.number(visible(mate, 1) + "/position/x"), 280.0);
}

TEST(State, DeadPlayersHaveNoHealth) {
  TestMatch match;
  match.join(0, Team::red, {60, 50}, 0.0);
  match.join(1, Team::red, {90, 50}, 0.0);
  for (const sim::Slot slot : {0, 1}) {
    match.player(slot).alive = false;
    match.player(slot).died_at = 30;
    match.player(slot).health =
        55;  // whatever is left in the world: any health above 0 revives the client (2.9)
  }
  const std::string text = state_of(match, 0);
  const ReadPacket packet(text);
  EXPECT_EQ(packet.number(member(0, "/health")), 0.0);
  EXPECT_FALSE(packet.boolean(member(0, "/isAlive")));
  EXPECT_EQ(packet.number(member(0, "/deathTime")), static_cast<double>(match.clock.ms(30)));
  EXPECT_EQ(packet.number(visible(packet, 1) + "/health"), 0.0);
  EXPECT_FALSE(packet.boolean(visible(packet, 1) + "/isAlive"));
}

TEST(State, OnlyThoseInTheWorldAreThere) {
  TestMatch match;
  match.join(0, Team::red, {60, 50});
  match.roster.seats[1] = {test::kIds[1], "Bob", true, false, true};  // still choosing his loadout
  const std::string text = state_of(match, 0);
  EXPECT_EQ(text.find(test::kIds[1]), std::string::npos);
  EXPECT_EQ(state_of(match, 1), "");  // S6: no state without an own entry
  EXPECT_EQ(state_of(match, 9), "");
}

TEST(State, Contract54_WallsAreComplete) {
  TestMatch match;
  match.join(0, Team::red, {60, 50});
  match.world().walls[0].health[2] = 12.5;
  match.world().walls[4].health[1] = 40;
  match.world().walls[4].open |= 2;
  const std::string text = state_of(match, 0, WallsIn::all);
  const ReadPacket packet(text);
  EXPECT_EQ(keys_of(packet.body().at_pointer("/walls")).size(), match.match().map().walls.size());
  EXPECT_EQ(packet.text("/walls/wall_1/id"), "wall_1");
  EXPECT_EQ(packet.number("/walls/wall_1/position/x"), 240.0);
  EXPECT_EQ(packet.number("/walls/wall_1/position/y"), 10.0);
  EXPECT_EQ(packet.number("/walls/wall_1/width"), 10.0);
  EXPECT_EQ(packet.number("/walls/wall_1/height"), 50.0);
  EXPECT_EQ(packet.text("/walls/wall_1/orientation"), "vertical");
  EXPECT_EQ(packet.text("/walls/wall_1/material"), "concrete");
  EXPECT_EQ(packet.number("/walls/wall_1/maxHealth"), 675.0);
  EXPECT_EQ(packet.number("/walls/wall_1/sliceHealth/2"), 12.5);
  EXPECT_EQ(packet.number("/walls/wall_1/destructionMask/2"), 0.0);
  EXPECT_EQ(packet.text("/walls/wall_5/material"), "wood");
  EXPECT_EQ(packet.number("/walls/wall_5/sliceHealth/1"), 40.0);
  EXPECT_EQ(packet.number("/walls/wall_5/destructionMask/1"),
            1.0);  // soft walls open at half their health
  EXPECT_EQ(packet.number("/walls/wall_5/destructionMask/0"), 0.0);
  // Slices that never existed: health 0, open; always five of each.
  EXPECT_EQ(packet.text("/walls/wall_6/orientation"), "horizontal");
  EXPECT_EQ(packet.text("/walls/wall_6/material"), "glass");
  EXPECT_EQ(packet.size("/walls/wall_6/sliceHealth"), 5u);
  EXPECT_EQ(packet.size("/walls/wall_6/destructionMask"), 5u);
  EXPECT_EQ(packet.number("/walls/wall_6/sliceHealth/1"), 30.0);
  EXPECT_EQ(packet.number("/walls/wall_6/sliceHealth/2"), 0.0);
  EXPECT_EQ(packet.number("/walls/wall_6/destructionMask/1"), 0.0);
  EXPECT_EQ(packet.number("/walls/wall_6/destructionMask/2"), 1.0);
  EXPECT_EQ(packet.text("/walls/wall_7/material"), "metal");
}

TEST(State, Contract55_SmokeZones) {
  TestMatch match;
  match.join(0, Team::red, {60, 50});
  match.join(1, Team::blue, {440, 250});
  sim::add_smoke(match.world(), 3, {100.125, 60});
  for (int i = 0; i < 180; ++i) match.step();
  match.player(0).position = {60, 50};
  match.player(1).position = {440, 250};
  const std::string text = state_of(match, 0);
  const ReadPacket packet(text);
  ASSERT_EQ(packet.size("/smokeZones"), 1u);
  EXPECT_EQ(packet.text("/smokeZones/0/id"), "projectile_3");
  EXPECT_NEAR(packet.number("/smokeZones/0/position/x"), 100.125, 0.0051);
  EXPECT_EQ(packet.number("/smokeZones/0/radius"), 60.0);
  EXPECT_EQ(packet.number("/smokeZones/0/maxRadius"), 60.0);
  EXPECT_EQ(packet.number("/smokeZones/0/density"), 0.95);
  EXPECT_EQ(packet.number("/smokeZones/0/duration"), 15000.0);
  EXPECT_EQ(packet.number("/smokeZones/0/expansionTime"), 1500.0);
  EXPECT_EQ(packet.number("/smokeZones/0/createdAt"),
            static_cast<double>(match.clock.ms(match.world().smokes[0].born)));
  // Out of earshot and out of sight: not there (8.4).
  EXPECT_EQ(ReadPacket(state_of(match, 1)).size("/smokeZones"), 0u);
}

TEST(State, TimesAreTheClocks) {
  const Clock clock{1'000'000};
  EXPECT_EQ(clock.ms(0), 1'000'000);
  EXPECT_EQ(clock.ms(60), 1'001'000);
  EXPECT_EQ(clock.ms(1), 1'000'016);
  EXPECT_EQ(clock.ms(4'000'000'000u), 1'000'000 + 66'666'666'666);
}

TEST(State, ReusedBuffersAllocateNothingAndKeepNothing) {
  TestMatch match;
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    match.join(slot, slot % 2 == 0 ? Team::red : Team::blue, {60.0 + 20 * slot, 50}, 0.0);
  }
  StateEncoder encoder;
  std::string out;
  const auto encode_all = [&] {
    for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
      out.clear();
      encoder.append(slot, WallsIn::all, out);
    }
  };
  encoder.begin(match.match(), match.roster, match.clock);
  encode_all();
  const std::string first = out;
  const std::uint64_t before = test::allocations();
  for (int i = 0; i < 10; ++i) {
    encoder.begin(match.match(), match.roster, match.clock);
    encode_all();
  }
  EXPECT_EQ(test::allocations(), before);
  EXPECT_EQ(out, first);
  // A lobby with fewer people after one with more.
  TestMatch other;
  other.join(0, Team::red, {60, 50});
  encoder.begin(other.match(), other.roster, other.clock);
  out.clear();
  encoder.append(0, WallsIn::all, out);
  EXPECT_EQ(out, state_of(other, 0, WallsIn::all));
}

TEST(State, SizeWithoutWallsIsLean) {
  TestMatch match;
  for (sim::Slot slot = 0; slot < 4; ++slot) {
    match.join(slot, slot % 2 == 0 ? Team::red : Team::blue, {60.123 + 20.456 * slot, 50.789}, 0.0);
  }
  RecordProperty("bytes_4_players", static_cast<int>(state_of(match, 0).size()));
  EXPECT_LT(state_of(match, 0).size(), 2500u);
}

}  // namespace
}  // namespace wire
