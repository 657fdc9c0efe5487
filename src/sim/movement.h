#pragma once

// Movement exactly as the shipped client predicts it (decision 1, rules 3.3-3.5, wire
// contract 7.1).

#include <span>

#include "sim/types.h"
#include "sim/world.h"

namespace sim {

inline constexpr double kWalkSpeed = 100.0;  // px/s
inline constexpr double kWallMargin = 5.0;   // px a centre keeps from a wall
inline constexpr double kClampLeft = 10.0;   // px, of the centre
inline constexpr double kClampRight = 470.0;
inline constexpr double kClampTop = 10.0;
inline constexpr double kClampBottom = 260.0;
inline constexpr double kStepBurst = 15.0;  // steps saved up at most (decision 2)

// May no centre stand here? Short runs count as strips of 5 slices whose padded slices are open,
// and the 5 px beyond the ends of a strip block always, open or not (decisions 1 and 15).
bool blocked(const Map& map, std::span<const WallState> walls, Vec2 point);

// One step of 1/60 s: moves the player by its keys, mouse position deciding whether shift runs.
void move_step(const World& world, Player& player, std::uint16_t keys, Vec2 mouse);

// One player:input of a living or dead player: acknowledges its sequence, takes the steps it is
// owed out of the step credit, turns the player to the mouse. The dead only turn.
void apply_input_motion(const World& world, Player& player, const Command& input);

// Whoever sends no more input is at rest where he stands (L9).
void stand_still(Player& player);

}  // namespace sim
