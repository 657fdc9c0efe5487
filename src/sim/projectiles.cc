#include "sim/projectiles.h"

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <cmath>
#include <span>

#include "sim/explosion.h"
#include "sim/flash.h"
#include "sim/ray.h"
#include "sim/rolling.h"
#include "sim/smoke.h"
#include "sim/trig.h"
#include "sim/weapons.h"

namespace sim {
namespace {

constexpr double kRangeSlack = 1e-9;  // px: sixtieths do not add up exactly
constexpr Tick kTellEvery = 3;        // ticks between two projectile_moved

bool is_thrown(const Projectile& p) { return weapon_info(p.type).kind == WeaponKind::thrown; }

double speed_of(WeaponId type, std::uint8_t charge) {
  const double base = weapon_info(type).speed;
  return type == WeaponId::grenade ? base + kFragSpeedPerCharge * charge : base;
}

double range_of(WeaponId type, std::uint8_t charge) {
  const double base = weapon_info(type).range;
  return type == WeaponId::grenade ? base * (1.0 + 0.5 * (charge - 1)) : base;
}

bool out_of_arena(Vec2 p) {
  return p.x < -kRangeSlack || p.y < -kRangeSlack || p.x > kArenaWidth + kRangeSlack ||
         p.y > kArenaHeight + kRangeSlack;
}

bool touches_target(const World& world, const Projectile& p) {
  for (Slot slot = 0; slot < kMaxPlayers; ++slot) {
    const Player& player = world.players[slot];
    if (slot == p.owner || !player.in_world || !player.alive) continue;
    if (p.type == WeaponId::grenadelauncher && player.team == p.owner_team) continue;
    const double dx = player.position.x - p.position.x;
    const double dy = player.position.y - p.position.y;
    if (dx * dx + dy * dy <= kBodyRadius * kBodyRadius) return true;
  }
  return false;
}

// Rocket and launcher round: straight until something stops them. True when it detonates where it
// is now.
bool fly(const World& world, Projectile& p) {
  const double speed = std::sqrt(p.velocity.x * p.velocity.x + p.velocity.y * p.velocity.y);
  const double length = speed * kStepSeconds;
  const Vec2 dir{p.velocity.x / speed, p.velocity.y / speed};
  p.travelled += length;
  const SliceHit hit = first_slice(world, p.position, dir, length);
  if (hit.wall >= 0) {
    p.position = {p.position.x + dir.x * hit.distance, p.position.y + dir.y * hit.distance};
    return true;
  }
  p.position = {p.position.x + p.velocity.x * kStepSeconds,
                p.position.y + p.velocity.y * kStepSeconds};
  if (touches_target(world, p)) return true;
  if (!out_of_arena(p.position)) return false;
  p.position = {std::clamp(p.position.x, 0.0, kArenaWidth),
                std::clamp(p.position.y, 0.0, kArenaHeight)};
  return true;
}

// True when it detonates in this tick.
bool advance(const World& world, Projectile& p) {
  bool over = false;
  if (is_thrown(p)) {
    roll(world, p);
  } else {
    over = fly(world, p);
  }
  const Tick fuse = weapon_info(p.type).fuse;
  const bool burnt = fuse != 0 && world.tick - p.born >= fuse;
  return over || burnt || p.travelled + kRangeSlack >= p.range;
}

Event& tell(const Turn& turn, EventKind kind, const Projectile& p) {
  Event& event = turn.emit(kind, p.owner);
  event.id = p.id;
  event.weapon = p.type;
  event.position = p.position;
  event.velocity = p.velocity;
  return event;
}

}  // namespace

void remove_projectiles_of(const Turn& turn, Slot owner) {
  auto& flying = turn.world.projectiles;
  for (const Projectile& p : flying) {
    if (p.owner == owner) tell(turn, EventKind::projectile_gone, p);
  }
  flying.erase(std::remove_if(flying.begin(), flying.end(),
                              [owner](const Projectile& p) { return p.owner == owner; }),
               flying.end());
}

void launch(const Turn& turn, Slot owner, WeaponId type, double angle, std::uint8_t charge) {
  World& world = turn.world;
  if (world.projectiles.size() == kMaxProjectiles) {
    tell(turn, EventKind::projectile_gone, world.projectiles.front());
    world.projectiles.erase(world.projectiles.begin());
  }
  const Vec2 dir = direction(angle);
  const double speed = speed_of(type, charge);
  Projectile p;
  p.id = world.next_projectile++;
  p.type = type;
  p.owner = owner;
  p.owner_team = turn.player(owner).team;
  p.charge = charge;
  p.position = turn.player(owner).position;
  p.velocity = {dir.x * speed, dir.y * speed};
  p.born = world.tick;
  p.range = range_of(type, charge);
  world.projectiles.push_back(p);
  tell(turn, EventKind::projectile_created, p);
}

void run_projectiles(const Turn& turn) {
  auto& flying = turn.world.projectiles;
  boost::container::static_vector<Projectile, kMaxProjectiles> bursts;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < flying.size(); ++i) {
    Projectile& p = flying[i];
    if (p.born != turn.world.tick && advance(turn.world, p)) {
      tell(turn, EventKind::projectile_exploded, p).value = weapon_info(p.type).radius;
      switch (p.type) {
        case WeaponId::smokegrenade:
          add_smoke(turn.world, p.id, p.position);
          break;
        case WeaponId::flashbang:
          flash(turn, p);
          break;
        default:
          bursts.push_back(p);
          break;
      }
      continue;
    }
    if (p.born != turn.world.tick && (turn.world.tick - p.born) % kTellEvery == 0) {
      tell(turn, EventKind::projectile_moved, p);
    }
    if (kept != i) flying[kept] = p;
    ++kept;
  }
  flying.resize(kept);
  explode(turn, {bursts.data(), bursts.size()});
}

}  // namespace sim
