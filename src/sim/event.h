#pragma once

// What a tick did, in the order in which clients must hear it (wire contract 4.5, recipes 5-8).
// Plain data; one struct for all kinds, so that a tick's list is one reusable vector.

#include "sim/types.h"

namespace sim {

enum class EventKind : std::uint8_t {
  //                     slot        other     further fields
  player_joined,    // the player            position, team                         (entered the
                    // world)
  player_left,      // the player
  weapon_switched,  // the player            weapon = now held, weapon2 = before
  weapon_reloaded,  // the player            weapon
  heat,             // the player            value = heat 0..320, flag = overheated (machine gun)
  shot_fired,  // the shooter           weapon, position = origin, angle, sequence, value = ammo
               // left, flag = ADS;
               //                       thrown weapons: flag2 = true
  shot_hit,  // the shooter   victim? weapon, position = hit, origin = start, pellet (shotgun, else
             // 0xff),
  //                       other = victim or kNoSlot with wall/slice, count = obstacles pierced
  shot_missed,     // the shooter           weapon, position = end of trail, origin, angle, pellet
  wall_damaged,    // who did it            wall, slice, position = slice centre, value = damage,
                   // value2 = new health,
                   //                       flag = the slice is open now, weapon, pellet
  wall_destroyed,  // who did it            as wall_damaged; follows it when the mask bit changed
                   // (decision 7)
  player_died,  // victim        killer  (kNoSlot or = slot: none/suicide) weapon, team = killer's,
                // team2 = victim's,
  //                       position, damage_type; precedes the final player_damaged (recipe 6)
  player_damaged,      // victim        source  value = damage, value2 = new health, damage_type,
                       // position, flag = killed,
                       //                       weapon
  player_respawned,    // the player            position, team, until = invulnerable until this tick
  projectile_created,  // owner                 id, weapon = type, position, velocity
  projectile_moved,    // owner                 id, weapon, position (every 3rd tick)
  projectile_exploded,  // owner                 id, weapon, position, value = radius
  projectile_gone,  // owner                 id, weapon: taken out without effect, because its owner
                    // left or it gave way to a newer one (decision 20)
  explosion,  // owner                 position, value = radius, value2 = damage, weapon (frag,
              // rocket, launcher)
  flash,      // affected      owner   id, position = of the flash, value = intensity 0..1, value2 =
              // distance,
  //                       angle = viewing angle / pi, flag = line of sight; one per affected player
  match_started,  //
  match_ended,    // match().outcome() has the result
};

struct Event {
  EventKind kind = EventKind::match_started;
  Slot slot = kNoSlot;
  Slot other = kNoSlot;
  WeaponId weapon = WeaponId::none;
  WeaponId weapon2 = WeaponId::none;
  Team team = Team::red;
  Team team2 = Team::red;
  DamageType damage_type = DamageType::bullet;
  std::uint8_t pellet = 0xff;
  std::uint8_t slice = 0;
  std::uint8_t count = 0;
  bool flag = false;
  bool flag2 = false;
  std::int16_t wall = -1;  // index into the map's walls; its id on the wire is wall_<index + 1>
  std::uint32_t id = 0;    // projectile number, from 1, per match object, never reused
  std::uint32_t sequence = 0;
  Tick until = 0;
  Vec2 position;
  Vec2 origin;
  Vec2 velocity;
  double angle = 0.0;
  double value = 0.0;
  double value2 = 0.0;
};

}  // namespace sim
