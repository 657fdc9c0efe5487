// S1: five failures in 15 minutes by account, more by address, with growing blocks.

#include "accounts/login_guard.h"

#include <gtest/gtest.h>

namespace accounts {
namespace {

using namespace std::chrono_literals;

class Guard : public testing::Test {
 protected:
  std::chrono::seconds fail(const std::string& account, const std::string& address = "") {
    return guard_.admit(account, address, now_);
  }
  LoginGuard guard_{LoginGuard::Limits{}};
  LoginGuard::Clock::time_point now_{};
};

TEST_F(Guard, S1_TheSixthTryOfAWindowWaits) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fail("ada"), 0s) << i;
  EXPECT_EQ(fail("ada"), 15min);
  EXPECT_EQ(fail("bob"), 0s) << "nobody else is affected";
  now_ += 15min - 1s;
  EXPECT_EQ(fail("ada"), 1s) << "trying again does not lengthen the block";
  now_ += 1s;
  EXPECT_EQ(fail("ada"), 0s);
}

TEST_F(Guard, S1_BlocksDoubleUpToAnHour) {
  for (const auto expected : {15min, 30min, 60min, 60min}) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(fail("ada"), 0s);
    EXPECT_EQ(fail("ada"), expected);
    now_ += expected;
  }
}

TEST_F(Guard, S1_FailuresFadeWithTheWindow) {
  for (int i = 0; i < 4; ++i) fail("ada");
  now_ += 15min;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fail("ada"), 0s) << i;
  EXPECT_GT(fail("ada"), 0s);
}

TEST_F(Guard, S1_SuccessClearsTheAccountAndGivesTheAddressItsTryBack) {
  for (int round = 0; round < 100; ++round) {
    EXPECT_EQ(fail("ada", "10.0.0.1"), 0s);
    guard_.succeeded("ada", "10.0.0.1");
  }
}

TEST_F(Guard, S1_OneAddressTryingManyAccountsIsStopped) {
  for (int i = 0; i < 30; ++i) EXPECT_EQ(fail("player" + std::to_string(i), "10.0.0.1"), 0s) << i;
  EXPECT_GT(fail("another", "10.0.0.1"), 0s);
  EXPECT_GT(guard_.wait("another", "10.0.0.1", now_), 0s);
  EXPECT_EQ(guard_.wait("another", "10.0.0.2", now_), 0s);
  EXPECT_EQ(fail("another", "10.0.0.2"), 0s);
}

TEST_F(Guard, S1_AnIPv6NetworkIsOneAddress) {
  for (int i = 0; i < 30; ++i) fail("player" + std::to_string(i), "2001:db8:1:2::1");
  EXPECT_GT(fail("another", "2001:db8:1:2:3:4:5:6"), 0s);
  EXPECT_EQ(fail("another", "2001:db8:1:3::1"), 0s);
}

}  // namespace
}  // namespace accounts
