#include "base/rate_limit.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(RateLimit, S1_a_hundred_a_minute_each) {
  RateLimit limit(100);
  const RateLimit::Clock::time_point now{};
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(limit.take("10.0.0.1", now).allowed);
  const auto refused = limit.take("10.0.0.1", now);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.reset_s, 1);
  EXPECT_TRUE(limit.take("10.0.0.2", now).allowed);
  EXPECT_TRUE(limit.take("10.0.0.1", now + std::chrono::seconds(1)).allowed);
}

TEST(RateLimit, S1_one_household_of_IPv6_is_one_caller) {
  RateLimit limit(2);
  const RateLimit::Clock::time_point now{};
  EXPECT_TRUE(limit.take("2001:db8:1:2::1", now).allowed);
  EXPECT_TRUE(limit.take("2001:db8:1:2::2", now).allowed);
  EXPECT_FALSE(limit.take("2001:db8:1:2:ffff::3", now).allowed);
  EXPECT_TRUE(limit.take("2001:db8:1:3::1", now).allowed);
  EXPECT_TRUE(limit.take("::ffff:10.0.0.1", now).allowed);
  EXPECT_TRUE(limit.take("10.0.0.1", now).allowed);
  EXPECT_FALSE(limit.take("10.0.0.1", now).allowed) << "one address in two spellings";
}

}  // namespace
}  // namespace base
