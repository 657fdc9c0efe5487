#include "loadtest/schedule.h"

#include <gtest/gtest.h>

#include <map>

namespace loadtest {
namespace {

TEST(Schedule, PlayersComeEvenlyOverTheRamp) {
  Options options;
  options.players = 40;
  options.ramp = 2;
  EXPECT_EQ(begin_of(options, 0), 0);
  EXPECT_EQ(begin_of(options, 20), 1);
  EXPECT_LT(begin_of(options, 39), 2);
  options.ramp = 0;
  EXPECT_EQ(begin_of(options, 39), 0);
}

TEST(Schedule, AMixIsSixTwoOneOne) {
  using Role = Player::Role;
  std::map<Role, int> roles;
  for (std::uint64_t player = 0; player < 1'000; ++player) ++roles[role_of(Profile::mix, player)];
  EXPECT_EQ(roles[Role::regular], 600);
  EXPECT_EQ(roles[Role::idler], 200);
  EXPECT_EQ(roles[Role::dropper], 100);
  EXPECT_EQ(roles[Role::leaver], 100);
  EXPECT_EQ(role_of(Profile::idle, 4), Role::idler);
  EXPECT_EQ(role_of(Profile::reconnect, 5), Role::regular);
}

}  // namespace
}  // namespace loadtest
