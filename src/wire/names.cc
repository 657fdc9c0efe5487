#include "wire/names.h"

namespace wire {

std::string_view team_name(sim::Team team) { return team == sim::Team::red ? "red" : "blue"; }

std::optional<sim::Team> team_from_name(std::string_view name) {
  if (name == "red") return sim::Team::red;
  if (name == "blue") return sim::Team::blue;
  return std::nullopt;
}

std::string_view material_name(sim::Material material) {
  switch (material) {
    case sim::Material::concrete:
      return "concrete";
    case sim::Material::wood:
      return "wood";
    case sim::Material::metal:
      return "metal";
    case sim::Material::glass:
      return "glass";
  }
  return "concrete";
}

std::string_view movement_name(sim::MovementState state) {
  switch (state) {
    case sim::MovementState::idle:
      return "idle";
    case sim::MovementState::walking:
      return "walking";
    case sim::MovementState::running:
      return "running";
    case sim::MovementState::sneaking:
      return "sneaking";
  }
  return "idle";
}

std::string_view damage_name(sim::DamageType type) {
  return type == sim::DamageType::bullet ? "bullet" : "explosion";
}

}  // namespace wire
