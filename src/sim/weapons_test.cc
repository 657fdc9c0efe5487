#include "sim/weapons.h"

#include <gtest/gtest.h>

#include "sim/arms.h"
#include "sim/test_scene.h"
#include "sim/trig.h"

namespace sim {
namespace {

using enum WeaponId;
using test::armed;
using test::Scene;

TEST(Weapons, NamesAreFoundAgain) {
  for (int i = 1; i < kWeaponCount; ++i) {
    const auto id = static_cast<WeaponId>(i);
    EXPECT_EQ(weapon_info(id).id, id);
    EXPECT_EQ(weapon_from_name(weapon_name(id)), id);
  }
  EXPECT_EQ(weapon_from_name(""), std::nullopt);
  EXPECT_EQ(weapon_from_name("Rifle"), std::nullopt);
}

struct Rate {
  WeaponId weapon;
  Tick cooldown;
  int shots;  // in ticks 0..59
};
// C1; W1 with the decided rule.
constexpr Rate kRates[] = {
    {rifle, 6, 10},          {smg, 4, 15},      {shotgun, 52, 2},     {battlerifle, 8, 8},
    {pistol, 8, 8},          {revolver, 24, 3}, {sniperrifle, 90, 1}, {suppressedpistol, 8, 8},
    {machinegun, 4, 15},     {rocket, 120, 1},  {grenade, 60, 1},     {antimaterialrifle, 120, 1},
    {grenadelauncher, 60, 1}};

int count_shots(Scene& scene, Slot slot, WeaponId weapon, int ticks) {
  int shots = 0;
  for (int i = 0; i < ticks; ++i) {
    scene.step({Scene::fire(slot, weapon)});
    shots += static_cast<int>(scene.events(EventKind::shot_fired).size());
  }
  return shots;
}

TEST(FireRate, C1_W1_HeldFireGivesTheShotsOfTheTable) {
  for (const Rate& rate : kRates) {
    SCOPED_TRACE(weapon_name(rate.weapon));
    EXPECT_EQ(weapon_info(rate.weapon).cooldown, rate.cooldown);
    EXPECT_EQ(weapon_info(rate.weapon).per_second, rate.shots);
    Scene scene;
    const Slot slot = scene.add({240, 135}, Team::red, armed(rate.weapon));
    EXPECT_EQ(count_shots(scene, slot, rate.weapon, 60), rate.shots);
  }
}

// Decision 4: however the messages come, no 60 ticks hold more shots than the table allows.
TEST(FireRate, NoWindowOf60TicksHoldsMoreThanTheTable) {
  for (const Rate& rate : kRates) {
    SCOPED_TRACE(weapon_name(rate.weapon));
    Scene scene;
    const Slot slot = scene.add({240, 135}, Team::red, armed(rate.weapon));
    Random random(7);
    std::vector<int> fired;
    for (int tick = 0; tick < 3000; ++tick) {
      std::vector<Command> commands(random.next() % 4, Scene::fire(slot, rate.weapon));
      if (tick % 400 < 100) commands.clear();
      scene.player(slot).weapons[0].ammo = 9;
      scene.player(slot).heat = 0.0;
      scene.step(commands);
      fired.push_back(static_cast<int>(scene.events(EventKind::shot_fired).size()));
    }
    for (std::size_t first = 0; first + 60 <= fired.size(); ++first) {
      int sum = 0;
      for (std::size_t i = first; i < first + 60; ++i) sum += fired[i];
      ASSERT_LE(sum, rate.shots) << "from tick " << first;
    }
  }
}

// Decision 4: frame jitter of up to 2 ticks loses no shot.
TEST(FireRate, JitterLosesNoShot) {
  for (const WeaponId weapon : {rifle, smg, pistol, battlerifle, revolver}) {
    SCOPED_TRACE(weapon_name(weapon));
    Scene scene;
    const Slot slot = scene.add({240, 135}, Team::red, armed(weapon));
    const Tick cooldown = weapon_info(weapon).cooldown;
    Random random(3);
    std::vector<int> due(2000, 0);
    int sent = 0;
    for (Tick tick = 0; tick < 1900; tick += cooldown, ++sent) ++due[tick + random.next() % 3];
    int fired = 0;
    for (const int count : due) {
      scene.player(slot).weapons[0].ammo = 9;
      scene.step(std::vector<Command>(static_cast<std::size_t>(count), Scene::fire(slot, weapon)));
      fired += static_cast<int>(scene.events(EventKind::shot_fired).size());
    }
    EXPECT_EQ(fired, sent);
  }
}

TEST(Reload, W2_RifleTakes2500Ms) {
  Scene scene;
  const Slot slot = scene.add({240, 135});
  scene.player(slot).weapons[0].ammo = 23;
  scene.step({Scene::command(CommandKind::reload, slot)});
  for (int i = 0; i < 149; ++i) {
    scene.step({Scene::input(slot, 1, kKeyR, {})});  // held R does not start it again
    ASSERT_EQ(scene.player(slot).weapons[0].ammo, 23);
  }
  scene.step();
  EXPECT_EQ(scene.player(slot).weapons[0].ammo, 30);
  EXPECT_EQ(scene.player(slot).weapons[0].reserve, 173);
  EXPECT_EQ(scene.events(EventKind::weapon_reloaded).size(), 1U);
}

TEST(Reload, W3_GoesOnInTheHolsterAndBlocksTheWayBack) {
  Scene scene;
  Loadout loadout = armed(rifle);
  loadout.secondary = pistol;
  const Slot slot = scene.add({240, 135}, Team::red, loadout);
  WeaponState& gun = scene.player(slot).weapons[0];
  gun.ammo = 0;
  gun.reserve = 5;
  const auto switch_to = [&](WeaponId id) {
    Command c = Scene::command(CommandKind::switch_weapon, slot);
    c.weapon = id;
    return c;
  };
  scene.step({Scene::command(CommandKind::reload, slot)});
  scene.step({switch_to(pistol)});
  EXPECT_EQ(held_weapon(scene.player(slot)), pistol);
  scene.step({switch_to(rifle)});
  EXPECT_EQ(held_weapon(scene.player(slot)), pistol);
  scene.step({Scene::fire(slot, rifle)});
  EXPECT_EQ(held_weapon(scene.player(slot)), pistol) << "nor does a shot naming it";
  scene.steps(147);
  EXPECT_EQ(gun.ammo, 5);
  EXPECT_EQ(gun.reserve, 0);
  EXPECT_EQ(held_weapon(scene.player(slot)), pistol);
  scene.step({switch_to(rifle), Scene::command(CommandKind::reload, slot)});
  EXPECT_EQ(gun.reload_done, 0U) << "nothing left to load";
}

TEST(Reload, RefusedForThrownWeapons) {
  Scene scene;
  const Slot slot = scene.add({240, 135}, Team::red, armed(grenade));
  scene.player(slot).weapons[0].ammo = 0;
  scene.player(slot).weapons[0].reserve = 5;
  scene.step({Scene::command(CommandKind::reload, slot)});
  EXPECT_EQ(scene.player(slot).weapons[0].reload_done, 0U);
}

TEST(Fire, W4_FragSpeedAndRangeFollowTheCharge) {
  for (int charge = 0; charge <= 6; ++charge) {
    SCOPED_TRACE(charge);
    Scene scene;
    const Slot slot = scene.add({100, 135}, Team::red, armed(grenade));
    scene.step({Scene::fire(slot, grenade, charge)});
    if (charge < 1 || charge > 5) {
      EXPECT_TRUE(scene.world().projectiles.empty());
      EXPECT_EQ(scene.player(slot).weapons[0].ammo, 2);
      continue;
    }
    ASSERT_EQ(scene.world().projectiles.size(), 1U);
    EXPECT_NEAR(scene.world().projectiles[0].velocity.x, 12 + 18 * charge, 1e-12);
    EXPECT_EQ(scene.world().projectiles[0].range, 150 * (1 + 0.5 * (charge - 1)));
    EXPECT_EQ(scene.player(slot).weapons[0].ammo, 1) << "one unit a throw (12.2 #5)";
  }
}

TEST(Fire, NamingAnotherOwnedWeaponSwitchesFirstAndKeepsItsCooldown) {
  Scene scene;
  Loadout loadout = armed(sniperrifle);
  loadout.secondary = pistol;
  const Slot slot = scene.add({240, 135}, Team::red, loadout);
  scene.step({Scene::fire(slot, sniperrifle)});
  scene.step({Scene::fire(slot, pistol)});
  EXPECT_EQ(scene.events(EventKind::weapon_switched).size(), 1U);
  EXPECT_EQ(scene.events(EventKind::shot_fired).size(), 1U);
  EXPECT_EQ(held_weapon(scene.player(slot)), pistol);
  scene.steps(10);
  scene.step({Scene::fire(slot, sniperrifle)});
  EXPECT_TRUE(scene.events(EventKind::shot_fired).empty()) << "12.2 #4: no way round the cooldown";
  scene.step({Scene::fire(slot, rifle)});
  EXPECT_TRUE(scene.events().empty()) << "not owned";
}

// However often he asks for a shot or a reload.
TEST(Fire, S4_MoreRoundsThanTheServerCountsAreNotFired) {
  Scene scene;
  const Slot slot = scene.add({240, 135}, Team::red, armed(rifle));
  scene.player(slot).weapons[0].ammo = 3;
  scene.player(slot).weapons[0].reserve = 2;
  int shots = 0;
  for (int i = 0; i < 600; ++i) {
    scene.step({Scene::fire(slot, rifle), Scene::command(CommandKind::reload, slot),
                Scene::fire(slot, rifle)});
    shots += static_cast<int>(scene.events(EventKind::shot_fired).size());
  }
  EXPECT_EQ(shots, 5);
  EXPECT_EQ(scene.player(slot).weapons[0].ammo, 0);
  EXPECT_EQ(scene.player(slot).weapons[0].reserve, 0);
}

TEST(Fire, TheDeadDoNothing) {
  Scene scene;
  const Slot slot = scene.add({240, 135});
  scene.step({Scene::command(CommandKind::kill, slot)});
  scene.player(slot).weapons[0].ammo = 3;
  scene.step({Scene::fire(slot, rifle), Scene::command(CommandKind::reload, slot)});
  EXPECT_TRUE(scene.events().empty());
  EXPECT_EQ(scene.player(slot).weapons[0].reload_done, 0U);
}

// Decision 3: target point, else direction, else rotation.
TEST(Fire, AimIsTheTargetElseTheDirectionElseTheRotation) {
  const auto angle_of = [](bool target, bool direction) {
    Scene scene;
    const Slot slot = scene.add({240, 135}, Team::red, armed(rifle), 1.0);
    Command shot = Scene::fire(slot, rifle);
    shot.flag = target;
    shot.point = {240, 235};
    shot.flag2 = direction;
    shot.angle = 2.0 + 2 * kPi;
    scene.step({shot});
    return scene.events(EventKind::shot_fired).at(0).angle;
  };
  EXPECT_EQ(angle_of(true, true), kPi / 2);
  EXPECT_NEAR(angle_of(false, true), 2.0, 1e-15);
  EXPECT_EQ(angle_of(false, false), 1.0);
}

TEST(Heat, C2_OverheatsOnShot74AtTick292AndIsBackAt160) {
  Scene scene;
  const Slot slot = scene.add({240, 135}, Team::red, armed(machinegun));
  int shots = 0;
  int tick = 0;
  for (; scene.player(slot).overheated_until == 0 && tick < 1000; ++tick) {
    scene.step(tick % 4 == 0 ? std::vector<Command>{Scene::fire(slot, machinegun)}
                             : std::vector<Command>{});
    shots += static_cast<int>(scene.events(EventKind::shot_fired).size());
  }
  EXPECT_EQ(shots, 74);
  EXPECT_EQ(tick - 1, 292);
  EXPECT_EQ(count_shots(scene, slot, machinegun, 179), 0);
  EXPECT_EQ(scene.player(slot).heat, 320.0);
  scene.step();
  EXPECT_EQ(scene.player(slot).heat, 160.0);
  ASSERT_EQ(scene.events(EventKind::heat).size(), 1U);
  EXPECT_FALSE(scene.events(EventKind::heat)[0].flag);
  scene.steps(60);
  EXPECT_NEAR(scene.player(slot).heat, 150.0, 1e-9);
}

struct Spread {
  WeaponId weapon;
  double half[6];  // idle, idle ADS, walk, walk ADS, run, run ADS
};
constexpr Spread kSpreads[] = {
    {rifle, {.010, 0, .040, .020, .060, .040}},
    {revolver, {.010, 0, .040, .020, .060, .040}},
    {smg, {.025, .005, .055, .035, .075, .055}},
    {shotgun, {.040, .020, .070, .050, .090, .070}},
    {battlerifle, {.005, 0, .035, .015, .055, .035}},
    {sniperrifle, {.002, 0, .032, .012, .052, .032}},
    {pistol, {.020, 0, .050, .030, .070, .050}},
    {suppressedpistol, {.015, 0, .045, .025, .065, .045}},
    {machinegun, {.030, .010, .060, .040, .080, .060}},
    {antimaterialrifle, {.001, 0, .031, .011, .051, .031}},
};

TEST(Accuracy, HalfAnglesOfRules4_5) {
  constexpr MovementState kStates[] = {MovementState::idle, MovementState::walking,
                                       MovementState::running};
  for (const Spread& row : kSpreads) {
    for (int i = 0; i < 6; ++i) {
      const double accuracy = effective_accuracy(row.weapon, i % 2 == 1, kStates[i / 2]);
      EXPECT_NEAR(spread(accuracy, 0.0), -row.half[i], 1e-12)
          << weapon_name(row.weapon) << ' ' << i;
    }
    EXPECT_EQ(effective_accuracy(row.weapon, false, MovementState::sneaking),
              effective_accuracy(row.weapon, false, MovementState::walking));
  }
}

TEST(Ads, IsAStateNotAnEdge) {
  Scene scene;
  const Slot slot = scene.add({240, 135});
  Command on = Scene::command(CommandKind::ads, slot);
  on.flag = true;
  scene.step({on});
  scene.step({on});
  EXPECT_TRUE(scene.player(slot).ads);
  on.flag = false;
  scene.step({on});
  EXPECT_FALSE(scene.player(slot).ads);
}

TEST(Loadout, DecidesWhatIsLegal) {
  const auto carry = [](WeaponId primary, WeaponId secondary, std::array<WeaponId, 3> support) {
    return Loadout{primary, secondary, support};
  };
  EXPECT_TRUE(is_legal(carry(none, none, {none, none, none})));
  EXPECT_TRUE(is_legal(carry(rifle, pistol, {grenade, smokegrenade, flashbang})));
  EXPECT_TRUE(is_legal(carry(rifle, pistol, {rocket, grenade, none})));
  EXPECT_TRUE(is_legal(carry(none, none, {none, machinegun, none})));
  EXPECT_FALSE(is_legal(carry(pistol, none, {none, none, none})));
  EXPECT_FALSE(is_legal(carry(rifle, smg, {none, none, none})));
  EXPECT_FALSE(is_legal(carry(rifle, pistol, {rifle, none, none})));
  EXPECT_FALSE(is_legal(carry(rifle, pistol, {grenade, grenade, none})));
  EXPECT_FALSE(is_legal(carry(rifle, pistol, {rocket, grenadelauncher, none})));
  EXPECT_FALSE(is_legal(carry(rifle, pistol, {machinegun, grenade, none})));
  EXPECT_EQ(legal_loadout(carry(pistol, none, {none, none, none})), default_loadout());
  EXPECT_EQ(legal_loadout(carry(none, none, {none, rocket, grenade})),
            carry(none, none, {rocket, grenade, none}));
}

TEST(Keys, SelectPrimarySecondaryAndTheFirstTwoSupports) {
  Scene scene;
  const Slot slot =
      scene.add({240, 135}, Team::red, {rifle, pistol, {flashbang, grenade, smokegrenade}});
  const std::pair<Key, WeaponId> rows[] = {
      {kKey2, pistol}, {kKey3, flashbang}, {kKey4, grenade}, {kKey1, rifle}};
  for (const auto& [key, weapon] : rows) {
    scene.step({Scene::input(slot, 1, key, {})});
    EXPECT_EQ(held_weapon(scene.player(slot)), weapon);
    EXPECT_EQ(scene.events(EventKind::weapon_switched).size(), 1U);
    scene.step({Scene::input(slot, 1, key, {})});
    EXPECT_TRUE(scene.events().empty()) << "held keys are idempotent";
  }
}

}  // namespace
}  // namespace sim
