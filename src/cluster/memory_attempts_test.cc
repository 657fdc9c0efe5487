// S1: tries in windows, blocks that grow, and a bound for what strangers can make us remember.

#include "cluster/memory_attempts.h"

#include <gtest/gtest.h>

namespace cluster {
namespace {

using namespace std::chrono_literals;

class AttemptsInTime : public testing::Test {
 protected:
  milliseconds once(const std::string& key, int limit = 5) {
    return attempts_.admit({{key, limit}}).front();
  }
  MemoryAttempts::Clock::time_point now_{};
  MemoryAttempts attempts_{{}, [this] { return now_; }};
};

TEST_F(AttemptsInTime, S1_TryingOnDoesNotLengthenABlock) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(once("ada"), 0s) << i;
  EXPECT_EQ(once("ada"), 15min);
  now_ += 15min - 1s;
  EXPECT_EQ(once("ada"), 1s);
  now_ += 1s;
  EXPECT_EQ(once("ada"), 0s);
}

TEST_F(AttemptsInTime, S1_BlocksDoubleUpToAnHour) {
  for (const auto expected : {15min, 30min, 60min, 60min}) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(once("ada"), 0s);
    EXPECT_EQ(once("ada"), expected);
    now_ += expected;
  }
}

TEST_F(AttemptsInTime, S1_FailuresFadeWithTheWindow) {
  for (int i = 0; i < 4; ++i) once("ada");
  now_ += 15min;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(once("ada"), 0s) << i;
  EXPECT_GT(once("ada"), 0s);
}

TEST_F(AttemptsInTime, S1_BlocksInARowAreForgottenAfterADay) {
  for (int i = 0; i < 6; ++i) once("ada");
  now_ += 15min + 24h + 1s;
  for (int i = 0; i < 2000; ++i) once("somebody " + std::to_string(i));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(once("ada"), 0s);
  EXPECT_EQ(once("ada"), 15min);
}

TEST_F(AttemptsInTime, S1_NamesMadeUpByTheThousandDoNotFillTheMemory) {
  constexpr std::size_t kBound = 3000;
  MemoryAttempts bounded({}, [this] { return now_; }, kBound);
  for (int i = 0; i < 6; ++i) bounded.admit({{"locked", 5}});
  for (int i = 0; i < 20'000; ++i) {
    now_ += 1ms;
    bounded.admit({{"made up " + std::to_string(i), 5}});
    ASSERT_LE(bounded.size(), kBound + 1);
  }
  EXPECT_GT(bounded.look({{"locked", 5}}).front(), 0s) << "blocks outlive what fades sooner";
}

}  // namespace
}  // namespace cluster
