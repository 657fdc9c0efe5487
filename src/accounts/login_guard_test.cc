// S1: five failures in 15 minutes by account, more by address; the owner's own address is not kept
// out by others.

#include "accounts/login_guard.h"

#include <gtest/gtest.h>

#include "cluster/memory_attempts.h"

namespace accounts {
namespace {

using namespace std::chrono_literals;

class Guard : public testing::Test {
 protected:
  std::chrono::seconds fail(const std::string& account, const std::string& address = "") {
    return guard_.admit(account, address).longest();
  }
  cluster::MemoryAttempts::Clock::time_point now_{};
  cluster::MemoryAttempts attempts_{{}, [this] { return now_; }};
  LoginGuard guard_{attempts_, LoginGuard::Limits{}, "key"};
};

TEST_F(Guard, S1_TheSixthTryOfAnAccountWaits) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fail("ada"), 0s) << i;
  EXPECT_EQ(fail("ada"), 15min);
  EXPECT_EQ(fail("bob"), 0s) << "nobody else is affected";
  EXPECT_EQ(guard_.look("ada", "").by_account, 15min);
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
  EXPECT_GT(guard_.look("another", "10.0.0.1").by_address, 0s);
  EXPECT_FALSE(guard_.look("another", "10.0.0.1").locked());
  EXPECT_EQ(guard_.look("another", "10.0.0.2").longest(), 0s);
  EXPECT_EQ(fail("another", "10.0.0.2"), 0s);
}

TEST_F(Guard, S1_RegistrationsCountByAddressAlone) {
  for (int i = 0; i < 30; ++i) EXPECT_EQ(fail("", "10.0.0.1"), 0s) << i;
  EXPECT_GT(fail("", "10.0.0.1"), 0s);
  EXPECT_EQ(fail("", ""), 0s);
}

TEST_F(Guard, S1_AnIPv6NetworkIsOneAddress) {
  for (int i = 0; i < 30; ++i) fail("player" + std::to_string(i), "2001:db8:1:2::1");
  EXPECT_GT(fail("another", "2001:db8:1:2:3:4:5:6"), 0s);
  EXPECT_EQ(fail("another", "2001:db8:1:3::1"), 0s);
}

TEST_F(Guard, S1_ALockedAccountLeavesItsOwnersAddressThreeTries) {
  for (int i = 0; i < 5; ++i) fail("ada", "10.6.6.6");
  EXPECT_TRUE(guard_.look("ada", "10.0.0.1").locked());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(guard_.admit_known("ada", "10.0.0.1").longest(), 0s) << i;
  EXPECT_EQ(guard_.admit_known("ada", "10.0.0.1").longest(), 15min);
  EXPECT_EQ(guard_.look_known("ada", "10.0.0.1").longest(), 15min);
  EXPECT_EQ(guard_.admit_known("ada", "10.0.0.2").longest(), 0s) << "each has its own";
}

TEST_F(Guard, S1_TheOwnersSuccessDoesNotOpenTheAccountForOthers) {
  for (int i = 0; i < 5; ++i) fail("ada", "10.6.6.6");
  for (int round = 0; round < 10; ++round) {
    EXPECT_EQ(guard_.admit_known("ada", "10.0.0.1").longest(), 0s);
    guard_.succeeded_known("ada", "10.0.0.1");
  }
  EXPECT_EQ(fail("ada", "10.6.6.7"), 15min);
}

TEST_F(Guard, S1_FingerprintsTellAccountsAddressesAndKeysApart) {
  const std::string one = guard_.fingerprint("ada", "10.0.0.1");
  EXPECT_EQ(guard_.fingerprint("ada", "10.0.0.1"), one);
  EXPECT_NE(guard_.fingerprint("bob", "10.0.0.1"), one);
  EXPECT_NE(guard_.fingerprint("ada", "10.0.0.2"), one);
  EXPECT_NE((LoginGuard{attempts_, {}, "other"}.fingerprint("ada", "10.0.0.1")), one);
  EXPECT_EQ(guard_.fingerprint("ada", "2001:db8:1:2::1"),
            guard_.fingerprint("ada", "2001:db8:1:2::2"));
}

}  // namespace
}  // namespace accounts
