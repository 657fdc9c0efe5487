#pragma once

// Explosions of frags, rockets and launcher rounds (rules 6.5, decision 10): cover does not count.

#include <span>

#include "sim/turn.h"

namespace sim {

// floor(damage * (1 - distance / radius)) without the rounding error of the division; 0 from the
// radius on.
double explosion_damage(double damage, double radius, double distance);

// Lets projectiles explode where they are: first all harm to players, explosion by explosion and
// slot by slot, then all harm to walls.
void explode(const Turn& turn, std::span<const Projectile> bursts);

}  // namespace sim
