// Birth, harm, death and return: rules 9, decisions 6, 14, 17.

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "sim/ray.h"
#include "sim/spawn.h"
#include "sim/test_maps.h"
#include "sim/test_scene.h"

namespace sim {
namespace {

using enum WeaponId;
using test::armed;
using test::Scene;

Command join_as(Slot slot, Team team, Loadout loadout = default_loadout()) {
  Command c = Scene::command(CommandKind::join, slot);
  c.team = team;
  c.loadout = loadout;
  return c;
}

TEST(Death, R1_KillsOfEnemiesCountAndTeamKillsDoNot) {
  for (const Team team : {Team::blue, Team::red}) {
    Scene scene;
    const Slot shooter = scene.add({100, 135});
    const Slot victim = scene.add({200, 135}, team);
    for (int i = 0; i < 4; ++i) scene.shoot(shooter, rifle, 0.0);
    EXPECT_FALSE(scene.player(victim).alive);
    EXPECT_EQ(scene.player(victim).deaths, 1U);
    EXPECT_EQ(scene.player(shooter).kills, team == Team::blue ? 1U : 0U);
    const auto deaths = scene.events(EventKind::player_died);
    ASSERT_EQ(deaths.size(), 1U);
    EXPECT_EQ(deaths[0].other, shooter);
    EXPECT_EQ(deaths[0].team, Team::red);
    EXPECT_EQ(deaths[0].team2, team);
    EXPECT_EQ(deaths[0].weapon, rifle);
  }
}

// Recipe 6: died right before the damage that killed.
TEST(Death, IsToldBeforeTheFinalDamage) {
  Scene scene;
  const Slot shooter = scene.add({100, 135}, Team::red, armed(shotgun));
  const Slot victim = scene.add({120, 135}, Team::blue);
  scene.player(victim).health = 40;
  scene.shoot(shooter, shotgun, 0.0);
  std::vector<EventKind> kinds;
  for (const Event& event : scene.events()) {
    if (event.kind != EventKind::shot_hit) kinds.push_back(event.kind);
  }
  EXPECT_EQ(kinds, (std::vector{EventKind::player_damaged, EventKind::player_damaged,
                                EventKind::player_died, EventKind::player_damaged}));
  const auto hurt = scene.events(EventKind::player_damaged);
  EXPECT_EQ(hurt[0].value2, 25.0);
  EXPECT_EQ(hurt[2].value2, 0.0);
  EXPECT_TRUE(hurt[2].flag);
  EXPECT_FALSE(hurt[1].flag);
}

TEST(Death, Decision6_TwoCanKillEachOtherInOneTick) {
  Scene scene;
  const Slot a = scene.add({100, 135}, Team::red, armed(antimaterialrifle), 0.0);
  const Slot b = scene.add({200, 135}, Team::blue, armed(antimaterialrifle), 3.141592653589793);
  scene.step({Scene::fire(a, antimaterialrifle), Scene::fire(b, antimaterialrifle)});
  EXPECT_FALSE(scene.player(a).alive);
  EXPECT_FALSE(scene.player(b).alive);
  EXPECT_EQ(scene.player(a).kills, 1U);
  EXPECT_EQ(scene.player(b).kills, 1U);
}

TEST(Death, Decision6_CreditGoesToTheHitThatTookTheVictimToZero) {
  Scene scene;
  const Slot first = scene.add({100, 135}, Team::red, armed(rifle), 0.0);
  const Slot second = scene.add({300, 135}, Team::red, armed(rifle), 3.141592653589793);
  const Slot victim = scene.add({200, 135}, Team::blue);
  scene.player(victim).health = 30;
  scene.step({Scene::fire(second, rifle), Scene::fire(first, rifle)});
  EXPECT_EQ(scene.player(first).kills, 0U);
  EXPECT_EQ(scene.player(second).kills, 1U);
}

TEST(Death, NothingCountsOutsideAMatch) {
  Scene scene;
  scene.rules().counting = false;
  const Slot shooter = scene.add({100, 135});
  const Slot victim = scene.add({200, 135}, Team::blue);
  for (int i = 0; i < 4; ++i) scene.shoot(shooter, rifle, 0.0);
  EXPECT_FALSE(scene.player(victim).alive);
  EXPECT_EQ(scene.player(victim).deaths + scene.player(shooter).kills, 0U);
}

TEST(Respawn, R2_FromTick180OnRequestAndAt300Without) {
  for (const int asked : {10, 179, 180, 200, 1000}) {
    SCOPED_TRACE(asked);
    Scene scene;
    const Slot slot = scene.add({100, 135});
    scene.player(slot).team = Team::red;
    scene.step({Scene::command(CommandKind::kill, slot)});
    int tick = 1;
    for (; tick < 400; ++tick) {
      scene.step(tick == asked ? std::vector{Scene::command(CommandKind::respawn, slot)}
                               : std::vector<Command>{});
      if (scene.player(slot).alive) break;
    }
    EXPECT_EQ(tick, asked <= 180 ? 180 : std::min(asked, 300));
    EXPECT_EQ(scene.player(slot).position, (Vec2{15, 15}));
    EXPECT_EQ(scene.player(slot).invulnerable_until, scene.world().tick + 120);
    ASSERT_EQ(scene.events(EventKind::player_respawned).size(), 1U);
  }
}

TEST(Respawn, Decision14_EverythingIsFresh) {
  Scene scene;
  const Slot slot = scene.add({100, 135}, Team::red, armed(machinegun));
  Player& player = scene.player(slot);
  player.ads = true;
  player.heat = 300;
  player.overheated_until = 10000;
  player.weapons[0].ammo = 0;
  player.weapons[0].reserve = 0;
  player.weapons[0].reload_done = 10000;
  player.flash = {1.0, 1, 10000};
  scene.step({Scene::command(CommandKind::kill, slot)});
  scene.steps(300);
  ASSERT_TRUE(player.alive);
  EXPECT_FALSE(player.ads);
  EXPECT_EQ(player.heat, 0.0);
  EXPECT_EQ(player.overheated_until, 0U);
  EXPECT_EQ(player.weapons[0].ammo, 200);
  EXPECT_EQ(player.weapons[0].reload_done, 0U);
  EXPECT_EQ(player.flash.intensity, 0.0);
  EXPECT_EQ(player.health, 100.0);
}

TEST(Invulnerable, R4_NothingHurtsAndTheBlowShowsZero) {
  Scene scene;
  const Slot shooter = scene.add({100, 135});
  const Slot victim = scene.add({200, 135}, Team::blue);
  scene.player(victim).invulnerable_until = scene.world().tick + 120;
  scene.shoot(shooter, rifle, 0.0);
  EXPECT_EQ(scene.player(victim).health, 100.0);
  ASSERT_EQ(scene.events(EventKind::player_damaged).size(), 1U);
  EXPECT_EQ(scene.events(EventKind::player_damaged)[0].value, 0.0);
  EXPECT_EQ(scene.events(EventKind::player_damaged)[0].value2, 100.0);
}

TEST(Invulnerable, EndsWithTheFirstOwnShot) {
  Scene scene;
  const Slot slot = scene.add({100, 135});
  scene.player(slot).invulnerable_until = scene.world().tick + 120;
  scene.step({Scene::fire(slot, rifle)});
  EXPECT_LE(scene.player(slot).invulnerable_until, scene.world().tick);
}

TEST(Join, EntersTheWorldAtTheSpawnOfItsTeam) {
  Scene scene(test::map_a());
  scene.step({join_as(2, Team::blue)});
  EXPECT_TRUE(scene.player(2).alive);
  EXPECT_EQ(scene.player(2).position, (Vec2{435, 155}));
  EXPECT_EQ(held_weapon(scene.player(2)), rifle);
  EXPECT_EQ(scene.player(2).invulnerable_until, 0U) << "9.3: none at the first spawn";
  ASSERT_EQ(scene.events(EventKind::player_joined).size(), 1U);
  EXPECT_EQ(scene.events(EventKind::player_joined)[0].team, Team::blue);
}

TEST(Join, Decision17_TeamsDifferByTwoAtMostWhoeverWantsWhat) {
  Scene scene(test::map_a());
  std::vector<Team> teams;
  for (Slot slot = 0; slot < 8; ++slot) {
    scene.step({join_as(slot, Team::red)});
    teams.push_back(scene.player(slot).team);
  }
  using enum Team;
  EXPECT_EQ(teams, (std::vector{red, red, blue, red, blue, red, blue, red}));
}

TEST(Join, Decision17_AnIllegalLoadoutBecomesTheDefault) {
  Scene scene(test::map_a());
  scene.step({join_as(0, Team::red, {pistol, rifle, {none, none, none}})});
  EXPECT_EQ(scene.player(0).loadout, default_loadout());
}

TEST(Join, Decision17_InTheSameLifeNothingChangesUntilTheNextSpawn) {
  Scene scene(test::map_a());
  scene.step({join_as(0, Team::red)});
  const Vec2 home = scene.player(0).position;
  scene.step({Scene::input(0, 1, kKeyD, {480, 85}), Scene::fire(0, rifle)});
  const int ammo = scene.player(0).weapons[0].ammo;
  scene.step({join_as(0, Team::blue)});
  EXPECT_EQ(scene.player(0).weapons[0].ammo, ammo);
  EXPECT_EQ(scene.player(0).team, Team::red);
  EXPECT_NE(scene.player(0).position, home);
  EXPECT_EQ(scene.player(0).sequence, 0U) << "wire contract 7.3: the acknowledgement starts again";
  EXPECT_TRUE(scene.events().empty());
  scene.step({join_as(0, Team::red, armed(smg))});
  EXPECT_EQ(held_weapon(scene.player(0)), rifle);
  scene.step({Scene::command(CommandKind::kill, 0)});
  scene.step({join_as(0, Team::blue, armed(shotgun))});
  EXPECT_EQ(scene.player(0).team, Team::blue) << "the dead may change sides";
  scene.steps(300);
  ASSERT_TRUE(scene.player(0).alive);
  EXPECT_EQ(held_weapon(scene.player(0)), shotgun);
}

TEST(Leave, TakesTheBodyOut) {
  Scene scene(test::map_a());
  scene.step({join_as(0, Team::red)});
  scene.step({Scene::command(CommandKind::leave, 0)});
  EXPECT_FALSE(scene.player(0).in_world);
  EXPECT_EQ(scene.events(EventKind::player_left).size(), 1U);
  scene.step({Scene::command(CommandKind::leave, 0), Scene::fire(0, rifle),
              Scene::input(0, 1, kKeyD, {}), Scene::command(CommandKind::respawn, 0),
              Scene::command(CommandKind::kill, 0)});
  EXPECT_TRUE(scene.events().empty());
}

// 12.2 #34, #35: spread, never inside a wall, connected with the spawn.
TEST(Spawn, EightOfATeamStandFreeAndApart) {
  Scene scene(test::map_a());
  std::set<std::pair<double, double>> places;
  for (Slot slot = 0; slot < 8; ++slot) {
    scene.step({join_as(slot, slot % 2 == 0 ? Team::red : Team::blue)});
    const Vec2 p = scene.player(slot).position;
    places.insert({p.x, p.y});
    EXPECT_FALSE(blocked(*scene.world().map, scene.world().walls, p));
    EXPECT_TRUE(clear_between(scene.world(), p, slot % 2 == 0 ? Vec2{45, 85} : Vec2{435, 155}));
  }
  EXPECT_EQ(places.size(), 8U);
}

TEST(Spawn, IsFarFromEnemies) {
  Scene scene(test::map_a());
  scene.step({join_as(0, Team::blue)});
  scene.player(0).position = {55, 95};
  scene.step({join_as(1, Team::red)});
  const Vec2 p = scene.player(1).position;
  EXPECT_GT(std::hypot(p.x - 55, p.y - 95), 30.0) << p.x << ' ' << p.y;
}

}  // namespace
}  // namespace sim
