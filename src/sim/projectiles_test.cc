#include "sim/projectiles.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/explosion.h"
#include "sim/rolling.h"
#include "sim/test_scene.h"
#include "sim/trig.h"

namespace sim {
namespace {

using enum WeaponId;
using test::armed;
using test::Scene;

const Wall kConcrete = test::vertical(Material::concrete, 140, 110);

// Fires from `from` along `angle`; the projectile flies from the next tick on.
Slot send_off(Scene& scene, WeaponId weapon, Vec2 from, double angle = 0.0, int charge = 1) {
  const Slot slot = scene.add(from, Team::red, armed(weapon), angle);
  scene.step({Scene::fire(slot, weapon, charge)});
  return slot;
}

const Projectile& only(Scene& scene) {
  EXPECT_EQ(scene.world().projectiles.size(), 1U);
  return scene.world().projectiles.at(0);
}

// Steps until something explodes; the number of steps, and where.
struct Burst {
  int tick = 0;
  Vec2 at;
};
Burst run_to_burst(Scene& scene, int limit = 1000) {
  for (int tick = 1; tick <= limit; ++tick) {
    scene.step();
    const auto bursts = scene.events(EventKind::projectile_exploded);
    if (!bursts.empty()) return {tick, bursts[0].position};
  }
  return {};
}

TEST(Frag, P1_C8_StraightFlight) {
  const double rows[5][4] = {{114.387229, 127.651599, 151.155458, 171.133739},
                             {123.019567, 144.242559, 181.848733, 213.813982},
                             {131.651904, 160.833518, 212.542009, 256.494225},
                             {140.284242, 177.424478, 243.235284, 299.174469},
                             {148.916579, 194.015437, 273.928559, 341.854712}};
  for (int charge = 1; charge <= 5; ++charge) {
    Scene scene;
    send_off(scene, grenade, {100, 135}, 0.0, charge);
    const double* x = rows[charge - 1];
    scene.steps(30);
    EXPECT_NEAR(only(scene).position.x, x[0], 1e-5);
    scene.steps(30);
    EXPECT_NEAR(only(scene).position.x, x[1], 1e-5);
    scene.steps(60);
    EXPECT_NEAR(only(scene).position.x, x[2], 1e-5);
    const Burst burst = run_to_burst(scene);
    EXPECT_EQ(burst.tick, 60);
    EXPECT_NEAR(burst.at.x, x[3], 1e-5);
    EXPECT_EQ(scene.events(EventKind::explosion).size(), 1U);
    EXPECT_TRUE(scene.world().projectiles.empty());
  }
}

TEST(Thrown, P1b_SmokeAndFlash) {
  Scene smoke;
  send_off(smoke, smokegrenade, {100, 135}, 0.0, 5);
  Burst burst = run_to_burst(smoke);
  EXPECT_EQ(burst.tick, 120);
  EXPECT_NEAR(burst.at.x, 134.103639, 1e-5);
  EXPECT_TRUE(smoke.events(EventKind::explosion).empty()) << "12.2 #22";
  ASSERT_EQ(smoke.world().smokes.size(), 1U);
  EXPECT_EQ(smoke.world().smokes[0].id, 1U);
  Scene flashed;
  send_off(flashed, flashbang, {100, 135});
  burst = run_to_burst(flashed);
  EXPECT_EQ(burst.tick, 90);
  EXPECT_NEAR(burst.at.x, 126.587163, 1e-5);
}

TEST(Explosion, P4_C6_DamageByDistance) {
  struct Row {
    double damage, radius;
    std::vector<double> values;
  };
  const double distances[] = {0, 5, 10, 20, 25, 30, 40, 45, 50, 60};
  const Row rows[] = {{200, 50, {200, 180, 160, 120, 100, 80, 40, 20, 0, 0}},
                      {200, 40, {200, 175, 150, 100, 75, 50, 0, 0, 0, 0}},
                      {100, 40, {100, 87, 75, 50, 37, 25, 0, 0, 0, 0}}};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      EXPECT_EQ(explosion_damage(row.damage, row.radius, distances[i]), row.values[i])
          << row.radius << ' ' << distances[i];
    }
  }
}

TEST(Rocket, P5c_ExplodesOnContactAndKillsBoth) {
  Scene scene;
  const Slot owner = send_off(scene, rocket, {100, 135});
  const Slot near = scene.add({200, 135}, Team::blue);
  const Slot far = scene.add({220, 135}, Team::blue);
  const Burst burst = run_to_burst(scene);
  EXPECT_EQ(burst.tick, 29);
  EXPECT_NEAR(burst.at.x, 196.6667, 1e-4);
  EXPECT_FALSE(scene.player(near).alive);
  EXPECT_FALSE(scene.player(far).alive);
  EXPECT_EQ(scene.player(owner).kills, 2U);
  EXPECT_EQ(scene.events(EventKind::player_died).at(0).weapon, rocket);
}

TEST(Frag, P8_BouncesOffAWall) {
  Scene scene({kConcrete});
  send_off(scene, grenade, {120, 135}, 0.0, 3);
  scene.steps(17);
  EXPECT_NEAR(only(scene).position.x, 137.0, 1e-9);
  EXPECT_NEAR(only(scene).velocity.x, -44.1209, 1e-4);
  scene.steps(43);
  EXPECT_NEAR(only(scene).position.x, 107.1924, 1e-4);
}

TEST(Frag, P8b_BouncesAtAnAngle) {
  Scene scene({kConcrete});
  send_off(scene, grenade, {120, 120}, kPi / 4, 3);
  scene.steps(24);
  EXPECT_NEAR(only(scene).position.x, 137.0, 1e-4);
  EXPECT_NEAR(only(scene).position.y, 138.0493, 1e-4);
  EXPECT_NEAR(only(scene).velocity.x, -30.6122, 1e-4);
  EXPECT_NEAR(only(scene).velocity.y, 26.0204, 1e-4);
  scene.steps(36);
  EXPECT_NEAR(only(scene).position.x, 119.5235, 1e-4);
  EXPECT_NEAR(only(scene).position.y, 152.9044, 1e-4);
}

TEST(Frag, P8d_BouncesOffACorner) {
  Scene scene({kConcrete});
  send_off(scene, grenade, {130, 100}, kPi / 4, 3);
  scene.steps(12);
  EXPECT_NEAR(only(scene).position.x, 137.8787, 1e-4);
  EXPECT_NEAR(only(scene).position.y, 107.8787, 1e-4);
  EXPECT_NEAR(only(scene).velocity.x, -31.6236, 1e-4);
  EXPECT_NEAR(only(scene).velocity.y, -31.6236, 1e-4);
}

TEST(Frag, P8e_ThrownWhileTouchingTheWall) {
  Scene scene({kConcrete});
  send_off(scene, grenade, {134, 135}, 0.0, 5);
  for (const double x : {135.695, 137.386, 137.0, 135.823}) {
    scene.step();
    EXPECT_NEAR(only(scene).position.x, x, 1e-3);
  }
}

TEST(Rocket, P12_FliesThroughAHoleToTheEdgeOfTheArena) {
  Scene scene({test::vertical(Material::concrete, 200, 110)});
  scene.open_slices(0, {2});
  send_off(scene, rocket, {100, 135});
  const Burst burst = run_to_burst(scene);
  EXPECT_EQ(burst.tick, 115);
  EXPECT_EQ(burst.at, (Vec2{480, 135}));
  for (const int slice : {0, 1, 3, 4}) EXPECT_EQ(scene.health(0, slice), 675.0);
}

TEST(Explosion, P15_TwoLethalOnesInOneTickKillOnce) {
  Scene scene;
  const Slot owner = scene.add({100, 200}, Team::red, armed(rocket));
  const Slot victim = scene.add({200, 135}, Team::blue);
  Projectile twin;
  twin.type = grenade;
  twin.owner = owner;
  twin.position = {205, 135};
  twin.range = 1000;
  for (std::uint32_t id : {1U, 2U}) {
    twin.id = id;
    scene.world().projectiles.push_back(twin);
  }
  scene.world().tick = 200;
  scene.step();
  EXPECT_EQ(scene.player(owner).kills, 1U);
  EXPECT_EQ(scene.player(victim).deaths, 1U);
  EXPECT_EQ(scene.events(EventKind::player_died).size(), 1U);
  EXPECT_EQ(scene.events(EventKind::player_damaged).size(), 1U);
  EXPECT_EQ(scene.events(EventKind::explosion).size(), 2U);
}

TEST(Rocket, C5_PerSliceDistanceFromTheFace) {
  Scene scene({kConcrete});
  send_off(scene, rocket, {100, 135});
  const Burst burst = run_to_burst(scene);
  EXPECT_NEAR(burst.at.x, 140.0, 1e-9);
  const double lost[] = {140, 180, 200, 180, 140};
  for (int slice = 0; slice < 5; ++slice)
    EXPECT_EQ(scene.health(0, slice), 675.0 - lost[slice]) << slice;
}

// 12.2 #19.
TEST(Rocket, ExplodesAtTheEndOfItsRange) {
  Scene scene;
  send_off(scene, rocket, {20, 135});
  const Burst burst = run_to_burst(scene);
  EXPECT_EQ(burst.tick, 120);
  EXPECT_NEAR(burst.at.x, 420.0, 1e-6);
}

// Decision 11: straight, no gravity; 300 px at 150 px/s.
TEST(Launcher, FliesStraightToItsRange) {
  Scene scene;
  send_off(scene, grenadelauncher, {20, 135});
  const Burst burst = run_to_burst(scene);
  EXPECT_EQ(burst.tick, 120);
  EXPECT_NEAR(burst.at.x, 320.0, 1e-6);
  EXPECT_EQ(burst.at.y, 135.0);
}

TEST(Launcher, PassesTeamMatesAndExplodesOnEnemies) {
  Scene scene;
  send_off(scene, grenadelauncher, {20, 135});
  const Slot mate = scene.add({60, 135});
  const Slot enemy = scene.add({140, 135}, Team::blue);
  const Burst burst = run_to_burst(scene);
  EXPECT_NEAR(burst.at.x, 135.0, 1e-9);
  EXPECT_EQ(scene.player(mate).health, 100.0);
  EXPECT_EQ(scene.player(enemy).health, 13.0);
}

TEST(Launcher, ExplodesAtAWallItCannotPass) {
  Scene scene({kConcrete});
  send_off(scene, grenadelauncher, {100, 135});
  EXPECT_NEAR(run_to_burst(scene).at.x, 140.0, 1e-9);
}

// 12.2 #17: no harm and no loss on contact.
TEST(Thrown, IgnorePlayers) {
  for (const WeaponId weapon : {grenade, smokegrenade, flashbang}) {
    Scene scene;
    send_off(scene, weapon, {100, 135});
    const Slot enemy = scene.add({105, 135}, Team::blue);
    scene.steps(60);
    EXPECT_EQ(scene.player(enemy).health, 100.0);
    EXPECT_EQ(scene.world().projectiles.size(), 1U);
  }
}

// 12.2 #21.
TEST(Thrown, RestUntilTheFuseEnds) {
  Scene scene({kConcrete});
  send_off(scene, smokegrenade, {134.9, 135});
  EXPECT_EQ(run_to_burst(scene).tick, 120);
}

TEST(Thrown, BounceOffTheArena) {
  Scene scene;
  send_off(scene, grenade, {465, 30}, 0.0, 5);
  scene.steps(30);
  EXPECT_LT(only(scene).velocity.x, 0.0);
  EXPECT_LE(only(scene).position.x, 478.0);
}

// 12.2 #15: a standing slice beside a hole is not missed.
TEST(Thrown, TheEdgeOfAHoleIsHit) {
  Scene scene({kConcrete});
  scene.open_slices(0, {2});
  send_off(scene, grenade, {120, 131}, 0.0,
           3);  // 1 px below slice 1, whose corner is at (140, 130)
  scene.steps(20);
  EXPECT_GT(only(scene).velocity.y, 10.0);
}

TEST(Projectiles, GoWithTheirOwner) {
  Scene scene;
  const Slot owner = send_off(scene, rocket, {20, 135});
  const Slot other = send_off(scene, rocket, {20, 200});
  scene.step({Scene::command(CommandKind::leave, owner)});
  ASSERT_EQ(scene.world().projectiles.size(), 1U);
  EXPECT_EQ(scene.world().projectiles[0].owner, other);
  const auto gone = scene.events(EventKind::projectile_gone);
  ASSERT_EQ(gone.size(), 1U) << "it is told, so that nobody keeps a sprite of it";
  EXPECT_EQ(gone[0].id, 1U);
  EXPECT_EQ(gone[0].slot, owner);
  EXPECT_TRUE(scene.events(EventKind::explosion).empty()) << "without effect (6.1)";
}

// Decision 20.
TEST(Projectiles, TheOldestOf64GivesWayAndIsTold) {
  Scene scene;
  const Slot owner = scene.add({240, 135}, Team::red, armed(grenade));
  const Slot other = scene.add({100, 135}, Team::blue, armed(grenade));
  launch(scene.turn(), other, grenade, 0.0, 1);
  for (int i = 0; i < 63; ++i) launch(scene.turn(), owner, grenade, 0.0, 1);
  EXPECT_TRUE(scene.events(EventKind::projectile_gone).empty());
  for (int i = 0; i < 6; ++i) launch(scene.turn(), owner, grenade, 0.0, 1);
  EXPECT_EQ(scene.world().projectiles.size(), 64U);
  EXPECT_EQ(scene.world().projectiles.front().id, 7U);
  const auto gone = scene.events(EventKind::projectile_gone);
  ASSERT_EQ(gone.size(), 6U);
  for (std::size_t i = 0; i < gone.size(); ++i) EXPECT_EQ(gone[i].id, i + 1);
  EXPECT_EQ(gone[0].slot, other) << "whosever it is";
  EXPECT_EQ(gone[0].weapon, grenade);
  EXPECT_TRUE(scene.events(EventKind::projectile_exploded).empty());
}

// Recipe 8: created, moved 20 times a second, exploded, explosion.
TEST(Projectiles, TellTheirWay) {
  Scene scene;
  const Slot owner = scene.add({100, 135}, Team::red, armed(grenade));
  scene.step({Scene::fire(owner, grenade, 3)});
  ASSERT_EQ(scene.events().size(), 2U);
  EXPECT_EQ(scene.events()[0].kind, EventKind::shot_fired);
  EXPECT_TRUE(scene.events()[0].flag2);
  EXPECT_EQ(scene.events()[1].kind, EventKind::projectile_created);
  EXPECT_EQ(scene.events()[1].id, 1U);
  int moved = 0;
  for (int i = 0; i < 60; ++i) {
    scene.step();
    moved += static_cast<int>(scene.events(EventKind::projectile_moved).size());
  }
  EXPECT_EQ(moved, 20);
  run_to_burst(scene);
  ASSERT_GE(scene.events().size(), 2U);
  EXPECT_EQ(scene.events()[0].kind, EventKind::projectile_exploded);
  EXPECT_EQ(scene.events()[0].value, 40.0);
  EXPECT_EQ(scene.events()[1].kind, EventKind::explosion);
}

// Decision 8: the owner is no team mate of himself.
TEST(Explosion, FriendlyFireOffSparesMatesNotTheOwner) {
  Scene scene({kConcrete});
  scene.rules().friendly_fire = false;
  const Slot owner = send_off(scene, rocket, {120, 135});
  const Slot mate = scene.add({130, 160});
  run_to_burst(scene);
  EXPECT_LT(scene.player(owner).health, 100.0);
  EXPECT_EQ(scene.player(mate).health, 100.0);
}

}  // namespace
}  // namespace sim
