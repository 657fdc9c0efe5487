// The judge of the leak test is judged: it must object to what a careless encoder could send.

#include "lobby/frames_judge.h"

#include <gtest/gtest.h>

#include "sim/step.h"

namespace lobby {
namespace {

using sim::EventKind;

// The viewer A looks right; B stands before him, C behind a wall of concrete.
class JudgeTest : public testing::Test {
 protected:
  JudgeTest() {
    auto map = sim::map_from_walls("court", {{{200, 110}, false, sim::Material::concrete, 5}},
                                   {{45, 85}}, {{435, 155}});
    world_ = sim::make_world(std::make_shared<const sim::Map>(std::move(map).value()), 1);
    place(0, sim::Team::red, {150, 135});
    place(1, sim::Team::blue, {180, 135});
    place(2, sim::Team::blue, {240.25, 135.5});
  }

  void place(sim::Slot slot, sim::Team team, sim::Vec2 at) {
    sim::Player& player = world_.players[slot];
    player.in_world = player.alive = true;
    player.team = team;
    player.position = at;
    player.health = 100;
  }

  // Does it object to this packet about that event to A?
  bool objects(const sim::Event& cause, const std::string& name, const std::string& body) {
    FramesJudge judge(ids_);
    const std::string packet = "42[\"" + name + "\",{" + body + "}]";
    judge.event(world_, 0, cause, packet);
    return !judge.complaint().empty();
  }

  const FramesJudge::Ids ids_{"seatA_", "seatB_", "seatC_", "seatD_",
                              "seatE_", "seatF_", "seatG_", "seatH_"};
  sim::World world_;
};

TEST_F(JudgeTest, S5_AWallMayNameOnlyAShooterInSightAndOnlyHisWeapon) {
  for (const char* name : {"wall:damaged", "wall:destroyed"}) {
    sim::Event cause;
    cause.kind =
        name == std::string("wall:damaged") ? EventKind::wall_damaged : EventKind::wall_destroyed;
    cause.slot = 2;
    cause.wall = 0;
    const std::string wall =
        R"("wallId":"wall_1","position":{"x":205,"y":135},"sliceIndex":2,"newHealth":650,)"
        R"("isDestroyed":false,"material":"concrete")";
    const std::string unseen = wall + R"(,"playerId":"unknown")";
    EXPECT_FALSE(objects(cause, name, unseen));
    EXPECT_TRUE(objects(cause, name, wall + R"(,"playerId":"seatC_")"));
    EXPECT_TRUE(objects(cause, name, wall)) << "a playerId there must be";
    EXPECT_TRUE(objects(cause, name, unseen + R"(,"weaponType":"antimaterialrifle")"));
    EXPECT_TRUE(objects(cause, name, unseen + R"(,"damage":250)"));
    EXPECT_TRUE(objects(cause, name, unseen + R"(,"damageType":"explosion")"));
    EXPECT_TRUE(objects(cause, name, unseen + R"(,"pelletIndex":3)"));
    cause.slot = 1;
    EXPECT_FALSE(
        objects(cause, name, wall + R"(,"playerId":"seatB_","weaponType":"rifle","damage":25)"));
  }
}

TEST_F(JudgeTest, S5_AProjectileThatIsGoneIsParkedAndWasKnown) {
  FramesJudge judge(ids_);
  sim::Event event;
  event.slot = 1;
  event.id = 4;
  event.kind = EventKind::projectile_created;
  event.position = {180, 135};
  judge.event(
      world_, 0, event,
      R"(42["projectile:created",{"id":"projectile_4","type":"grenade","playerId":"seatB_",)"
      R"("position":{"x":180,"y":135},"velocity":{"x":1,"y":0}}])");
  event.kind = EventKind::projectile_gone;
  event.position = {240.25, 135.5};
  judge.event(world_, 0, event,
              R"(42["projectile:updated",{"id":"projectile_4","position":{"x":-1000,"y":-1000}}])");
  EXPECT_EQ(judge.complaint(), "");
  EXPECT_TRUE(objects(event, "projectile:updated",
                      R"("id":"projectile_4","position":{"x":-1000,"y":-1000})"))
      << "never announced";
  judge.event(
      world_, 0, event,
      R"(42["projectile:updated",{"id":"projectile_4","position":{"x":240.25,"y":135.5}}])");
  EXPECT_NE(judge.complaint(), "") << "where it was is nobody's business";
}

TEST_F(JudgeTest, S5_AHiddenPlaceIsFoundUnderAnyName) {
  sim::Event cause;
  cause.kind = EventKind::shot_fired;
  cause.slot = 1;
  const std::string shot =
      R"("playerId":"seatB_","weaponType":"rifle","position":{"x":180,"y":135})";
  EXPECT_FALSE(objects(cause, "weapon:fired", shot));
  EXPECT_TRUE(objects(cause, "weapon:fired", shot + R"(,"by":[{"x":240.25,"y":135.5}])"));
  cause.slot = 2;
  EXPECT_TRUE(objects(cause, "weapon:fired", R"("playerId":"seatC_","position":{"x":1,"y":1})"));
}

}  // namespace
}  // namespace lobby
