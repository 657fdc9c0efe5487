#pragma once

// The words of the game on the wire, both ways. Those of weapons are in sim/weapons.h.

#include <optional>
#include <string_view>

#include "sim/types.h"

namespace wire {

std::string_view team_name(sim::Team team);
std::optional<sim::Team> team_from_name(std::string_view name);
std::string_view material_name(sim::Material material);
std::string_view movement_name(sim::MovementState state);
std::string_view damage_name(sim::DamageType type);

}  // namespace wire
