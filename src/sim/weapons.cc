#include "sim/weapons.h"

#include <algorithm>
#include <array>

namespace sim {
namespace {

using enum WeaponId;

constexpr WeaponInfo gun(WeaponId id, std::string_view name, WeaponClass place, double damage,
                         std::uint16_t rpm, std::int16_t magazine, std::int16_t reserve,
                         std::uint32_t reload_ms, double accuracy, double range) {
  WeaponInfo info;
  info.id = id;
  info.name = name;
  info.place = place;
  info.kind = WeaponKind::hitscan;
  info.damage = damage;
  info.rpm = rpm;
  info.cooldown = (3600u + rpm - 1u) / rpm;
  info.per_second = static_cast<std::uint8_t>((60u + info.cooldown - 1u) / info.cooldown);
  info.magazine = magazine;
  info.reserve = reserve;
  info.reload_ms = reload_ms;
  info.reload = ticks_from_ms(reload_ms);
  info.accuracy = accuracy;
  info.range = range;
  return info;
}

struct Flight {
  double speed;
  double radius;
  std::uint32_t fuse_ms;
};

constexpr WeaponInfo support(WeaponInfo info, std::uint8_t cost) {
  info.place = WeaponClass::support;
  info.cost = cost;
  return info;
}

constexpr WeaponInfo flying(WeaponInfo info, WeaponKind kind, std::uint8_t cost, Flight flight) {
  info = support(info, cost);
  info.kind = kind;
  info.speed = flight.speed;
  info.radius = flight.radius;
  info.fuse = ticks_from_ms(flight.fuse_ms);
  return info;
}

constexpr WeaponClass kFirst = WeaponClass::primary;
constexpr WeaponClass kSecond = WeaponClass::secondary;
constexpr WeaponClass kExtra = WeaponClass::support;

// In the order of WeaponId.
constexpr std::array<WeaponInfo, kWeaponCount> kWeapons = {
    WeaponInfo{},
    gun(rifle, "rifle", kFirst, 25, 600, 30, 180, 2500, 0.90, 350),
    gun(smg, "smg", kFirst, 20, 900, 35, 210, 2000, 0.75, 250),
    gun(shotgun, "shotgun", kFirst, 15, 70, 8, 32, 3500, 0.60, 200),
    gun(battlerifle, "battlerifle", kFirst, 35, 450, 20, 120, 2800, 0.95, 400),
    gun(sniperrifle, "sniperrifle", kFirst, 90, 40, 5, 30, 3500, 0.98, 600),
    gun(pistol, "pistol", kSecond, 25, 450, 12, 72, 1500, 0.80, 200),
    gun(revolver, "revolver", kSecond, 60, 150, 6, 36, 3000, 0.90, 250),
    gun(suppressedpistol, "suppressedpistol", kSecond, 20, 450, 15, 90, 1800, 0.85, 150),
    flying(gun(grenadelauncher, "grenadelauncher", kExtra, 100, 60, 6, 18, 4000, 0.90, 300),
           WeaponKind::projectile, 2, {150, 40, 3000}),
    support(gun(machinegun, "machinegun", kExtra, 10, 1000, 200, 600, 8000, 0.70, 350), 3),
    support(gun(antimaterialrifle, "antimaterialrifle", kExtra, 250, 30, 5, 20, 4500, 0.99, 800),
            3),
    flying(gun(grenade, "grenade", kExtra, 200, 60, 2, 0, 0, 1.0, 150), WeaponKind::thrown, 1,
           {12, 40, 3000}),
    flying(gun(smokegrenade, "smokegrenade", kExtra, 0, 60, 2, 0, 0, 1.0, 150), WeaponKind::thrown,
           1, {20, 60, 2000}),
    flying(gun(flashbang, "flashbang", kExtra, 0, 60, 2, 0, 0, 1.0, 150), WeaponKind::thrown, 1,
           {20, 120, 1500}),
    flying(gun(rocket, "rocket", kExtra, 200, 30, 1, 5, 3000, 0.95, 400), WeaponKind::projectile, 2,
           {200, 50, 0}),
};

constexpr double kAimBonus = 0.2;
constexpr double kMovePenalty = 0.3;
constexpr double kRunPenalty = 0.2;

}  // namespace

const WeaponInfo& weapon_info(WeaponId id) {
  const auto index = static_cast<std::size_t>(id);
  return kWeapons[index < kWeapons.size() ? index : 0];
}

std::optional<WeaponId> weapon_from_name(std::string_view name) {
  for (const WeaponInfo& info : kWeapons) {
    if (info.id != none && info.name == name) return info.id;
  }
  return std::nullopt;
}

double effective_accuracy(WeaponId id, bool ads, MovementState movement) {
  double accuracy = weapon_info(id).accuracy;
  if (ads) accuracy += kAimBonus;
  if (movement != MovementState::idle) accuracy -= kMovePenalty;
  if (movement == MovementState::running) accuracy -= kRunPenalty;
  return std::clamp(accuracy, 0.1, 1.0);
}

double spread(double accuracy, double draw) { return (draw - 0.5) * ((1.0 - accuracy) * 0.2); }

}  // namespace sim
