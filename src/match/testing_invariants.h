#pragma once

// Test data only: what holds of every world in every tick, whatever was done to it.

#include <gtest/gtest.h>

#include <cmath>

#include "sim/loadout.h"
#include "sim/movement.h"
#include "sim/trig.h"
#include "sim/walls.h"
#include "sim/weapons.h"
#include "sim/world.h"

namespace match::testing {

// A slice holds its left and upper border (rules 3.5 take the floor): whoever stands on the line to
// the next slice stands in the next.
inline bool inside_intact_slice(const sim::World& world, sim::Vec2 p) {
  for (std::size_t w = 0; w < world.walls.size(); ++w) {
    for (int slice = 0; slice < sim::kSlices; ++slice) {
      if (!sim::blocks(world.walls[w], slice)) continue;
      const sim::Box box = sim::slice_box(world.map->walls[w], slice);
      if (p.x >= box.left && p.x < box.right && p.y >= box.top && p.y < box.bottom) return true;
    }
  }
  return false;
}

inline void check_player(const sim::World& world, const sim::Player& player) {
  ASSERT_FALSE(inside_intact_slice(world, player.position))
      << player.position.x << ' ' << player.position.y;
  ASSERT_GE(player.position.x, sim::kClampLeft);
  ASSERT_LE(player.position.x, sim::kClampRight);
  ASSERT_GE(player.position.y, sim::kClampTop);
  ASSERT_LE(player.position.y, sim::kClampBottom);
  ASSERT_TRUE(player.alive ? player.health > 0 && player.health <= 100 : player.health == 0.0);
  ASSERT_GE(player.step_credit, 0.0);
  ASSERT_LE(player.step_credit, sim::kStepBurst);
  ASSERT_TRUE(std::isfinite(player.rotation));
  ASSERT_LE(std::fabs(player.rotation), sim::kPi);
  ASSERT_TRUE(player.heat >= 0.0 && player.heat <= 320.0);
  ASSERT_TRUE(sim::is_legal(player.loadout));
  for (const sim::WeaponState& weapon : player.weapons) {
    ASSERT_GE(weapon.ammo, 0);
    ASSERT_LE(weapon.ammo, sim::weapon_info(weapon.id).magazine);
    ASSERT_GE(weapon.reserve, 0);
    ASSERT_LE(weapon.reserve, sim::weapon_info(weapon.id).reserve);
  }
}

inline void check_world(const sim::World& world) {
  for (const sim::Player& player : world.players) {
    if (player.in_world) check_player(world, player);
  }
  ASSERT_LE(world.projectiles.size(), static_cast<std::size_t>(sim::kMaxProjectiles));
  ASSERT_LE(world.smokes.size(), static_cast<std::size_t>(sim::kMaxSmokes));
  for (const sim::Projectile& p : world.projectiles) {
    ASSERT_TRUE(p.position.x >= 0 && p.position.x <= 480 && p.position.y >= 0 &&
                p.position.y <= 270);
    ASSERT_TRUE(world.players[p.owner].in_world);
  }
}

}  // namespace match::testing
