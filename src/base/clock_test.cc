#include "base/clock.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Clock, Iso8601OfKnownMoments) {
  EXPECT_EQ(iso8601(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso8601(951'782'399'999), "2000-02-28T23:59:59.999Z");
  EXPECT_EQ(iso8601(951'782'400'000), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(iso8601(1'795'341'290'709), "2026-11-22T09:54:50.709Z");
  EXPECT_EQ(iso8601(-1), "1969-12-31T23:59:59.999Z");
}

TEST(Clock, Iso8601ClampsWhatHasNoFourDigitYear) {
  EXPECT_EQ(iso8601(INT64_MIN), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(iso8601(INT64_MAX), "9999-12-31T23:59:59.999Z");
}

TEST(Clock, WallIsAfterThisWasWrittenAndSteadyNeverGoesBack) {
  EXPECT_GT(wall_ms(), 1'750'000'000'000);
  SteadyTime last = steady_now();
  for (int i = 0; i < 1'000; ++i) {
    const SteadyTime now = steady_now();
    ASSERT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace base
