// Determinism (issue 2 point 4): whole matches whose hashes are written down. The same figures must
// come out of gcc and clang, debug and release. A change of the rules changes them: then run the
// test and copy what it prints.

#include <gtest/gtest.h>

#include "match/test_rabble.h"

namespace match {
namespace {

struct Golden {
  const char* name;
  std::shared_ptr<const sim::Map> (*map)();
  std::uint64_t seed;
  Tick ticks;
  std::uint64_t hash;  // of the hashes of all ticks
};

constexpr Golden kGoldens[] = {
    {"field, seed 1", test::field, 1, 6000, 16260434664745682134U},
    {"field, seed 2", test::field, 2, 6000, 13384517143582297468U},
    {"map a, seed 3", sim::test::map_a, 3, 6000, 1155202811606931569U},
};

std::uint64_t run(const Golden& golden) {
  Settings settings;
  settings.kill_limit = 60000;
  Match match(golden.map(), settings, golden.seed);
  test::Rabble rabble(golden.seed * 77);
  std::uint64_t sum = 0;
  for (Tick i = 0; i < golden.ticks; ++i) {
    match.step(rabble.next(match.world()));
    sum = (sum ^ match.hash()) * 0x9e3779b97f4a7c15ULL;
  }
  return sum;
}

TEST(Golden, RunsHaveTheHashesWrittenDown) {
  for (const Golden& golden : kGoldens) EXPECT_EQ(run(golden), golden.hash) << golden.name;
}

TEST(Golden, AnotherSeedIsAnotherMatch) {
  Golden other = kGoldens[0];
  other.seed = 99;
  EXPECT_NE(run(other), kGoldens[0].hash);
}

}  // namespace
}  // namespace match
