#include "base/token_bucket.h"

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(TokenBucket, S1_allows_the_burst_then_the_rate) {
  TokenBucket bucket(10, 3);
  int allowed = 0;
  for (int i = 0; i < 10; ++i) allowed += bucket.take(1000);
  EXPECT_EQ(allowed, 3);
  EXPECT_FALSE(bucket.take(1099));
  EXPECT_TRUE(bucket.take(1200));
}

TEST(TokenBucket, S1_idle_time_earns_no_more_than_the_burst) {
  TokenBucket bucket(10, 3);
  bucket.take(1);
  int allowed = 0;
  for (int i = 0; i < 10; ++i) allowed += bucket.take(1'000'000);
  EXPECT_EQ(allowed, 3);
}

}  // namespace
}  // namespace base
