#include "sim/hitscan.h"

#include <algorithm>

#include "sim/damage.h"
#include "sim/trig.h"
#include "sim/weapons.h"

namespace sim {
namespace {

constexpr int kMaxSegments = 20;
constexpr double kSoftCost = 15.0;  // damage a soft slice takes from a bullet that passes it
constexpr double kPassStep = 0.1;   // px a bullet goes on behind what it passed
constexpr std::array kPiercingLoss = {0.2, 0.4,
                                      0.6};  // anti-material rifle, per obstacle (decision 9)
constexpr double kMuzzleGap = 0.01;  // px a muzzle stays away from what it is pressed against

Vec2 along(Vec2 origin, Vec2 dir, double t) { return {origin.x + t * dir.x, origin.y + t * dir.y}; }

// One ray on its way: moves on behind what it passes, and remembers its first hit for the event.
class Bullet {
 public:
  Bullet(const Turn& turn, Slot shooter, WeaponId weapon, const Targets& targets, Vec2 origin,
         double angle, std::uint8_t pellet)
      : turn_(turn),
        targets_(targets),
        origin_(origin),
        start_(origin),
        dir_(direction(angle)),
        angle_(angle),
        range_(weapon_info(weapon).range),
        blow_{shooter, weapon, DamageType::bullet, weapon_info(weapon).damage, pellet} {}

  void fly() {
    switch (blow_.weapon) {
      case WeaponId::antimaterialrifle:
        pierce();
        break;
      case WeaponId::shotgun:
        step();
        break;
      default:
        pass_soft_walls();
        break;
    }
    report();
  }

 private:
  // Finds the next obstacle and deals the whole current damage to it. False when there is none.
  bool step() {
    const RayHit hit = find();
    if (!hit.any()) return false;
    strike(hit, blow_.amount);
    return true;
  }

  void pass_soft_walls() {
    for (int i = 0; i < kMaxSegments && blow_.amount > 0.0; ++i) {
      const RayHit hit = find();
      if (!hit.any()) return;
      if (hit.wall < 0 ||
          !is_soft(turn_.world.map->walls[static_cast<std::size_t>(hit.wall)].material)) {
        strike(hit, blow_.amount);
        return;
      }
      const WallState& wall = turn_.world.walls[static_cast<std::size_t>(hit.wall)];
      const double cost = std::min(kSoftCost, wall.health[static_cast<std::size_t>(hit.slice)]);
      const double taken = std::min(blow_.amount, cost);
      const double left = blow_.amount - cost;
      strike(hit, taken);
      if (left < 0.0) return;
      blow_.amount = left;
      go_on(hit);
    }
  }

  void pierce() {
    for (const double loss : kPiercingLoss) {
      const RayHit hit = find();
      if (!hit.any()) return;
      strike(hit, blow_.amount);
      blow_.amount *= 1.0 - loss;
      go_on(hit);
    }
  }

  RayHit find() const { return nearest_hit(turn_.world, targets_, origin_, dir_, range_); }

  void strike(const RayHit& hit, double amount) {
    const Vec2 at = along(origin_, dir_, hit.distance);
    if (count_++ == 0) {
      first_ = hit;
      first_at_ = at;
    }
    Blow blow = blow_;
    blow.amount = amount;
    if (hit.player != kNoSlot) {
      hurt_player(turn_, hit.player, blow, at);
    } else {
      hurt_slice(turn_, hit.wall, hit.slice, blow);
    }
  }

  void go_on(const RayHit& hit) {
    if (hit.player != kNoSlot)
      targets_.mask = static_cast<std::uint8_t>(targets_.mask & ~(1u << hit.player));
    origin_ = along(origin_, dir_, hit.distance + kPassStep);
    range_ -= hit.distance + kPassStep;
  }

  void report() const {
    const bool hit = count_ > 0;
    Event& event = turn_.emit(hit ? EventKind::shot_hit : EventKind::shot_missed, blow_.source);
    event.weapon = blow_.weapon;
    event.pellet = blow_.pellet;
    event.origin = start_;
    event.angle = angle_;
    event.position = hit ? first_at_ : along(start_, dir_, weapon_info(blow_.weapon).range);
    if (!hit) return;
    event.other = first_.player;
    event.wall = static_cast<std::int16_t>(first_.wall);
    event.slice = static_cast<std::uint8_t>(first_.slice);
    event.count = count_;
  }

  const Turn& turn_;
  Targets targets_;
  Vec2 origin_;
  const Vec2 start_;
  const Vec2 dir_;
  const double angle_;
  double range_;
  Blow blow_;
  std::uint8_t count_ = 0;
  RayHit first_;
  Vec2 first_at_;
};

// The shotgun's muzzle is 8 px ahead, but never behind an obstacle (rules 5.3 REC).
Vec2 muzzle_of(const Turn& turn, Slot shooter, double aim, const Targets& targets) {
  const Vec2 center = turn.player(shooter).position;
  const Vec2 dir = direction(aim);
  const RayHit hit = nearest_hit(turn.world, targets, center, dir, kMuzzle);
  return along(center, dir, hit.any() ? std::max(0.0, hit.distance - kMuzzleGap) : kMuzzle);
}

}  // namespace

Targets targets_of(const World& world, Slot shooter, Tick delay) {
  Targets targets;
  const Tick back = std::min(delay, kMaxRewind);
  const Tick seen = world.tick > back ? world.tick - back : 0;
  for (Slot slot = 0; slot < kMaxPlayers; ++slot) {
    const Player& player = world.players[slot];
    if (slot == shooter || !player.in_world || !player.alive) continue;
    const Tick then = std::max(seen, player.spawned_at);
    targets.position[slot] = then < world.tick ? player.past[then % kPastTicks] : player.position;
    targets.mask = static_cast<std::uint8_t>(targets.mask | (1u << slot));
  }
  return targets;
}

RayHit nearest_hit(const World& world, const Targets& targets, Vec2 origin, Vec2 dir,
                   double range) {
  if (range < 0.0) return {};  // a slice in the last 0.1 px of the range was passed
  const SliceHit slice = first_slice(world, origin, dir, range);
  RayHit best{slice.distance, slice.wall, slice.slice, kNoSlot};
  for (Slot slot = 0; slot < kMaxPlayers; ++slot) {
    if ((targets.mask >> slot & 1u) == 0) continue;
    const auto entry = body_entry(targets.position[slot], origin, dir, range);
    if (entry && *entry < best.distance) best = {*entry, -1, 0, slot};
  }
  return best;
}

ShotAngles draw_angles(Random& random, WeaponId weapon, double aim, double accuracy) {
  ShotAngles angles;
  if (weapon != WeaponId::shotgun) {
    angles.push_back(aim + spread(accuracy, random.uniform()));
    return angles;
  }
  for (int i = 0; i < kPellets; ++i) angles.push_back(aim + (random.uniform() - 0.5) * kPelletCone);
  for (double& angle : angles) angle += spread(accuracy, random.uniform());
  return angles;
}

void resolve_shot(const Turn& turn, Slot shooter, WeaponId weapon, double aim,
                  std::span<const double> angles, const Targets& targets) {
  if (weapon != WeaponId::shotgun) {
    Bullet(turn, shooter, weapon, targets, turn.player(shooter).position, angles.front(), 0xff)
        .fly();
    return;
  }
  const Vec2 muzzle = muzzle_of(turn, shooter, aim, targets);
  for (std::size_t i = 0; i < angles.size(); ++i) {
    Bullet(turn, shooter, weapon, targets, muzzle, angles[i], static_cast<std::uint8_t>(i)).fly();
  }
}

}  // namespace sim
