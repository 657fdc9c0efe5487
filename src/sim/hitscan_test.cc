#include "sim/hitscan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "sim/test_maps.h"
#include "sim/test_scene.h"
#include "sim/trig.h"

namespace sim {
namespace {

using enum WeaponId;
using test::armed;
using test::Scene;

constexpr Vec2 kShooter = {100, 135};
const Wall kWood = test::vertical(Material::wood, 140, 110);
const Wall kGlass = test::vertical(Material::glass, 140, 110);
const Wall kConcrete = test::vertical(Material::concrete, 140, 110);

// Health left of a target at this distance after one straight shot.
double target_after(WeaponId weapon, double distance) {
  Scene scene;
  const Slot shooter = scene.add({10, 135});
  const Slot target = scene.add({10 + distance, 135}, Team::blue);
  scene.shoot(shooter, weapon, 0.0);
  return scene.player(target).health;
}

// H1 with the entry-point test of 5.1 REC: the body is met at its edge, so 356 is the last hit, not
// 350.
TEST(Hitscan, H1_NoFalloffUpToTheRange) {
  for (const double distance : {50.0, 200.0, 300.0, 349.0, 350.0, 356.0})
    EXPECT_EQ(target_after(rifle, distance), 75.0) << distance;
  EXPECT_EQ(target_after(rifle, 356.1), 100.0);
}

// H2 with 5.1 REC: 208 px of reach from the centre and 6 px of body. Decision 6 lets the 8th pellet
// hit the dying.
TEST(Hitscan, H2_ShotgunKillsUpToItsRange) {
  for (const double distance : {1.0, 5.0, 10.0, 100.0, 207.0, 208.0, 214.0})
    EXPECT_EQ(target_after(shotgun, distance), 0.0) << distance;
  EXPECT_EQ(target_after(shotgun, 214.1), 100.0);
}

struct Through {
  WeaponId weapon;
  double target;
  double slice;  // damage taken by slice 2
};

// H3; the anti-material rifle deals its current damage (decision 9): 250 to the slice, 200 to the
// target.
TEST(Hitscan, H3_OneWoodWallInTheWay) {
  const Through rows[] = {{rifle, 90, 15},
                          {smg, 95, 15},
                          {battlerifle, 80, 15},
                          {sniperrifle, 25, 15},
                          {pistol, 90, 15},
                          {revolver, 55, 15},
                          {suppressedpistol, 95, 15},
                          {machinegun, 100, 10},
                          {antimaterialrifle, 0, 80}};
  for (const Through& row : rows) {
    SCOPED_TRACE(weapon_name(row.weapon));
    Scene scene({kWood});
    const Slot shooter = scene.add(kShooter);
    const Slot target = scene.add({200, 135}, Team::blue);
    scene.shoot(shooter, row.weapon, 0.0);
    EXPECT_EQ(scene.player(target).health, row.target);
    EXPECT_EQ(scene.health(0, 2), 80.0 - row.slice);
  }
}

TEST(Hitscan, H3b_OneGlassWallInTheWay) {
  const Through rows[] = {
      {rifle, 90, 15},  {smg, 95, 15},      {battlerifle, 80, 15},      {sniperrifle, 25, 15},
      {pistol, 90, 15}, {revolver, 55, 15}, {suppressedpistol, 95, 15}, {machinegun, 100, 10}};
  for (const Through& row : rows) {
    SCOPED_TRACE(weapon_name(row.weapon));
    Scene scene({kGlass});
    const Slot shooter = scene.add(kShooter);
    const Slot target = scene.add({200, 135}, Team::blue);
    scene.shoot(shooter, row.weapon, 0.0);
    EXPECT_EQ(scene.player(target).health, row.target);
    EXPECT_EQ(scene.health(0, 2), 30.0 - row.slice);
    EXPECT_EQ(scene.open(0, 2), row.weapon != machinegun);
  }
}

TEST(Hitscan, H4_ShotgunOpensWoodAndFiresThroughIt) {
  Scene scene({kWood});
  const Slot shooter = scene.add(kShooter);
  const Slot target = scene.add({200, 135}, Team::blue);
  scene.shoot(shooter, shotgun, 0.0);
  EXPECT_EQ(scene.health(0, 2), 35.0);
  EXPECT_TRUE(scene.open(0, 2));
  EXPECT_EQ(scene.player(target).health, 25.0);
  EXPECT_EQ(scene.events(EventKind::wall_damaged).size(), 3U);
  EXPECT_EQ(scene.events(EventKind::wall_destroyed).size(), 1U);
  EXPECT_EQ(scene.events(EventKind::shot_hit).size(), 8U);
}

TEST(Hitscan, H3c_TwoWoodWallsInTheWay) {
  struct Row {
    WeaponId weapon;
    double target, first, second;
  };
  const Row rows[] = {{rifle, 100, 15, 10},
                      {battlerifle, 95, 15, 15},
                      {revolver, 70, 15, 15},
                      {sniperrifle, 40, 15, 15},
                      {machinegun, 100, 10, 0}};
  for (const Row& row : rows) {
    SCOPED_TRACE(weapon_name(row.weapon));
    Scene scene({kWood, test::vertical(Material::wood, 170, 110)});
    const Slot shooter = scene.add(kShooter);
    const Slot target = scene.add({250, 135}, Team::blue);
    scene.shoot(shooter, row.weapon, 0.0);
    EXPECT_EQ(scene.player(target).health, row.target);
    EXPECT_EQ(scene.health(0, 2), 80 - row.first);
    EXPECT_EQ(scene.health(1, 2), 80 - row.second);
  }
}

TEST(Hitscan, H5_ADiagonalPaysForEverySlice) {
  Scene scene({kWood});
  const Slot shooter = scene.add({100, 75});
  scene.shoot(shooter, revolver, atan2(50, 45));
  for (int slice = 0; slice < 5; ++slice)
    EXPECT_EQ(scene.health(0, slice), slice < 3 ? 65.0 : 80.0) << slice;
}

TEST(Hitscan, H7_ABorderBelongsToTheLowerSlice) {
  const std::pair<double, int> rows[] = {{110, 0}, {120, 0}, {130, 1}, {140, 2}, {150, 3},
                                         {160, 4}, {115, 0}, {125, 1}, {135, 2}};
  for (const auto& [y, slice] : rows) {
    Scene scene({kConcrete});
    const Slot shooter = scene.add({100, y});
    scene.shoot(shooter, rifle, 0.0);
    const auto hits = scene.events(EventKind::wall_damaged);
    ASSERT_EQ(hits.size(), 1U) << y;
    EXPECT_EQ(hits[0].slice, slice) << y;
  }
}

TEST(Hitscan, H8_OfTwoAtTheSameDistanceTheFirstSlotIsHit) {
  Scene scene;
  const Slot shooter = scene.add(kShooter);
  const Slot first = scene.add({200, 137}, Team::blue);
  const Slot second = scene.add({200, 133}, Team::blue);
  scene.shoot(shooter, rifle, 0.0);
  EXPECT_EQ(scene.player(first).health, 75.0);
  EXPECT_EQ(scene.player(second).health, 100.0);
}

TEST(Hitscan, H12_HardWallsStopEverything) {
  for (const auto& [weapon, left] : {std::pair{rifle, 650.0}, std::pair{sniperrifle, 585.0}}) {
    Scene scene({kConcrete});
    const Slot shooter = scene.add(kShooter);
    const Slot target = scene.add({200, 135}, Team::blue);
    scene.shoot(shooter, weapon, 0.0);
    EXPECT_EQ(scene.health(0, 2), left);
    EXPECT_EQ(scene.player(target).health, 100.0);
  }
}

TEST(Hitscan, H13_ABulletLeavesTheSliceItStartsIn) {
  Scene scene({test::vertical(Material::concrete, 90, 110)});
  const Slot shooter = scene.add({95, 135});
  const Slot target = scene.add({200, 135}, Team::blue);
  scene.shoot(shooter, rifle, 0.0);
  EXPECT_EQ(scene.player(target).health, 75.0);
}

TEST(Hitscan, H15_ShotsToKill) {
  const std::map<WeaponId, int> rows = {
      {rifle, 4},  {smg, 5},      {shotgun, 1},          {battlerifle, 3}, {sniperrifle, 2},
      {pistol, 4}, {revolver, 2}, {suppressedpistol, 5}, {machinegun, 10}, {antimaterialrifle, 1}};
  for (const auto& [weapon, shots] : rows) {
    Scene scene;
    const Slot shooter = scene.add(kShooter);
    const Slot target = scene.add({200, 135}, Team::blue);
    int fired = 0;
    for (; scene.player(target).alive && fired < 20; ++fired) scene.shoot(shooter, weapon, 0.0);
    EXPECT_EQ(fired, shots) << weapon_name(weapon);
  }
}

TEST(Hitscan, H16_OnMapAFromTheRedSpawn) {
  Scene scene(test::map_a());
  const Slot shooter = scene.add({45, 85});
  scene.shoot(shooter, rifle, 0.0);
  const auto hits = scene.events(EventKind::shot_hit);
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].wall, 18) << "wall_19";
  EXPECT_EQ(hits[0].slice, 2);
  EXPECT_EQ(hits[0].position, (Vec2{90, 85}));
  EXPECT_EQ(scene.health(18, 2), 650.0);
}

TEST(Hitscan, H18_PastTheEdgeOfAHole) {
  struct Row {
    double angle;
    bool hit;
    Vec2 at;
  };
  const Row rows[] = {{0.3, false, {}},
                      {0.4, true, {147.30, 120}},
                      {0.43, true, {143.61, 120}},
                      {0.5, true, {140, 121.85}}};
  for (const Row& row : rows) {
    Scene scene({kConcrete});
    scene.open_slices(0, {0});
    const Slot shooter = scene.add({100, 100});
    scene.shoot(shooter, rifle, row.angle);
    const auto hits = scene.events(EventKind::shot_hit);
    ASSERT_EQ(hits.size(), row.hit ? 1U : 0U) << row.angle;
    if (!row.hit) continue;
    EXPECT_EQ(hits[0].slice, 1);
    EXPECT_NEAR(hits[0].position.x, row.at.x, 0.01);
    EXPECT_NEAR(hits[0].position.y, row.at.y, 0.01);
  }
}

std::vector<Wall> tall_wall(double x) {
  std::vector<Wall> walls;
  for (int i = 0; i < 5; ++i) walls.push_back(test::vertical(Material::concrete, x, 10 + 50 * i));
  return walls;
}

TEST(Hitscan, W10_SpreadOfTheRifle) {
  struct Row {
    MovementState state;
    double draw, y;
  };
  const Row rows[] = {{MovementState::idle, 0.0, 133.00},
                      {MovementState::idle, 0.999999, 137.00},
                      {MovementState::running, 0.0, 122.99},
                      {MovementState::running, 0.999999, 147.01}};
  for (const Row& row : rows) {
    Scene scene(tall_wall(300));
    const Slot shooter = scene.add(kShooter);
    scene.shoot(shooter, rifle, spread(effective_accuracy(rifle, false, row.state), row.draw));
    EXPECT_NEAR(scene.events(EventKind::shot_hit).at(0).position.y, row.y, 0.01);
  }
}

TEST(Hitscan, W14_PelletsOfTheShotgun) {
  const double cone[] = {0, 1, .25, .75, .5, .5, .1, .9};
  const double aim[] = {0, 1, 0, 1, .5, .5, 0, 1};
  const double y[] = {124.373, 145.627, 127.856, 142.144, 135, 135, 125.769, 144.231};
  std::vector<double> angles;
  for (int i = 0; i < kPellets; ++i) {
    const double accuracy = effective_accuracy(shotgun, false, MovementState::idle);
    angles.push_back((cone[i] - 0.5) * kPelletCone + spread(accuracy, aim[i]));
  }
  Scene scene(tall_wall(200));
  const Slot shooter = scene.add(kShooter);
  scene.shoot(shooter, shotgun, 0.0, angles);
  const auto hits = scene.events(EventKind::shot_hit);
  ASSERT_EQ(hits.size(), 8U);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    EXPECT_EQ(hits[i].pellet, i);
    EXPECT_NEAR(hits[i].position.y, y[i], 1e-3) << i;
  }
}

TEST(Hitscan, DrawsComeInTheOrderOfRules11_3) {
  Random drawn(5);
  const ShotAngles angles = draw_angles(drawn, shotgun, 1.0, 0.6);
  Random random(5);
  std::array<double, 16> draws{};
  for (double& draw : draws) draw = random.uniform();
  for (std::size_t i = 0; i < 8; ++i)
    EXPECT_EQ(angles[i], (1.0 + (draws[i] - 0.5) * 0.15) + spread(0.6, draws[8 + i]));
  draw_angles(drawn, sniperrifle, 1.0, 1.0);
  random.uniform();
  EXPECT_EQ(drawn.state(), random.state()) << "one draw even without spread";
}

// 12.2 #11: no pellet passes a wall the muzzle is pressed into.
TEST(Hitscan, TheMuzzleStaysThisSideOfWalls) {
  for (const double gap : {5.0, 7.9, 8.0, 9.0}) {
    Scene scene({kConcrete});
    const Slot shooter = scene.add({140 - gap, 135});
    scene.shoot(shooter, shotgun, 0.0);
    EXPECT_EQ(scene.health(0, 2), 675.0 - 120.0) << gap;
  }
}

TEST(Hitscan, C4_AntiMaterialRifleGoesThroughThree) {
  Scene scene;
  const Slot shooter = scene.add({20, 135});
  for (int i = 0; i < 4; ++i)
    scene.player(scene.add({100.0 + 40 * i, 135}, Team::blue)).health = 100;
  scene.shoot(shooter, antimaterialrifle, 0.0);
  const auto hurt = scene.events(EventKind::player_damaged);
  ASSERT_EQ(hurt.size(), 3U);
  EXPECT_EQ(hurt[0].value, 250.0);
  EXPECT_EQ(hurt[1].value, 200.0);
  EXPECT_EQ(hurt[2].value, 120.0);
  EXPECT_TRUE(scene.player(4).alive);
  EXPECT_EQ(scene.events(EventKind::shot_hit).at(0).count, 3);
}

TEST(Hitscan, AntiMaterialRifleLosesTheSameInWalls) {
  Scene scene(
      {test::vertical(Material::concrete, 140, 110), test::vertical(Material::concrete, 170, 110),
       test::vertical(Material::concrete, 200, 110), test::vertical(Material::concrete, 230, 110)});
  const Slot shooter = scene.add(kShooter);
  scene.shoot(shooter, antimaterialrifle, 0.0);
  EXPECT_EQ(scene.health(0, 2), 425.0);
  EXPECT_EQ(scene.health(1, 2), 475.0);
  EXPECT_EQ(scene.health(2, 2), 555.0);
  EXPECT_EQ(scene.health(3, 2), 675.0);
}

// The next ray starts 0.1 px further on, which may be behind the end of the range.
TEST(Hitscan, APassedWallAtTheVeryEndOfTheRange) {
  for (const WeaponId weapon : {rifle, antimaterialrifle}) {
    const double range = std::min(weapon_info(weapon).range, 400.0);
    Scene scene({test::vertical(Material::wood, 440, 110)});
    const Slot shooter = scene.add({440 - range + 1e-3, 135});
    scene.shoot(shooter, weapon, 0.0);
    EXPECT_LT(scene.health(0, 2), 80.0);
  }
  Scene scene;
  EXPECT_EQ(first_slice(scene.world(), {100, 135}, {1, 0}, -0.1).wall, -1);
}

TEST(Hitscan, SixPixelsOffTheAxisStillHit) {
  for (const auto& [off, health] : {std::pair{6.0, 75.0}, std::pair{6.01, 100.0}}) {
    Scene scene;
    const Slot shooter = scene.add(kShooter);
    const Slot target = scene.add({200, 135 + off}, Team::blue);
    scene.shoot(shooter, rifle, 0.0);
    EXPECT_EQ(scene.player(target).health, health);
  }
}

TEST(Hitscan, AMissEndsAtTheRange) {
  Scene scene;
  const Slot shooter = scene.add(kShooter);
  scene.shoot(shooter, rifle, 0.0);
  const auto misses = scene.events(EventKind::shot_missed);
  ASSERT_EQ(misses.size(), 1U);
  EXPECT_EQ(misses[0].position, (Vec2{450, 135}));
  EXPECT_EQ(misses[0].origin, kShooter);
}

// Recipe 5: fired, harm, hit.
TEST(Hitscan, EventsComeInTheOrderOfRecipe5) {
  Scene scene({kWood});
  const Slot shooter = scene.add(kShooter, Team::red, armed(revolver));
  scene.add({200, 135}, Team::blue);
  Command shot = Scene::fire(shooter, revolver);
  shot.sequence = 77;
  scene.step({shot});
  std::vector<EventKind> kinds;
  for (const Event& event : scene.events()) kinds.push_back(event.kind);
  EXPECT_EQ(kinds, (std::vector{EventKind::shot_fired, EventKind::wall_damaged,
                                EventKind::player_damaged, EventKind::shot_hit}));
  EXPECT_EQ(scene.events()[0].sequence, 77U);
}

// Decision 8.
TEST(Hitscan, TeamMatesStopBulletsAndAreSparedWhenFriendlyFireIsOff) {
  for (const bool friendly : {true, false}) {
    Scene scene;
    scene.rules().friendly_fire = friendly;
    const Slot shooter = scene.add(kShooter);
    const Slot mate = scene.add({150, 135});
    const Slot enemy = scene.add({200, 135}, Team::blue);
    scene.shoot(shooter, rifle, 0.0);
    EXPECT_EQ(scene.player(mate).health, friendly ? 75.0 : 100.0);
    EXPECT_EQ(scene.player(enemy).health, 100.0);
    EXPECT_EQ(scene.events(EventKind::player_damaged).size(), friendly ? 1U : 0U);
    EXPECT_EQ(scene.events(EventKind::shot_hit).size(), 1U);
  }
}

// Decision 5.
TEST(LagCompensation, HitsWhereTheShooterSawTheTarget) {
  for (const int delay : {0, 1, 5, 12, 40}) {
    SCOPED_TRACE(delay);
    Scene scene;
    const Slot shooter = scene.add({100, 135}, Team::red, armed(sniperrifle));
    const Slot runner = scene.add({200, 60}, Team::blue);
    std::vector<Vec2> seen;
    for (std::uint32_t i = 1; i <= 40; ++i) {
      scene.step({Scene::input(runner, i, kKeyS, {200, 200})});
      seen.push_back(scene.player(runner).position);
    }
    const int back = std::min(delay, 12);
    const Vec2 then = seen[seen.size() - 1 - static_cast<std::size_t>(std::max(back - 1, 0))];
    Command ads = Scene::command(CommandKind::ads, shooter);
    ads.flag = true;
    Command shot = Scene::fire(shooter, sniperrifle);
    shot.flag = true;
    shot.point = then;
    shot.view_delay = static_cast<std::uint16_t>(delay);
    scene.step({ads, shot});
    ASSERT_EQ(scene.player(runner).health, 10.0);
  }
}

TEST(LagCompensation, NeverReachesBehindARespawn) {
  Scene scene;
  const Slot shooter = scene.add({100, 135});
  const Slot victim = scene.add({200, 135}, Team::blue);
  scene.steps(20);
  scene.player(victim).position = {300, 200};
  scene.player(victim).spawned_at = scene.world().tick;
  scene.player(victim).past[scene.world().tick % kPastTicks] = {300, 200};
  scene.steps(2);
  const Targets targets = targets_of(scene.world(), shooter, 12);
  EXPECT_EQ(targets.position[victim], (Vec2{300, 200}));
}

// The step past a slice may use up more than is left of the range (found by the leak checker: an
// assertion of the march over cells).
TEST(Hitscan, ABulletEndsInASliceAtTheEndOfItsRange) {
  Scene scene({test::vertical(Material::wood, 170, 110)});
  const Slot shooter = scene.add({20.05, 135});
  const Slot target = scene.add({176.1, 135}, Team::blue);  // edge 150.05 px away, the slice 149.95
  scene.shoot(shooter, suppressedpistol, 0.0);
  EXPECT_EQ(scene.world().walls[0].health[2], 65.0);
  EXPECT_EQ(scene.player(target).health, 100.0);
}

// The march over cells finds what testing every slice finds.
TEST(Ray, AgreesWithTestingEverySlice) {
  Scene scene(test::map_a());
  Random random(11);
  World& world = scene.world();
  for (WallState& wall : world.walls)
    wall.open |= static_cast<std::uint8_t>(random.next() & random.next() & 0x1f);
  for (int i = 0; i < 20000; ++i) {
    Vec2 origin{480 * random.uniform(), 270 * random.uniform()};
    if (i % 3 == 0) origin = {10 * std::floor(origin.x / 10), 10 * std::floor(origin.y / 10)};
    const double angle =
        i % 2 == 0 ? kPi / 4 * static_cast<double>(random.next() % 8) : 6.3 * random.uniform();
    const Vec2 dir = direction(angle);
    SliceHit slow;
    for (std::size_t w = 0; w < world.walls.size(); ++w) {
      for (int slice = 0; slice < kSlices; ++slice) {
        if (!blocks(world.walls[w], slice)) continue;
        const auto t = box_entry(slice_box(world.map->walls[w], slice), origin, dir, 350);
        if (t && *t < slow.distance) slow = {*t, static_cast<int>(w), slice};
      }
    }
    const SliceHit fast = first_slice(world, origin, dir, 350);
    ASSERT_EQ(fast.wall, slow.wall) << origin.x << ' ' << origin.y << ' ' << angle;
    ASSERT_EQ(fast.slice, slow.slice);
    ASSERT_EQ(fast.distance, slow.distance);
  }
}

}  // namespace
}  // namespace sim
