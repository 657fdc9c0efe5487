#include <gtest/gtest.h>

#include <algorithm>

#include "match/test_rabble.h"

namespace match {
namespace {

struct Runner {
  explicit Runner(std::uint64_t seed, Settings settings = {})
      : match(test::field(), settings, seed), rabble(seed) {}
  void run(int ticks) {
    for (int i = 0; i < ticks; ++i) match.step(rabble.next(match.world()));
  }
  Match match;
  test::Rabble rabble;
};

std::vector<std::uint8_t> snapshot_of(const Match& match) {
  std::vector<std::uint8_t> bytes;
  match.snapshot(bytes);
  return bytes;
}

// Issue 3 point 5: restore, run on, same hash at every tick.
TEST(Snapshot, ARestoredMatchIsTheSameAndStaysTheSame) {
  for (const int ticks : {0, 1, 99, 101, 400, 1000, 2500}) {
    SCOPED_TRACE(ticks);
    Runner original(11);
    original.run(ticks);
    Match copy(test::field(), {}, 999);
    ASSERT_TRUE(copy.restore(snapshot_of(original.match)));
    EXPECT_EQ(snapshot_of(copy), snapshot_of(original.match));
    EXPECT_EQ(copy.phase(), original.match.phase());
    for (int i = 0; i < 400; ++i) {
      const auto& commands = original.rabble.next(original.match.world());
      original.match.step(commands);
      copy.step(commands);
      ASSERT_EQ(copy.hash(), original.match.hash()) << "tick " << i;
      ASSERT_EQ(copy.events().size(), original.match.events().size());
    }
  }
}

TEST(Snapshot, KeepsTheOutcome) {
  Settings settings;
  settings.time_limit = 50;
  Runner ended(4, settings);
  ended.run(300);
  ASSERT_EQ(ended.match.phase(), Phase::over);
  Match copy(test::field(), {}, 1);
  ASSERT_TRUE(copy.restore(snapshot_of(ended.match)));
  ASSERT_TRUE(copy.outcome());
  EXPECT_EQ(copy.outcome()->duration, 50U);
  EXPECT_EQ(copy.outcome()->reason, EndReason::time_limit);
  EXPECT_EQ(copy.settings().time_limit, 50U);
}

TEST(Snapshot, IsSmall) {
  Runner runner(5);
  runner.run(2000);
  EXPECT_LT(snapshot_of(runner.match).size(), 10000U);
}

TEST(Snapshot, RefusesChangedBytesAndCuts) {
  Runner runner(6);
  runner.run(700);
  const std::vector<std::uint8_t> good = snapshot_of(runner.match);
  Match copy(test::field(), {}, 1);
  const auto before = copy.hash();
  for (std::size_t i = 0; i < good.size(); i += 3) {
    std::vector<std::uint8_t> bad = good;
    bad[i] ^= static_cast<std::uint8_t>(1 + i % 255);
    ASSERT_FALSE(copy.restore(bad)) << "byte " << i;
  }
  for (std::size_t length = 0; length < good.size(); length += 13) {
    ASSERT_FALSE(copy.restore({good.data(), length})) << "cut to " << length;
  }
  std::vector<std::uint8_t> longer = good;
  longer.push_back(0);
  EXPECT_FALSE(copy.restore(longer));
  EXPECT_EQ(copy.hash(), before) << "a refused snapshot changes nothing";
}

// The sum of the format, so that a test can forge it.
void sign(std::vector<std::uint8_t>& bytes) {
  std::uint64_t state = 0x243f6a8885a308d3ULL;
  const auto mix = [&](std::uint64_t word) {
    state = (state ^ word) * 0x9e3779b97f4a7c15ULL;
    state ^= state >> 32U;
  };
  const std::size_t body = bytes.size() - 8;
  mix(body);
  for (std::size_t at = 0; at < body; at += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = at; i < std::min(body, at + 8); ++i)
      word |= static_cast<std::uint64_t>(bytes[i]) << (8 * (i - at));
    mix(word);
  }
  state ^= state >> 29U;
  for (std::size_t i = 0; i < 8; ++i)
    bytes[bytes.size() - 8 + i] = static_cast<std::uint8_t>(state >> (8 * i));
}

// A snapshot with a right sum and wrong bytes is refused, or is a state that can be played and
// stored again.
TEST(Snapshot, ForgedBytesAreRefusedOrHarmless) {
  Runner runner(6);
  runner.run(700);
  const std::vector<std::uint8_t> good = snapshot_of(runner.match);
  std::vector<std::uint8_t> same = good;
  sign(same);
  ASSERT_EQ(same, good);
  sim::Random random(8);
  int refused = 0;
  for (std::size_t i = 0; i + 8 < good.size(); i += 1 + i % 5) {
    std::vector<std::uint8_t> bad = good;
    bad[i] ^= static_cast<std::uint8_t>(1 + random.next() % 255);
    sign(bad);
    Match copy(test::field(), {}, 1);
    if (!copy.restore(bad)) {
      ++refused;
      continue;
    }
    ASSERT_EQ(snapshot_of(copy), bad) << "byte " << i;
    for (int k = 0; k < 5; ++k) copy.step(runner.rabble.next(copy.world()));
  }
  EXPECT_GT(refused, 150);
}

TEST(Snapshot, RefusesThatOfAnotherMap) {
  Runner runner(6);
  runner.run(10);
  Match other(sim::test::map_a(), {}, 1);
  const auto result = other.restore(snapshot_of(runner.match));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "match snapshot: of another map");
}

}  // namespace
}  // namespace match
