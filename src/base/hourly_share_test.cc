#include "base/hourly_share.h"

#include <gtest/gtest.h>

namespace base {
namespace {

using namespace std::chrono_literals;

TEST(HourlyShare, EachKeyHasItsShareOfAnHour) {
  HourlyShare share(2, 10);
  EXPECT_TRUE(share.take("a", 0ms));
  EXPECT_TRUE(share.take("a", 1min));
  EXPECT_FALSE(share.take("a", 2min));
  EXPECT_TRUE(share.take("b", 2min));
  EXPECT_FALSE(share.take("a", 59min));
  EXPECT_TRUE(share.take("a", 60min));
}

TEST(HourlyShare, S2_ManyKeysDoNotFillTheMemory) {
  HourlyShare share(1, 3);
  for (const char* key : {"a", "b", "c"}) EXPECT_TRUE(share.take(key, 0ms));
  EXPECT_FALSE(share.take("d", 0ms));
  EXPECT_TRUE(share.take("d", 1h));
}

TEST(HourlyShare, AClockThatIsSetBackBeginsAnew) {
  HourlyShare share(1, 3);
  EXPECT_TRUE(share.take("a", 100h));
  EXPECT_TRUE(share.take("a", 1h));
  EXPECT_FALSE(share.take("a", 1h));
}

}  // namespace
}  // namespace base
