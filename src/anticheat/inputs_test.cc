#include "anticheat/inputs.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "sim/random.h"

namespace anticheat {
namespace {

sim::Command input(double x, double y, std::uint16_t keys = 0) {
  sim::Command made;
  made.kind = sim::CommandKind::input;
  made.point = {x, y};
  made.keys = keys;
  return made;
}

// A mouse that wanders over whole pixels, with keys now and then.
std::vector<sim::Command> wander(std::uint64_t seed, int count) {
  sim::Random random(seed);
  std::vector<sim::Command> made;
  double x = 240;
  double y = 135;
  for (int i = 0; i < count; ++i) {
    x += static_cast<double>(random.next() % 21) - 10;
    y += static_cast<double>(random.next() % 21) - 10;
    made.push_back(input(x, y, static_cast<std::uint16_t>(random.next() % 16)));
  }
  return made;
}

int repeats(PatternWatch& watch, const std::vector<sim::Command>& inputs) {
  int found = 0;
  for (const sim::Command& one : inputs) found += watch.input(one) ? 1 : 0;
  return found;
}

TEST(Sequence, S4_GapsAreStepsClaimedAndANewStartCountsAnew) {
  SequenceWatch watch;
  bool again = true;
  EXPECT_EQ(watch.claim(7, again), 1u);
  EXPECT_EQ(watch.claim(10, again), 3u);
  EXPECT_FALSE(again);
  watch.start_anew();
  EXPECT_EQ(watch.claim(1, again), 1u);
  EXPECT_FALSE(again);
}

TEST(Sequence, S4_ANumberThatWentByIsReplayed) {
  SequenceWatch watch;
  bool again = false;
  watch.claim(10, again);
  EXPECT_EQ(watch.claim(10, again), 1u);
  EXPECT_TRUE(again);
  EXPECT_EQ(watch.claim(3, again), 1u);
  EXPECT_TRUE(again);
  EXPECT_EQ(watch.claim(11, again), 1u) << "the highest goes on to count";
  EXPECT_FALSE(again);
}

TEST(Sequence, S4_TheHighestNumberThereIsBreaksNothing) {
  SequenceWatch watch;
  bool again = false;
  watch.claim(0, again);
  EXPECT_EQ(watch.claim(std::numeric_limits<std::uint32_t>::max(), again),
            std::numeric_limits<std::uint32_t>::max());
}

TEST(Pattern, S4_TheSameStretchAgainIsSeen) {
  PatternWatch watch;
  const auto tape = wander(1, 600);
  EXPECT_EQ(repeats(watch, tape), 0);
  EXPECT_GE(repeats(watch, tape), 8);
}

TEST(Pattern, S4_StretchesPlayedWithPausesAreTheSame) {
  PatternWatch watch;
  const auto tape = wander(2, 600);
  std::vector<sim::Command> slow;
  for (const sim::Command& one : tape) slow.insert(slow.end(), 3, one);
  EXPECT_EQ(repeats(watch, tape), 0);
  EXPECT_GE(repeats(watch, slow), 8);
}

TEST(Pattern, S4_AHandNeverRepeatsItself) {
  PatternWatch watch;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) ASSERT_EQ(repeats(watch, wander(seed, 600)), 0);
}

TEST(Pattern, S4_StandingStillAndTappingKeysIsNoPattern) {
  PatternWatch watch;
  std::vector<sim::Command> taps;
  for (int i = 0; i < 5000; ++i)
    taps.push_back(input(100, 100, i % 4 < 2 ? sim::kKeyA : sim::kKeyD));
  EXPECT_EQ(repeats(watch, taps), 0);
}

TEST(Pattern, S4_ASlowMoveAlongAnEdgeAndBackIsNoPattern) {
  PatternWatch watch;
  std::vector<sim::Command> moves;
  for (int round = 0; round < 30; ++round) {
    for (int y = 0; y < 270; ++y) moves.push_back(input(480, y));
    for (int y = 270; y > 0; --y) moves.push_back(input(480, y));
  }
  EXPECT_EQ(repeats(watch, moves), 0);
}

TEST(AskedInterval, IsTheClientsOwn) {
  EXPECT_EQ(asked_interval(sim::WeaponId::rifle), 6.0);
  EXPECT_EQ(asked_interval(sim::WeaponId::shotgun), 30.0);  // 120 a minute (wire contract 3.4)
  EXPECT_EQ(asked_interval(sim::WeaponId::none), 0.0);
}

}  // namespace
}  // namespace anticheat
