#include "sim/flash.h"

#include <gtest/gtest.h>

#include "sim/test_scene.h"
#include "sim/trig.h"

namespace sim {
namespace {

using enum WeaponId;
using test::armed;
using test::Scene;

// A flash at (240,135) thrown by slot `owner`.
void go_off(Scene& scene, Slot owner, Vec2 at = {240, 135}) {
  Projectile thrown;
  thrown.id = 1;
  thrown.type = flashbang;
  thrown.owner = owner;
  thrown.position = at;
  flash(scene.turn(), thrown);
}

TEST(Flash, G2_AnyWallBetweenSavesTheEyes) {
  for (const double distance : {12.0, 20.0, 40.0, 60.0}) {
    EXPECT_EQ(flash_intensity(distance, false, 0.0), 0.0);
    EXPECT_GT(flash_intensity(distance, true, 0.0), 0.0);
    Scene scene({test::vertical(Material::glass, 240, 110)});
    const Slot slot = scene.add({235 - distance, 135}, Team::red, armed(rifle), 0.0);
    go_off(scene, slot, {255, 135});
    EXPECT_TRUE(scene.events(EventKind::flash).empty());
  }
}

// G6 with 12.2 #14: a hole lets the light through.
TEST(Flash, HolesDoNotProtect) {
  Scene scene({test::vertical(Material::glass, 240, 110)});
  scene.open_slices(0, {2});
  const Slot slot = scene.add({220, 135}, Team::red, armed(rifle), 0.0);
  go_off(scene, slot, {255, 135});
  ASSERT_EQ(scene.events(EventKind::flash).size(), 1U);
  EXPECT_TRUE(scene.events(EventKind::flash)[0].flag);
}

TEST(Flash, G3_PhasesAndTheirCourse) {
  const double intensity = flash_intensity(20, true, 0.0);
  const FlashPhases phases = flash_phases(intensity);
  EXPECT_EQ(phases.blind_ms, 1142U);
  EXPECT_EQ(phases.disoriented_ms, 1523U);
  EXPECT_EQ(phases.recovering_ms, 761U);
  struct Row {
    double ms;
    FlashPhase phase;
    double visual, audio, movement;
  };
  const Row rows[] = {{0, FlashPhase::blind, intensity, .8 * intensity, .6 * intensity},
                      {1500, FlashPhase::disoriented, .6362, .5376, .4247},
                      {2665, FlashPhase::recovering, .2285, .3046, .2285},
                      {3000, FlashPhase::recovering, .1279, .1705, .1279},
                      {3426, FlashPhase::normal, 0, 0, 0}};
  for (const Row& row : rows) {
    const FlashEffect effect = flash_effect(intensity, row.ms);
    EXPECT_EQ(effect.phase, row.phase) << row.ms;
    EXPECT_NEAR(effect.visual, row.visual, 1e-4) << row.ms;
    EXPECT_NEAR(effect.audio, row.audio, 1e-4) << row.ms;
    EXPECT_NEAR(effect.movement, row.movement, 1e-4) << row.ms;
  }
}

TEST(Flash, G4_OwnerAndTeamMateAreAffectedToo) {
  Scene scene;
  const Slot owner = scene.add({235, 135}, Team::red, armed(flashbang), 0.0);
  const Slot mate = scene.add({245, 135}, Team::red, armed(rifle), kPi);
  go_off(scene, owner);
  EXPECT_NEAR(scene.player(owner).flash.intensity, .921, 5e-4);
  EXPECT_NEAR(scene.player(mate).flash.intensity, .921, 5e-4);
}

TEST(Flash, G7_ThrownAtSomebodyLookingBack) {
  Scene scene;
  const Slot owner = scene.add({100, 135}, Team::red, armed(flashbang), 0.0);
  const Slot victim = scene.add({160, 135}, Team::blue, armed(rifle), kPi);
  scene.step({Scene::fire(owner, flashbang)});
  scene.steps(90);
  const auto flashes = scene.events(EventKind::flash);
  ASSERT_EQ(flashes.size(), 2U);
  EXPECT_EQ(flashes[1].slot, victim);
  EXPECT_NEAR(flashes[1].value2, 33.4128, 1e-4);
  EXPECT_NEAR(flashes[1].value, .6404, 1e-4);
  const FlashPhases phases = flash_phases(flashes[1].value);
  EXPECT_EQ(phases.blind_ms, 960U);
  EXPECT_EQ(phases.disoriented_ms, 1280U);
  EXPECT_EQ(phases.recovering_ms, 640U);
  EXPECT_EQ(scene.player(victim).flash.end - scene.player(victim).flash.begin, ticks_from_ms(2880));
}

TEST(Flash, NobodyIsBlindedFromBehind) {
  for (const double distance : {0.0, 10.0, 50.0})
    EXPECT_EQ(flash_intensity(distance, true, 0.51), 0.0);
}

// G5 with the decided rule: the effect that lasts longer is kept.
TEST(Flash, AWeakerOneDoesNotEndAStrongerOne) {
  Scene scene;
  const Slot slot = scene.add({230, 135}, Team::red, armed(rifle), 0.0);
  go_off(scene, slot);
  const double strong = scene.player(slot).flash.intensity;
  go_off(scene, slot, {320, 135});
  EXPECT_EQ(scene.player(slot).flash.intensity, strong);
  EXPECT_EQ(scene.events(EventKind::flash).size(), 1U);
  scene.steps(270);
  EXPECT_EQ(scene.player(slot).flash.intensity, 0.0);
}

}  // namespace
}  // namespace sim
