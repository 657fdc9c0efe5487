#include "session/presence.h"

#include <gtest/gtest.h>

namespace session {
namespace {

TEST(Presence, the_second_device_learns_of_the_first) {
  Presence presence;
  EXPECT_FALSE(presence.claim("ada", {0, 1}, 5));
  const auto before = presence.claim("ada", {1, 7}, 6);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->number, 1u);
  presence.release("ada", {0, 1});
  EXPECT_TRUE(presence.find("ada")) << "the first device's goodbye does not count any more";
  presence.release("ada", {1, 7});
  EXPECT_FALSE(presence.find("ada"));
}

}  // namespace
}  // namespace session
