// S4: guests cannot fill the table and the log of findings.

#include "moderation/guest_findings.h"

#include <gtest/gtest.h>

#include <string>

namespace moderation {
namespace {

using namespace std::chrono_literals;

class GuestFindingsTest : public ::testing::Test {
 protected:
  // How many of so many findings are kept.
  int kept(const std::string& address, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i) count += findings_.take(address, now_) ? 1 : 0;
    return count;
  }

  GuestFindings findings_;
  GuestFindings::Clock::time_point now_{100h};
};

TEST_F(GuestFindingsTest, S4_TwentyOfANetworkAreKeptInAnHour) {
  EXPECT_EQ(kept("192.0.2.1", 50), 20);
  EXPECT_EQ(kept("192.0.2.2", 50), 20) << "another one has his own";
  now_ += 59min;
  EXPECT_EQ(kept("192.0.2.1", 50), 0);
  now_ += 1min;
  EXPECT_EQ(kept("192.0.2.1", 50), 20);
}

TEST_F(GuestFindingsTest, S4_OneHouseholdHasOneShareHoweverManyAddresses) {
  EXPECT_EQ(kept("2001:db8:1:2::1", 15), 15);
  EXPECT_EQ(kept("2001:db8:1:2::2", 15), 5);
}

TEST_F(GuestFindingsTest, S4_GuestsWithoutAnAddressAreOne) { EXPECT_EQ(kept("", 50), 20); }

TEST_F(GuestFindingsTest, S4_ManyNetworksDoNotFillTheMemory) {
  for (std::size_t i = 0; i < GuestFindings::kNetworks; ++i)
    ASSERT_TRUE(findings_.take("network " + std::to_string(i), now_));
  EXPECT_EQ(kept("one more", 5), 0);
  EXPECT_EQ(kept("network 1", 50), 19);
  now_ += 1h;
  EXPECT_EQ(kept("one more", 5), 5);
}

}  // namespace
}  // namespace moderation
