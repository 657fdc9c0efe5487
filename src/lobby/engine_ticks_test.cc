// Which ticks count as left out (O2): those of lobbies, not those that had nothing to do.

#include <gtest/gtest.h>

#include "lobby/lobby_test_bench.h"

namespace lobby {
namespace {

using testing::Bench;
using testing::Player;

TEST(EngineTicks, AnIdleShardLeavesOutNothing) {
  Bench bench;
  bench.now += std::chrono::seconds(4);  // nobody is here, nobody calls run()
  Player& one = bench.quick("one");
  bench.run_seconds(1);
  EXPECT_EQ(bench.engine.stats().dropped, 0u);
  EXPECT_GT(bench.engine.stats().ticks, 50u);

  bench.leave(one);
  bench.run_seconds(1);
  bench.now += std::chrono::seconds(4);
  bench.quick("two");
  bench.run_seconds(1);
  EXPECT_EQ(bench.engine.stats().dropped, 0u);
}

TEST(EngineTicks, AStallOfAShardWithALobbyIsCounted) {
  Bench bench;
  bench.quick("one");
  bench.run_seconds(1);
  bench.now += std::chrono::seconds(1);
  bench.run(1);
  EXPECT_NEAR(static_cast<double>(bench.engine.stats().dropped), 60 - TickClock::kCatchUp, 2);
}

}  // namespace
}  // namespace lobby
