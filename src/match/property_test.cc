// Properties that hold in every tick of matches in which everything happens (issue 3 point 7).

#include <gtest/gtest.h>

#include "match/test_rabble.h"
#include "match/testing_invariants.h"

namespace match {
namespace {

// What must have happened in the runs for their properties to mean something.
struct Tally {
  int credited = 0;
  std::array<int, 2> by_team{};
  int deaths = 0;
  int opened = 0;
  int explosions = 0;
  int flashes = 0;
  int smokes = 0;
};

void note(const Match& match, Tally& tally) {
  for (const sim::Event& event : match.events()) {
    using sim::EventKind;
    tally.opened += event.kind == EventKind::wall_destroyed ? 1 : 0;
    tally.explosions += event.kind == EventKind::explosion ? 1 : 0;
    tally.flashes += event.kind == EventKind::flash ? 1 : 0;
    if (event.kind != EventKind::player_died || match.phase() != Phase::playing) continue;
    ++tally.deaths;
    if (event.other == sim::kNoSlot || event.other == event.slot || event.team == event.team2)
      continue;
    ++tally.credited;
    ++tally.by_team[static_cast<std::size_t>(event.team)];
  }
  tally.smokes += static_cast<int>(match.world().smokes.size());
}

TEST(Properties, HoldInEveryTick) {
  Tally total;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    Settings settings;
    settings.kill_limit = 60000;
    settings.friendly_fire = seed % 2 == 0;
    Match match(seed % 4 == 0 ? sim::test::map_a() : test::field(), settings, seed);
    test::Rabble rabble(seed);
    Tally tally;
    for (int i = 0; i < 2500; ++i) {
      match.step(rabble.next(match.world()));
      ASSERT_NO_FATAL_FAILURE(testing::check_world(match.world())) << "tick " << match.world().tick;
      note(match, tally);
      ASSERT_EQ(match.score(Team::red), tally.by_team[0]);
      ASSERT_EQ(match.score(Team::blue), tally.by_team[1]);
    }
    total.credited += tally.credited;
    total.deaths += tally.deaths;
    total.opened += tally.opened;
    total.explosions += tally.explosions;
    total.flashes += tally.flashes;
    total.smokes += tally.smokes;
  }
  EXPECT_GT(total.credited, 50);
  EXPECT_GT(total.deaths, total.credited);
  EXPECT_GT(total.opened, 100);
  EXPECT_GT(total.explosions, 50);
  EXPECT_GT(total.flashes, 10);
  EXPECT_GT(total.smokes, 100);
}

TEST(Properties, KillsAreTheCreditedDeaths) {
  Settings settings;
  settings.kill_limit = 60000;
  Match match(test::field(), settings, 5);
  std::vector<sim::Command> joins;
  for (Slot slot = 0; slot < 8; ++slot) {
    sim::Command& command = joins.emplace_back();
    command.kind = sim::CommandKind::join;
    command.slot = slot;
    command.team = slot % 2 == 0 ? Team::red : Team::blue;
    command.loadout = {sim::WeaponId::rifle,
                       sim::WeaponId::revolver,
                       {sim::WeaponId::rocket, sim::WeaponId::grenade}};
  }
  match.step(joins);
  match.step(std::vector<sim::Command>(1));
  test::Rabble rabble(6);
  Tally tally;
  for (int i = 0; i < 2500; ++i) {
    std::vector<sim::Command> commands = rabble.next(match.world());
    std::erase_if(commands,
                  [](const sim::Command& c) { return c.kind == sim::CommandKind::leave; });
    match.step(commands);
    note(match, tally);
  }
  std::uint32_t kills = 0;
  std::uint32_t deaths = 0;
  for (const sim::Player& player : match.world().players) {
    kills += player.kills;
    deaths += player.deaths;
  }
  EXPECT_GT(kills, 5U);
  EXPECT_EQ(kills, static_cast<std::uint32_t>(tally.credited));
  EXPECT_EQ(deaths, static_cast<std::uint32_t>(tally.deaths));
}

TEST(Properties, TheSameInputsGiveTheSameMatch) {
  Match one(test::field(), {}, 7);
  Match two(test::field(), {}, 7);
  test::Rabble rabble(7);
  for (int i = 0; i < 1500; ++i) {
    const auto& commands = rabble.next(one.world());
    one.step(commands);
    two.step(commands);
    ASSERT_EQ(one.hash(), two.hash()) << "tick " << i;
  }
}

}  // namespace
}  // namespace match
