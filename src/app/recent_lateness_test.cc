// O5: a node's lateness as the others are told.

#include "app/recent_lateness.h"

#include <gtest/gtest.h>

namespace app {
namespace {

TEST(RecentLateness, O5_TellsOfTheLastTenReadings) {
  RecentLateness recent;
  EXPECT_EQ(recent.p99_us(), 0u);
  lobby::Lateness::Counts ever{};
  ever[lobby::Lateness::bucket_of(2'000'000)] += 100;
  recent.read(ever);
  EXPECT_NEAR(recent.p99_us(), 2'000, 250);
  for (std::size_t i = 1; i < RecentLateness::kReadings; ++i) {
    ever[lobby::Lateness::bucket_of(10'000)] += 100;
    recent.read(ever);
    EXPECT_NEAR(recent.p99_us(), 2'000, 250) << "still among them, reading " << i;
  }
  ever[lobby::Lateness::bucket_of(10'000)] += 100;
  recent.read(ever);
  EXPECT_LT(recent.p99_us(), 20u) << "forgotten after ten";
}

}  // namespace
}  // namespace app
