#include "api/admin_staff.h"

#include <gtest/gtest.h>

namespace api {
namespace {

// O5: the highest word counts, words that only look like one do not.
TEST(AdminStaff, TheRoleAmongThePermissions) {
  EXPECT_EQ(role_of(""), Role::none);
  EXPECT_EQ(role_of("vip beta"), Role::none);
  EXPECT_EQ(role_of("moderator admin viewer"), Role::admin);
  EXPECT_EQ(role_of("viewer  moderator"), Role::moderator);
  EXPECT_EQ(role_of("Admin administrator admin_of_hearts xadmin"), Role::none);
}

TEST(AdminStaff, ANewRoleReplacesTheOldAndLeavesTheRest) {
  EXPECT_EQ(with_role("", Role::viewer), "viewer");
  EXPECT_EQ(with_role("vip admin moderator beta", Role::viewer), "vip beta viewer");
  EXPECT_EQ(with_role("vip admin", Role::none), "vip");
  for (const Role role : {Role::none, Role::viewer, Role::moderator, Role::admin}) {
    EXPECT_EQ(parse_role(role_name(role)), role);
    EXPECT_EQ(role_of(with_role("moderator", role)), role);
  }
  EXPECT_EQ(parse_role("king"), std::nullopt);
}

}  // namespace
}  // namespace api
