#pragma once

// Things that fly: frag, smoke, flash, launcher round, rocket (rules 6, decision 11).

#include "sim/turn.h"

namespace sim {

// Lets a projectile go from the centre of its owner. It flies from the next tick on. When 64 fly
// already the oldest is gone without effect (decision 20).
void launch(const Turn& turn, Slot owner, WeaponId type, double angle, std::uint8_t charge);

// The owner leaves: what he has in the air is gone without effect (rules 6.1).
void remove_projectiles_of(const Turn& turn, Slot owner);

// Moves all projectiles one tick, in the order of their numbers; detonates those whose time or way
// is over. Smoke and flash take effect at once, explosions after all have moved.
void run_projectiles(const Turn& turn);

}  // namespace sim
