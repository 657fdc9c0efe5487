#include "store/connection.h"

#include <gtest/gtest.h>

namespace store {
namespace {

TEST(StoreTime, GoesToTextAndBack) {
  const Time time = Time(std::chrono::milliseconds(1795354087123));
  EXPECT_EQ(to_text(time), "2026-11-22T13:28:07.123Z");
  EXPECT_EQ(parse_time(to_text(time)), time);
}

TEST(StoreTime, ReadsWhatPostgresWrites) {
  const Time time = *parse_time("2026-11-22T13:28:07.100Z");
  EXPECT_EQ(parse_time("2026-11-22 13:28:07.1+00"), time);
  EXPECT_EQ(parse_time("2026-11-22 13:28:07.100999+00"), time) << "cut to milliseconds";
  EXPECT_EQ(parse_time("2026-11-22 13:28:07+00"), time - std::chrono::milliseconds(100));
}

TEST(StoreTime, RefusesEverythingElse) {
  for (const char* text : {"", "now", "2026-11-22", "2026-11-22T13:28:07", "2026-11-22T13:28:07.Z",
                           "2026-13-22T13:28:07Z", "2026-02-30T13:28:07Z", "2026-11-22T24:00:00Z",
                           "2026-11-22T13:28:07+01", "2026-11-22T13:28:07Zx",
                           "2026-1--22T13:28:07Z", " 2026-11-22T13:28:07Z"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

TEST(StoreValue, BringsBothBackendsToOneType) {
  EXPECT_EQ(Value("42").integer(), 42);
  EXPECT_EQ(Value(42).text(), "42");
  EXPECT_EQ(Value("0.25").real(), 0.25);
  EXPECT_EQ(Value(0.25).text(), "0.25");
  EXPECT_TRUE(Value("t").flag());
  EXPECT_FALSE(Value("f").flag());
  EXPECT_TRUE(Value(true).flag());
  EXPECT_TRUE(Value().is_null());
  EXPECT_EQ(Value().integer(), 0);
  EXPECT_EQ(Value("not a number").integer(), 0);
  EXPECT_EQ(Value(std::optional<Time>()).maybe_time(), std::nullopt);
}

}  // namespace
}  // namespace store
