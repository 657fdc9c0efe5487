#include "wire/names.h"

#include <array>

namespace wire {
namespace {

// In the order of sim::WeaponId (contract 6).
constexpr std::array<std::string_view, sim::kWeaponCount> kWeapons = {
    "",           "rifle",         "smg",              "shotgun",         "battlerifle", "sniperrifle",
    "pistol",     "revolver",      "suppressedpistol", "grenadelauncher", "machinegun",  "antimaterialrifle",
    "grenade",    "smokegrenade",  "flashbang",        "rocket"};

}  // namespace

std::string_view weapon_name(sim::WeaponId weapon) { return kWeapons[static_cast<std::size_t>(weapon)]; }

std::optional<sim::WeaponId> weapon_from_name(std::string_view name) {
  for (std::size_t i = 1; i < kWeapons.size(); ++i) {
    if (kWeapons[i] == name) return static_cast<sim::WeaponId>(i);
  }
  return std::nullopt;
}

std::string_view team_name(sim::Team team) { return team == sim::Team::red ? "red" : "blue"; }

std::optional<sim::Team> team_from_name(std::string_view name) {
  if (name == "red") return sim::Team::red;
  if (name == "blue") return sim::Team::blue;
  return std::nullopt;
}

std::string_view material_name(sim::Material material) {
  switch (material) {
    case sim::Material::concrete: return "concrete";
    case sim::Material::wood: return "wood";
    case sim::Material::metal: return "metal";
    case sim::Material::glass: return "glass";
  }
  return "concrete";
}

std::string_view movement_name(sim::MovementState state) {
  switch (state) {
    case sim::MovementState::idle: return "idle";
    case sim::MovementState::walking: return "walking";
    case sim::MovementState::running: return "running";
    case sim::MovementState::sneaking: return "sneaking";
  }
  return "idle";
}

std::string_view damage_name(sim::DamageType type) {
  return type == sim::DamageType::bullet ? "bullet" : "explosion";
}

}  // namespace wire
