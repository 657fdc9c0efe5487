#include "sim/explosion.h"

#include <cmath>

#include "sim/damage.h"
#include "sim/walls.h"
#include "sim/weapons.h"

namespace sim {
namespace {

Blow blow_of(const Projectile& burst, double amount) {
  return {burst.owner, burst.type, DamageType::explosion, amount, 0xff};
}

void harm_players(const Turn& turn, const Projectile& burst) {
  const WeaponInfo& info = weapon_info(burst.type);
  Event& event = turn.emit(EventKind::explosion, burst.owner);
  event.id = burst.id;
  event.weapon = burst.type;
  event.position = burst.position;
  event.value = info.radius;
  event.value2 = info.damage;
  for (Slot slot = 0; slot < kMaxPlayers; ++slot) {
    const Player& player = turn.player(slot);
    if (!player.in_world || !player.alive) continue;
    const double dx = player.position.x - burst.position.x;
    const double dy = player.position.y - burst.position.y;
    const double amount = explosion_damage(info.damage, info.radius, std::sqrt(dx * dx + dy * dy));
    if (amount > 0.0) hurt_player(turn, slot, blow_of(burst, amount), burst.position);
  }
}

void harm_walls(const Turn& turn, const Projectile& burst) {
  const WeaponInfo& info = weapon_info(burst.type);
  const auto& plan = turn.world.map->walls;
  for (std::size_t w = 0; w < plan.size(); ++w) {
    if (!any_blocks(turn.world.walls[w]) ||
        distance_to(true_box(plan[w]), burst.position) >= info.radius)
      continue;
    for (int slice = 0; slice < plan[w].tiles; ++slice) {
      const double distance = distance_to(slice_box(plan[w], slice), burst.position);
      const double amount = explosion_damage(info.damage, info.radius, distance);
      if (amount > 0.0) hurt_slice(turn, static_cast<int>(w), slice, blow_of(burst, amount));
    }
  }
}

}  // namespace

double explosion_damage(double damage, double radius, double distance) {
  if (distance >= radius) return 0.0;
  return std::floor(damage * (radius - distance) / radius + 1e-9);
}

void explode(const Turn& turn, std::span<const Projectile> bursts) {
  for (const Projectile& burst : bursts) harm_players(turn, burst);
  for (const Projectile& burst : bursts) harm_walls(turn, burst);
}

}  // namespace sim
