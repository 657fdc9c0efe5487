#include "sim/movement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sim/test_scene.h"
#include "sim/trig.h"

namespace sim {
namespace {

using test::Scene;

struct Vector {
  const char* id;
  std::vector<Wall> walls;
  std::vector<int> open;  // slices of the only wall
  Vec2 start;
  int keys;
  Vec2 mouse;
  int steps;
  Vec2 end;
};

const Wall kHc = test::horizontal(Material::concrete, 200, 100);
const Vec2 kAnywhere = {240, 135};

// Rules 13.1. C9 (true-length walls) is not taken: decisions 1 and 15 keep the client's padded
// strip, as A17 shows.
const Vector kVectors[] = {
    {"A1", {}, {}, {100, 100}, kKeyShift | kKeyD | kKeyS, {400, 110}, 60, {206.066017, 206.066017}},
    {"A2", {}, {}, {100, 100}, kKeyD | kKeyS, {400, 110}, 60, {170.710678, 170.710678}},
    {"A3", {}, {}, {200, 200}, kKeyShift | kKeyA, {400, 200}, 60, {100, 200}},
    {"A5", {}, {}, {100, 100}, kKeyCtrl | kKeyShift | kKeyD, {400, 100}, 60, {150, 100}},
    {"A6", {}, {}, {100, 100}, kKeyA | kKeyD, {400, 100}, 60, {100, 100}},
    {"A7", {}, {}, {460, 250}, kKeyShift | kKeyD | kKeyS, {480, 250}, 60, {470, 260}},
    {"A8", {kHc}, {}, {225, 130}, kKeyW, kAnywhere, 60, {225, 116.666667}},
    {"A10", {kHc}, {}, {150, 105}, kKeyD, kAnywhere, 120, {195, 105}},
    {"A11", {kHc}, {}, {150, 94.9}, kKeyD, kAnywhere, 60, {250, 94.9}},
    {"A12", {kHc}, {}, {150, 95}, kKeyD, kAnywhere, 60, {195, 95}},
    {"A13", {kHc}, {2}, {225, 130}, kKeyW, kAnywhere, 60, {225, 30}},
    {"A15", {kHc}, {2}, {230, 130}, kKeyW, kAnywhere, 60, {230, 116.666667}},
    {"A17",
     {test::horizontal(Material::concrete, 200, 100, 3)},
     {},
     {270, 105},
     kKeyA,
     kAnywhere,
     60,
     {256.666667, 105}},
    {"A18", {kHc}, {0, 1, 2, 3, 4}, {270, 105}, kKeyA, kAnywhere, 60, {256.666667, 105}},
    {"A20",
     {test::vertical(Material::concrete, 140, 110)},
     {4},
     {100, 155},
     kKeyD,
     kAnywhere,
     60,
     {200, 155}},
    {"A23", {}, {}, {240, 135}, kKeyShift | kKeyD, {300, 195}, 1, {241.666667, 135}},
    {"A24", {}, {}, {240, 135}, kKeyShift | kKeyS, {300, 195}, 1, {240, 137.5}},
};

TEST(Movement, VectorsA1ToA24) {
  for (const Vector& v : kVectors) {
    SCOPED_TRACE(v.id);
    Scene scene(v.walls);
    for (const int slice : v.open) scene.open_slices(0, {slice});
    const Slot slot = scene.add(v.start);
    for (int i = 0; i < v.steps; ++i) {
      scene.step({Scene::input(slot, static_cast<std::uint32_t>(i + 1), v.keys, v.mouse)});
    }
    EXPECT_NEAR(scene.player(slot).position.x, v.end.x, 1e-6);
    EXPECT_NEAR(scene.player(slot).position.y, v.end.y, 1e-6);
  }
}

// The quarter of the aim decides whether shift runs; its borders belong to the quarter clockwise
// (rules 3.3).
TEST(Movement, QuadrantBordersAreHalfOpen) {
  struct Row {
    Vec2 mouse;
    Key runs;
  };
  const Row rows[] = {{{20, 0}, kKeyD},   {{20, 19}, kKeyD},   {{20, 20}, kKeyS},
                      {{0, 20}, kKeyS},   {{-19, 20}, kKeyS},  {{-20, 20}, kKeyA},
                      {{-20, 0}, kKeyA},  {{-20, -20}, kKeyW}, {{0, -20}, kKeyW},
                      {{20, -20}, kKeyD}, {{19, -20}, kKeyW},  {{0, 0}, kKeyD}};
  for (const Row& row : rows) {
    for (const Key key : {kKeyW, kKeyA, kKeyS, kKeyD}) {
      Scene scene;
      const Slot slot = scene.add({240, 135});
      scene.step({Scene::input(slot, 1, kKeyShift | key, {240 + row.mouse.x, 135 + row.mouse.y})});
      const bool ran = scene.player(slot).movement == MovementState::running;
      EXPECT_EQ(ran, key == row.runs) << row.mouse.x << ' ' << row.mouse.y << " key " << key;
    }
  }
}

TEST(Movement, RotationLooksFromTheNewPositionToTheMouse) {
  Scene scene;
  const Slot slot = scene.add({100, 100});
  scene.step({Scene::input(slot, 1, kKeyD, {100, 200})});
  EXPECT_EQ(scene.player(slot).rotation, atan2(100, 100 - scene.player(slot).position.x));
}

TEST(Movement, VelocityDecaysByAFifthPerIdleStep) {
  Scene scene;
  const Slot slot = scene.add({100, 100});
  scene.step({Scene::input(slot, 1, kKeyD, {400, 100})});
  EXPECT_EQ(scene.player(slot).velocity, (Vec2{100, 0}));
  EXPECT_EQ(scene.player(slot).movement, MovementState::walking);
  scene.step({Scene::input(slot, 2, 0, {400, 100})});
  EXPECT_EQ(scene.player(slot).velocity, (Vec2{80, 0}));
  EXPECT_EQ(scene.player(slot).movement, MovementState::idle);
}

// Steps walked right, in whole steps of 100/60 px.
int steps_walked(Scene& scene, Slot slot) {
  return static_cast<int>((scene.player(slot).position.x - 100.0) * 0.6 + 0.5);
}

// Wire contract 7.3: steps = gap of the sequence less the shots in between.
TEST(StepCredit, GapsCountAndShotsDoNot) {
  Scene scene;
  const Slot slot = scene.add({100, 100});
  const Vec2 mouse{400, 100};
  scene.step({Scene::input(slot, 1, kKeyD, mouse)});
  EXPECT_EQ(steps_walked(scene, slot), 1);
  scene.step({Scene::input(slot, 3, kKeyD, mouse)});
  EXPECT_EQ(steps_walked(scene, slot), 3);
  Command shot = Scene::fire(slot, WeaponId::rifle);
  shot.sequence = 4;
  scene.step({shot});
  EXPECT_EQ(scene.player(slot).sequence, 3U) << "a shot must not acknowledge steps";
  scene.step({Scene::input(slot, 5, kKeyD, mouse)});
  EXPECT_EQ(steps_walked(scene, slot), 4);
  shot.sequence = 7;
  scene.step({Scene::input(slot, 6, kKeyD, mouse), shot, Scene::input(slot, 8, kKeyD, mouse)});
  EXPECT_EQ(steps_walked(scene, slot), 6) << "several inputs of one tick count in their order";
  EXPECT_EQ(scene.player(slot).sequence, 8U);
}

TEST(StepCredit, ARepeatedSequenceGivesNoStep) {
  Scene scene;
  const Slot slot = scene.add({100, 100});
  for (int i = 0; i < 5; ++i) scene.step({Scene::input(slot, 7, kKeyD, {400, 100})});
  EXPECT_EQ(steps_walked(scene, slot), 1);
}

// Decision 2: 60 steps a second with a burst of 15, whatever the client claims (S4).
TEST(StepCredit, IsCappedAt60StepsASecondWithABurstOf15) {
  Scene scene;
  const Slot slot = scene.add({100, 100});
  scene.step({Scene::input(slot, 1, 0, {400, 100})});
  scene.steps(1);
  scene.step({Scene::input(slot, 1000, kKeyD, {400, 100})});
  EXPECT_EQ(steps_walked(scene, slot), 15);
  for (std::uint32_t i = 1; i <= 60; ++i)
    scene.step({Scene::input(slot, 1000 + 3 * i, kKeyD, {400, 100})});
  EXPECT_EQ(steps_walked(scene, slot), 75);
}

// A lower sequence is a new Game scene: accepted, and counted as one step.
TEST(StepCredit, LowerSequenceStartsAfresh) {
  Scene scene;
  const Slot slot = scene.add({100, 100});
  scene.step({Scene::input(slot, 500, 0, {400, 100})});
  scene.step({Scene::input(slot, 2, kKeyD, {400, 100})});
  EXPECT_EQ(scene.player(slot).sequence, 2U);
  EXPECT_EQ(steps_walked(scene, slot), 1);
  scene.step({Scene::input(slot, 3, kKeyD, {400, 100})});
  EXPECT_EQ(steps_walked(scene, slot), 2);
}

TEST(StepCredit, TheDeadTurnAndAreAcknowledgedButStay) {
  Scene scene;
  const Slot slot = scene.add({100, 100});
  scene.step({Scene::command(CommandKind::kill, slot)});
  ASSERT_FALSE(scene.player(slot).alive);
  scene.step({Scene::input(slot, 9, kKeyD | kKeyR | kKey2, {100, 200})});
  EXPECT_EQ(scene.player(slot).position, (Vec2{100, 100}));
  EXPECT_EQ(scene.player(slot).rotation, kPi / 2);
  EXPECT_EQ(scene.player(slot).sequence, 9U);
}

// L9: the body of a player whose line is down is frozen in place.
TEST(Movement, L9_AHaltedBodyKeepsNoVelocity) {
  Scene scene;
  const Slot slot = scene.add({100, 100});
  scene.step({Scene::input(slot, 1, kKeyD | kKeyShift, {400, 100})});
  const Player& player = scene.player(slot);
  const Vec2 there = player.position;
  ASSERT_EQ(player.velocity, (Vec2{150, 0}));
  ASSERT_EQ(player.movement, MovementState::running);
  scene.step({Scene::command(CommandKind::halt, slot)});
  EXPECT_EQ(player.velocity, (Vec2{}));
  EXPECT_EQ(player.movement, MovementState::idle);
  EXPECT_EQ(player.position, there);
  EXPECT_EQ(player.rotation, 0.0);
  EXPECT_EQ(player.sequence, 1U);
  scene.step({Scene::input(slot, 2, kKeyD, {400, 100})});
  EXPECT_GT(player.position.x, there.x) << "and walks on when the line is back";
  scene.step({Scene::command(CommandKind::halt, 7), Scene::command(CommandKind::halt, kNoSlot)});
}

TEST(Movement, HostileNumbersAreHarmless) {
  Scene scene;
  const Slot slot = scene.add({100, 100});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  scene.step({Scene::input(slot, 1, 0xffff, {nan, -1e308}), Scene::input(0xff, 1, kKeyD, {0, 0}),
              Scene::input(7, 1, kKeyD, {0, 0})});
  EXPECT_TRUE(std::isfinite(scene.player(slot).rotation));
  EXPECT_TRUE(std::isfinite(scene.player(slot).position.x));
}

}  // namespace
}  // namespace sim
