// S2: what a hostile crowd took is given back.

#include "app/memory_return.h"

#include <gtest/gtest.h>

namespace app {
namespace {

TEST(CrowdWatch, S2_a_crowd_that_has_gone_is_told_of_once) {
  CrowdWatch watch;
  EXPECT_FALSE(watch.has_gone(200));
  EXPECT_FALSE(watch.has_gone(4'200));
  EXPECT_FALSE(watch.has_gone(1'500)) << "they are still going";
  EXPECT_FALSE(watch.has_gone(200)) << "they are still going";
  EXPECT_TRUE(watch.has_gone(200));
  EXPECT_FALSE(watch.has_gone(200));
  EXPECT_FALSE(watch.has_gone(0));
  EXPECT_TRUE(watch.has_gone(0)) << "the players were a crowd, too";
  EXPECT_FALSE(watch.has_gone(4'000)) << "the next one";
  EXPECT_FALSE(watch.has_gone(10));
  EXPECT_TRUE(watch.has_gone(12)) << "somebody always comes";
}

TEST(CrowdWatch, those_who_stay_are_left_in_peace) {
  CrowdWatch watch;
  EXPECT_FALSE(watch.has_gone(1'000));
  for (const std::uint64_t present : {900, 900, 700, 720, 600, 600})
    EXPECT_FALSE(watch.has_gone(present)) << present;
  EXPECT_FALSE(watch.has_gone(500));
  EXPECT_TRUE(watch.has_gone(500)) << "half of them";
}

TEST(CrowdWatch, a_few_are_no_crowd) {
  CrowdWatch watch;
  EXPECT_FALSE(watch.has_gone(CrowdWatch::kCrowd - 1));
  EXPECT_FALSE(watch.has_gone(0));
  EXPECT_FALSE(watch.has_gone(0));
}

}  // namespace
}  // namespace app
