#include "sim/walls.h"

#include <algorithm>
#include <cmath>

namespace sim {
namespace {

// Wood and glass are a hole at half their health (rules 7, decision 7).
constexpr double kSoftOpensAt = 0.5;

}  // namespace

double slice_health(Material material) {
  switch (material) {
    case Material::concrete:
      return 675.0;
    case Material::wood:
      return 80.0;
    case Material::metal:
      return 200.0;
    case Material::glass:
      return 30.0;
  }
  return 0.0;
}

bool is_soft(Material material) {
  return material == Material::wood || material == Material::glass;
}

double distance_to(const Box& box, Vec2 point) {
  const double dx = std::max({box.left - point.x, 0.0, point.x - box.right});
  const double dy = std::max({box.top - point.y, 0.0, point.y - box.bottom});
  return std::sqrt(dx * dx + dy * dy);
}

WallState fresh_wall(const Wall& wall) {
  WallState state;
  for (int i = 0; i < kSlices; ++i) {
    if (i < wall.tiles) {
      state.health[static_cast<std::size_t>(i)] = slice_health(wall.material);
    } else {
      state.open = static_cast<std::uint8_t>(state.open | (1u << static_cast<unsigned>(i)));
    }
  }
  return state;
}

SliceDamage damage_slice(const Wall& wall, WallState& state, int slice, double amount) {
  if (!blocks(state, slice)) return {};
  double& health = state.health[static_cast<std::size_t>(slice)];
  health = std::max(0.0, health - amount);
  const double limit = is_soft(wall.material) ? kSoftOpensAt * slice_health(wall.material) : 0.0;
  SliceDamage result{true, health <= limit, health};
  if (result.opened)
    state.open = static_cast<std::uint8_t>(state.open | (1u << static_cast<unsigned>(slice)));
  return result;
}

}  // namespace sim
