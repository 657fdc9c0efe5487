#pragma once

// One list of a world's significant fields, for the hash and for snapshots. An archive offers
// `value(x)` for integers, bools, enums and doubles, `count(list, limit)` for the length of a list,
// and kReads: does it write into the fields?

#include "sim/world.h"

namespace sim {

// Last value of each enumeration: a reader believes no other.
constexpr std::uint64_t last_of(Team) { return 1; }
constexpr std::uint64_t last_of(WeaponId) { return kWeaponCount - 1; }
constexpr std::uint64_t last_of(MovementState) { return 3; }

template <class Archive>
void archive(Archive& a, Vec2& v) {
  a.value(v.x);
  a.value(v.y);
}

template <class Archive>
void archive(Archive& a, Loadout& loadout) {
  a.value(loadout.primary);
  a.value(loadout.secondary);
  for (WeaponId& id : loadout.support) a.value(id);
}

template <class Archive>
void archive(Archive& a, WeaponState& weapon) {
  a.value(weapon.id);
  a.value(weapon.ammo);
  a.value(weapon.reserve);
  a.value(weapon.reload_done);
  a.value(weapon.ready_at);
  a.value(weapon.last_shot);
  a.value(weapon.recent_shots);
}

// Only what a waiting shot needs of its command.
template <class Archive>
void archive_shot(Archive& a, Command& shot) {
  shot.kind = CommandKind::fire;
  a.value(shot.slot);
  a.value(shot.weapon);
  a.value(shot.charge);
  a.value(shot.flag);
  a.value(shot.flag2);
  a.value(shot.view_delay);
  a.value(shot.sequence);
  archive(a, shot.point);
  a.value(shot.angle);
}

template <class Archive>
void archive(Archive& a, Player& player) {
  a.value(player.in_world);
  if (!player.in_world) return;
  a.value(player.alive);
  a.value(player.team);
  a.value(player.movement);
  a.value(player.ads);
  a.value(player.respawn_wanted);
  a.value(player.held);
  a.value(player.killer);
  archive(a, player.loadout);
  archive(a, player.next_loadout);
  a.count(player.weapons, player.weapons.capacity());
  for (WeaponState& weapon : player.weapons) archive(a, weapon);
  archive(a, player.position);
  archive(a, player.velocity);
  a.value(player.rotation);
  a.value(player.health);
  a.value(player.heat);
  a.value(player.overheated_until);
  a.value(player.kills);
  a.value(player.deaths);
  a.value(player.died_at);
  a.value(player.spawned_at);
  a.value(player.invulnerable_until);
  a.value(player.sequence);
  a.value(player.sequence_shots);
  a.value(player.sequence_fresh);
  a.value(player.step_credit);
  a.value(player.flash.intensity);
  a.value(player.flash.begin);
  a.value(player.flash.end);
  for (Vec2& past : player.past) archive(a, past);
  a.value(player.shot_waiting);
  if (!player.shot_waiting) return;
  archive_shot(a, player.waiting_shot);
  a.value(player.waiting_until);
}

template <class Archive>
void archive(Archive& a, Projectile& p) {
  a.value(p.id);
  a.value(p.type);
  a.value(p.owner);
  a.value(p.owner_team);
  a.value(p.charge);
  archive(a, p.position);
  archive(a, p.velocity);
  a.value(p.born);
  a.value(p.travelled);
  a.value(p.range);
  a.value(p.bounced_wall);
  a.value(p.bounced_at);
}

template <class Archive>
void archive(Archive& a, Smoke& smoke) {
  a.value(smoke.id);
  archive(a, smoke.position);
  a.value(smoke.born);
}

// All but the map.
template <class Archive>
void archive(Archive& a, World& world) {
  a.value(world.tick);
  std::uint64_t random = world.random.state();
  a.value(random);
  if constexpr (Archive::kReads) world.random.set_state(random);
  a.value(world.next_projectile);
  for (Player& player : world.players) archive(a, player);
  for (WallState& wall : world.walls) {
    for (double& health : wall.health) a.value(health);
    a.value(wall.open);
  }
  a.count(world.projectiles, kMaxProjectiles);
  for (Projectile& p : world.projectiles) archive(a, p);
  a.count(world.smokes, kMaxSmokes);
  for (Smoke& smoke : world.smokes) archive(a, smoke);
}

}  // namespace sim
