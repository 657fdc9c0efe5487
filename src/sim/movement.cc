#include "sim/movement.h"

#include <algorithm>
#include <cmath>

#include "sim/trig.h"
#include "sim/walls.h"

namespace sim {
namespace {

constexpr double kRunFactor = 1.5;
constexpr double kSneakFactor = 0.5;
constexpr double kIdleDecay = 0.8;  // of the velocity shown, per step without direction

bool strip_blocks(const Wall& wall, const WallState& state, Vec2 p) {
  const double x = wall.corner.x;
  const double y = wall.corner.y;
  const double w = wall.width();
  const double h = wall.height();
  if (p.x < x - kWallMargin || p.x > x + w + kWallMargin) return false;
  if (p.y < y - kWallMargin || p.y > y + h + kWallMargin) return false;
  const double along = wall.horizontal ? (p.x - x) / (w / 5.0) : (p.y - y) / (h / 5.0);
  const int slice = static_cast<int>(std::floor(along));
  return slice < 0 || slice >= kSlices || blocks(state, slice);
}

// Does the key of the quarter the player aims at go down with these keys? The quarters are half
// open: a mouse exactly on a diagonal belongs to the quarter clockwise of it (y points down).
bool runs_forward(std::uint16_t keys, Vec2 from, Vec2 mouse) {
  const double dx = mouse.x - from.x;
  const double dy = mouse.y - from.y;
  if (dx == 0.0 && dy == 0.0) return (keys & kKeyD) != 0;
  if (dx > 0.0 && -dx <= dy && dy < dx) return (keys & kKeyD) != 0;
  if (dy > 0.0 && -dy < dx && dx <= dy) return (keys & kKeyS) != 0;
  if (dx < 0.0 && dx < dy && dy <= -dx) return (keys & kKeyA) != 0;
  return (keys & kKeyW) != 0;
}

Vec2 direction_of(std::uint16_t keys) {
  const auto down = [&](Key key) { return (keys & key) != 0 ? 1.0 : 0.0; };
  Vec2 dir{down(kKeyD) - down(kKeyA), down(kKeyS) - down(kKeyW)};
  if (dir.x != 0.0 && dir.y != 0.0) {
    const double length = std::sqrt(dir.x * dir.x + dir.y * dir.y);
    dir = {dir.x / length, dir.y / length};
  }
  return dir;
}

MovementState state_of(std::uint16_t keys, Vec2 from, Vec2 mouse) {
  if ((keys & kKeyCtrl) != 0) return MovementState::sneaking;
  if ((keys & kKeyShift) != 0 && runs_forward(keys, from, mouse)) return MovementState::running;
  return MovementState::walking;
}

double factor_of(MovementState state) {
  if (state == MovementState::sneaking) return kSneakFactor;
  return state == MovementState::running ? kRunFactor : 1.0;
}

// Steps owed for an input: the gap of the sequence numbers less those that shots took (wire
// contract 7.3).
std::uint32_t steps_owed(const Player& player, std::uint32_t sequence) {
  if (player.sequence_fresh || sequence < player.sequence) return 1;
  const std::uint32_t gap = sequence - player.sequence;
  return gap > player.sequence_shots ? gap - player.sequence_shots : 0;
}

}  // namespace

bool blocked(const Map& map, std::span<const WallState> walls, Vec2 point) {
  const int column = std::clamp(static_cast<int>(point.x / kCell), 0, kMapColumns - 1);
  const int row = std::clamp(static_cast<int>(point.y / kCell), 0, kMapRows - 1);
  const auto cell = static_cast<std::size_t>(row * kMapColumns + column);
  for (std::size_t i = map.near_begin[cell]; i < map.near_begin[cell + 1]; ++i) {
    const std::size_t wall = map.near_walls[i];
    if (strip_blocks(map.walls[wall], walls[wall], point)) return true;
  }
  return false;
}

void move_step(const World& world, Player& player, std::uint16_t keys, Vec2 mouse) {
  const Vec2 dir = direction_of(keys);
  if (dir.x == 0.0 && dir.y == 0.0) {
    player.movement = MovementState::idle;
    player.velocity = {player.velocity.x * kIdleDecay, player.velocity.y * kIdleDecay};
    return;
  }
  player.movement = state_of(keys, player.position, mouse);
  const double factor = factor_of(player.movement);
  player.velocity = {dir.x * kWalkSpeed * factor, dir.y * kWalkSpeed * factor};
  const Vec2 from = player.position;
  const Vec2 target{from.x + player.velocity.x * kStepSeconds,
                    from.y + player.velocity.y * kStepSeconds};
  const auto free = [&](Vec2 point) { return !blocked(*world.map, world.walls, point); };
  Vec2 to = from;
  if (free(target)) {
    to = target;
  } else if (free({target.x, from.y})) {
    to.x = target.x;
  } else if (free({from.x, target.y})) {
    to.y = target.y;
  }
  player.position = {std::clamp(to.x, kClampLeft, kClampRight),
                     std::clamp(to.y, kClampTop, kClampBottom)};
}

void stand_still(Player& player) {
  player.velocity = {};
  player.movement = MovementState::idle;
}

void apply_input_motion(const World& world, Player& player, const Command& input) {
  const std::uint32_t owed = steps_owed(player, input.sequence);
  player.sequence = input.sequence;
  player.sequence_fresh = false;
  player.sequence_shots = 0;
  if (player.alive) {
    const auto credit = static_cast<std::uint32_t>(player.step_credit);
    const std::uint32_t steps = std::min(owed, credit);
    player.step_credit -= steps;
    for (std::uint32_t i = 0; i < steps; ++i) move_step(world, player, input.keys, input.point);
    if (direction_of(input.keys) == Vec2{}) player.movement = MovementState::idle;
  }
  player.rotation = atan2(input.point.y - player.position.y, input.point.x - player.position.x);
}

}  // namespace sim
