#pragma once

// Entering the world: teams, spawn points, fresh bodies (rules 9.3-9.5, decisions 14 and 17).

#include "sim/turn.h"

namespace sim {

inline constexpr Tick kRespawnGate = 180;   // ticks after death from which a request is granted
inline constexpr Tick kRespawnAuto = 300;   // ticks after death without a request
inline constexpr Tick kInvulnerable = 120;  // ticks after a respawn

// The team a player gets: the wanted one unless it has 2 or more players more than the other one,
// not counting him.
Team team_for(const World& world, Slot slot, Team wanted);

// A free cell centre within 3 cells of a spawn of the team and connected with it: nobody stands
// there if that can be had, then the farthest from the nearest living enemy, then list order.
Vec2 choose_spawn(const World& world, Slot slot);

// One player:join.
void join(const Turn& turn, Slot slot, const Command& command);

// The body and its projectiles are gone.
void leave(const Turn& turn, Slot slot);

// Brings back who is due: on request from 180 ticks after death, without one at 300.
void run_respawns(const Turn& turn);

// Match start (decision 18): walls whole, nothing in flight, no smoke; everybody in the world
// respawns fresh, kills and deaths 0.
void reset_world(const Turn& turn);

}  // namespace sim
