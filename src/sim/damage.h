#pragma once

// Harm to players and walls. Walls change at once; what players suffer is written down as it
// happens and applied at the end of the tick, so that two players can kill each other in one tick
// (decision 6).

#include <cstddef>

#include "sim/turn.h"

namespace sim {

// Who does it, with what. `pellet` is 0xff but for shotguns.
struct Blow {
  Slot source = kNoSlot;
  WeaponId weapon = WeaponId::none;
  DamageType type = DamageType::bullet;
  double amount = 0.0;
  std::uint8_t pellet = 0xff;
};

// Writes the blow down as a player_damaged event to be settled; nothing for team mates when
// friendly fire is off.
void hurt_player(const Turn& turn, Slot victim, const Blow& blow, Vec2 at);

// The player dies by its own hand at the end of the tick, invulnerable or not (test hook).
void kill_by_hook(const Turn& turn, Slot victim);

// Damages an intact slice, with its events.
void hurt_slice(const Turn& turn, int wall, int slice, const Blow& blow);

// Applies the blows written down from events[first] on, in order. Completes their events, puts each
// player_died right before the blow that killed, and drops blows on those already dead.
void settle_damage(const Turn& turn, std::size_t first);

}  // namespace sim
