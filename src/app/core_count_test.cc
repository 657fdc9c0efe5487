// A node makes no more shards than its container may run.

#include "app/core_count.h"

#include <gtest/gtest.h>

namespace app {
namespace {

TEST(CoreCount, the_whole_cores_of_the_quota) {
  EXPECT_EQ(cores_of_quota("200000 100000\n", 8), 2u);
  EXPECT_EQ(cores_of_quota("350000 100000\n", 8), 3u) << "the rest is for the other threads";
  EXPECT_EQ(cores_of_quota("100000 50000", 8), 2u);
}

TEST(CoreCount, at_least_one_and_never_more_than_the_machine_has) {
  EXPECT_EQ(cores_of_quota("50000 100000\n", 8), 1u);
  EXPECT_EQ(cores_of_quota("0 100000\n", 8), 1u);
  EXPECT_EQ(cores_of_quota("1600000 100000\n", 8), 8u);
}

TEST(CoreCount, without_a_quota_the_machines) {
  for (const char* text : {"max 100000\n", "", "\n", "200000", "200000 ", "200000 0\n", "x y",
                           "99999999999999999999999 100000"})
    EXPECT_EQ(cores_of_quota(text, 8), 8u) << text;
}

TEST(CoreCount, the_group_of_the_second_version_counts) {
  EXPECT_EQ(cgroup_path("0::/system.slice/game.service\n"), "/system.slice/game.service");
  EXPECT_EQ(cgroup_path("4:cpu:/old\n0::/new\n"), "/new");
  EXPECT_EQ(cgroup_path("4:cpu:/old\n"), "/");
  EXPECT_EQ(cgroup_path("0::/\n"), "/");
  EXPECT_EQ(cgroup_path(""), "/");
}

TEST(CoreCount, of_this_process_is_at_least_one) { EXPECT_GE(core_count(), 1u); }

}  // namespace
}  // namespace app
