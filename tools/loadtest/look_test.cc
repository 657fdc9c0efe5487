#include "loadtest/look.h"

#include <gtest/gtest.h>

#include <string>

namespace loadtest {
namespace {

// As src/wire/state.cc writes it, shortened.
std::string state(const std::string& seen) {
  return R"(42["game:state",{"players":{"me":{"id":"me","name":"Me","team":"red","position":{"x":45.5,"y":85},)"
         R"("rotation":0,"velocity":{"x":0,"y":0},"health":100,"isAlive":true,"movementState":"idle","isADS":false,)"
         R"("kills":0,"deaths":0,"lastProcessedInput":9,"weaponType":"smg","weapons":{"smg":{"currentAmmo":7,)"
         R"("reserveAmmo":210,"isReloading":true},"pistol":{"currentAmmo":12,"reserveAmmo":72,"isReloading":false}}},)"
         R"("other":{"id":"other","name":"O","team":"blue","kills":0,"deaths":0,"isAlive":true}},"visiblePlayers":[)" +
         seen + R"(],"projectiles":[],"smokeZones":[],"scores":{"red":0,"blue":0}}])";
}

std::string seen(const char* team, double x, const char* alive) {
  return std::string(R"({"id":"a","team":")") + team + R"(","position":{"x":)" + std::to_string(x) +
         R"(,"y":85},"rotation":0,"health":100,"isAlive":)" + alive +
         R"(,"kills":0,"weaponType":"rifle"})";
}

TEST(Look, OneselfAndOnesWeapon) {
  const std::string packet = state("");
  const auto look = look_at(packet, "me");
  ASSERT_TRUE(look);
  EXPECT_EQ(look->me.x, 45.5);
  EXPECT_EQ(look->me.y, 85);
  EXPECT_TRUE(look->alive);
  EXPECT_EQ(look->weapon, "smg");
  EXPECT_EQ(look->ammo, 7);
  EXPECT_TRUE(look->reloading);
  EXPECT_FALSE(look->enemy);
}

TEST(Look, TheNearestLivingEnemyInSight) {
  const std::string packet = state(seen("red", 50, "true") + "," + seen("blue", 48, "false") + "," +
                                   seen("blue", 300, "true") + "," + seen("blue", 100, "true") +
                                   "," + seen("blue", -1000, "true"));
  const auto look = look_at(packet, "me");
  ASSERT_TRUE(look && look->enemy);
  EXPECT_EQ(look->enemy->x, 100);
}

TEST(Look, OtherTextIsNoState) {
  EXPECT_FALSE(look_at("42[\"game:state\",{\"players\":\"xxxx\"}]", "me"));
  EXPECT_FALSE(look_at(state(""), "somebody"));
  const std::string whole = state(seen("blue", 100, "true"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    look_at(std::string_view(whole).substr(0, size),
            "me");  // reads nothing beyond: sanitizers look
  }
}

}  // namespace
}  // namespace loadtest
