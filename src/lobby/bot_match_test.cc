// Whole matches of bots (L10).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "lobby/bot_test_bench.h"
#include "sim/walls.h"

namespace lobby {
namespace {

constexpr sim::Tick kMinute = 60 * sim::kTickRate;

match::Settings limit(std::uint16_t kills) {
  match::Settings settings;
  settings.kill_limit = kills;
  return settings;
}

class BotMatch : public testing::TestWithParam<const char*> {
 protected:
  std::shared_ptr<const sim::Map> map_ = shipped_map(GetParam());
};

TEST_P(BotMatch, L10_FourAgainstFourReachTheKillLimit) {
  for (const std::uint64_t seed : {1, 2}) {
    BotBench bench(map_, limit(50), seed);
    bench.fill(8, "normal", "normal");
    bench.start();
    bench.play(15 * kMinute);
    ASSERT_TRUE(bench.match().outcome().has_value()) << "seed " << seed;
    EXPECT_EQ(bench.match().outcome()->reason, match::EndReason::score_limit);
  }
}

TEST_P(BotMatch, L10_TwoBotsFindEachOther) {
  BotBench bench(map_, limit(10), 4);
  bench.fill(2, "easy", "easy");
  bench.start();
  bench.play(15 * kMinute);
  EXPECT_TRUE(bench.match().outcome().has_value());
}

TEST_P(BotMatch, NeitherTeamHasTheBetterSide) {
  std::array<int, 2> wins{};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    BotBench bench(map_, limit(8), seed);
    bench.fill(8, "normal", "normal");
    bench.start();
    bench.play(15 * kMinute);
    ASSERT_TRUE(bench.match().outcome() && bench.match().outcome()->winner);
    ++wins[static_cast<std::size_t>(*bench.match().outcome()->winner)];
  }
  EXPECT_GE(wins[0], 4);
  EXPECT_GE(wins[1], 4);
}

TEST_P(BotMatch, HardBotsBeatEasyBots) {
  int wins = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const bool red_is_hard = seed % 2 == 0;
    BotBench bench(map_, limit(8), seed);
    bench.fill(8, red_is_hard ? "hard" : "easy", red_is_hard ? "easy" : "hard");
    bench.start();
    bench.play(15 * kMinute);
    ASSERT_TRUE(bench.match().outcome() && bench.match().outcome()->winner);
    wins += (*bench.match().outcome()->winner == sim::Team::red) == red_is_hard;
  }
  EXPECT_GE(wins, 9);
}

TEST_P(BotMatch, NobodyStandsAboutForTenSecondsWithoutAnEnemyInView) {
  for (const std::uint64_t seed : {11, 12}) {
    BotBench bench(map_, limit(60000), seed);
    bench.fill(8, "normal", "normal");
    bench.start();
    std::array<sim::Vec2, 8> anchor{};
    std::array<sim::Tick, 8> since{};
    for (sim::Tick tick = 0; tick < 5 * kMinute; ++tick) {
      bench.tick();
      for (sim::Slot slot = 0; slot < 8; ++slot) {
        const sim::Player& bot = bench.player(slot);
        bool enemy_in_view = false;
        for (sim::Slot other = 0; other < 8 && tick % 6 == 0; ++other) {
          const sim::Player& player = bench.player(other);
          enemy_in_view = enemy_in_view || (player.alive && player.team != bot.team &&
                                            bench.match().sees(slot, other));
        }
        const double moved =
            std::hypot(bot.position.x - anchor[slot].x, bot.position.y - anchor[slot].y);
        if (!bot.alive || enemy_in_view || moved > 20.0) {
          anchor[slot] = bot.position;
          since[slot] = tick;
        }
        ASSERT_LE(tick - since[slot], 10u * sim::kTickRate)
            << "seed " << seed << " slot " << int{slot} << " at " << bot.position.x << ","
            << bot.position.y;
      }
    }
  }
}

TEST_P(BotMatch, BotsShootDoorsOpenAndWalkThroughThem) {
  BotBench bench(map_, limit(60000), 21);
  bench.fill(8, "normal", "normal");
  bench.start();
  int opened = 0;
  int crossed = 0;
  for (sim::Tick tick = 0; tick < 3 * kMinute; ++tick) {
    bench.tick();
    for (const sim::Event& event : bench.match().events())
      opened += event.kind == sim::EventKind::wall_destroyed;
    for (sim::Slot slot = 0; slot < 8; ++slot) {
      const sim::Vec2 p = bench.player(slot).position;
      const int cell = static_cast<int>(p.y / 10) * sim::kMapColumns + static_cast<int>(p.x / 10);
      crossed += bench.match().map().slice_at[static_cast<std::size_t>(cell)] >=
                 0;  // stands where a slice was
    }
  }
  EXPECT_GT(opened, 10);
  EXPECT_GT(crossed, 50);
}

INSTANTIATE_TEST_SUITE_P(Maps, BotMatch, testing::Values("depot", "foundry", "gardens"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(BotMatchRun, SameSeedSameMatch) {
  std::array<std::uint64_t, 2> hashes{};
  for (std::uint64_t& hash : hashes) {
    BotBench bench(shipped_map("foundry"), limit(50), 5);
    bench.fill(8, "hard", "normal");
    bench.start();
    bench.play(kMinute);
    hash = bench.match().hash();
  }
  EXPECT_EQ(hashes[0], hashes[1]);
}

}  // namespace
}  // namespace lobby
