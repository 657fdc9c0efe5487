#include "anticheat/aim.h"

#include <algorithm>
#include <cmath>

#include "sim/sight.h"
#include "sim/trig.h"

namespace anticheat {
namespace {

using sim::Slot;
using sim::Tick;
using Vec = sim::Vec2;

constexpr double kNear = 50.0;         // px: nearer targets are large, and say nothing of precision
constexpr double kMeant = 0.4;         // tangent of the angle beyond which a shot was not for him
constexpr double kOnTarget = 7.0;      // px off the middle that still hit a body, and a little more
constexpr double kSameBearing = 0.05;  // sine of the turn that makes a shot a new one
constexpr Tick kPause = 20;  // without a shot that could have been: the next one opens fire
constexpr Tick kLook = 3;    // ticks between two pictures

Vec minus(Track::Place a, Track::Place b) {
  return {static_cast<double>(a.x) - b.x, static_cast<double>(a.y) - b.y};
}
double dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y; }
double cross(Vec a, Vec b) { return a.x * b.y - a.y * b.x; }
double length(Vec a) { return std::sqrt(dot(a, a)); }

// One shot, and what can be asked about it.
struct Shot {
  const sim::World& world;
  const Tracks& tracks;
  Slot self;
  Tick now;
  Tick picture;  // the tick that the shooter saw when he shot
  Vec way;       // of the bullet, length 1

  bool has(Slot slot, Tick tick) const { return tracks[slot].has(tick, now); }

  // To where the target was at `tick`, from where the shooter is now.
  Vec to(Slot target, Tick tick) const {
    return minus(tracks[target].at(tick), tracks[self].at(now));
  }
  // How far the line of fire passes the target's middle.
  double miss(Slot target, Tick tick) const { return std::abs(cross(way, to(target, tick))); }

  bool visible(Slot target, Tick tick) const {
    const Vec aim{tracks[self].aim(tick).x, tracks[self].aim(tick).y};
    const double size = length(aim);
    if (size <= 0.0) return false;
    const Track::Place eyes = tracks[self].at(tick);
    const Track::Place body = tracks[target].at(tick);
    return sim::sees_disc(world, {{eyes.x, eyes.y}, {aim.x / size, aim.y / size}}, {body.x, body.y},
                          sim::kBodyRadius);
  }

  // The enemy it was meant for: alive until now, in the picture, nearest to the line of fire.
  Slot target() const {
    Slot best = sim::kNoSlot;
    double least = kMeant;
    const sim::Team team = world.players[self].team;
    for (Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
      const sim::Player& other = world.players[slot];
      const bool there = other.in_world && (other.alive || other.died_at == world.tick);
      if (!there || other.team == team || !has(slot, picture)) continue;
      const Vec rel = to(slot, picture);
      const double ahead = dot(way, rel);
      if (ahead <= 0.0 || ahead > sim::kViewDistance + sim::kBodyRadius) continue;
      const double off = std::abs(cross(way, rel)) / ahead;
      if (off < least) {
        least = off;
        best = slot;
      }
    }
    return best != sim::kNoSlot && visible(best, picture) ? best : sim::kNoSlot;
  }

  // Exactly at the target's middle, in this picture or its neighbours: how old the shooter's
  // picture was is known to a picture only.
  bool exact(Slot at, double within) const {
    for (Tick tick = picture - kLook; tick <= std::min(now, picture + kLook); tick += kLook) {
      if (has(at, tick) && miss(at, tick) <= within) return true;
    }
    return false;
  }

  bool snapped() const {
    const Tick before = now - kAimRules.snap_ticks;
    if (!has(self, before)) return false;
    const Vec aim{tracks[self].aim(before).x, tracks[self].aim(before).y};
    return dot(way, aim) < kAimRules.snap_cos * length(aim);
  }

  // For how long the target had been in view, looking back no further than `most`.
  Tick in_view(Slot at, Tick most) const {
    Tick seen = 0;
    while (seen < most && has(at, picture - seen) && has(self, picture - seen) &&
           visible(at, picture - seen))
      seen += kLook;
    return seen;
  }

  // For how many ticks the aim had been on the target in view, up to `most`; 0 = the shot is off.
  Tick on_target(Slot at, Tick most) const {
    if (miss(at, picture) > kOnTarget) return 0;
    Tick held = 1;
    for (; held < most && has(at, picture - held) && has(self, picture - held); ++held) {
      const Vec aim{tracks[self].aim(now - held).x, tracks[self].aim(now - held).y};
      const Vec rel = minus(tracks[at].at(picture - held), tracks[self].at(now - held));
      if (dot(aim, rel) <= 0.0 || std::abs(cross(aim, rel)) > kOnTarget * length(aim)) break;
      if (!visible(at, picture - held)) break;
    }
    return held;
  }
};

}  // namespace

AimWatch::Verdict AimWatch::shot(const sim::World& world, const Tracks& tracks, Slot self,
                                 double aim, Tick view_delay, Tick cooldown) {
  Verdict verdict;
  const Tick now = world.tick;
  const bool opens = now - last_shot_ > kPause + cooldown;
  last_shot_ = now;
  // Half a second of a life has to be known before anything is said about it.
  if (now < Track::kTicks || !tracks[self].has(now - Track::kTicks + 1, now)) return verdict;
  const Shot shot{world, tracks, self, now, now - view_delay, sim::direction(aim)};
  const Slot target = shot.target();
  if (target == sim::kNoSlot || !shot.has(target, now - Track::kTicks + 1)) return verdict;

  const Vec rel = shot.to(target, shot.picture);
  const double distance = length(rel);
  const Vec bearing{rel.x / distance, rel.y / distance};
  const Vec before{last_way_.x, last_way_.y};
  const bool another = target != last_target_ || dot(bearing, before) <= 0.0 ||
                       std::abs(cross(bearing, before)) > kSameBearing;
  const bool exact = shot.exact(target, kAimRules.precise);
  if (another && distance >= kNear) {
    verdict.precision = precision_.add(kAimRules.precision, exact);
    last_target_ = target;
    last_way_ = {static_cast<float>(bearing.x), static_cast<float>(bearing.y)};
  }
  if (distance >= kNear && shot.snapped()) verdict.snap = snap_.add(kAimRules.snap, exact);
  if (!opens) return verdict;

  const Tick longest = 2 * kAimRules.fast;
  const Tick seen = shot.in_view(target, longest);
  const Tick held = shot.on_target(target, kAimRules.crossing + 1);
  if (seen < longest && held > 0)
    verdict.reaction = reaction_.add(kAimRules.reaction, seen <= kAimRules.fast);
  verdict.trigger = trigger_.add(kAimRules.trigger, held > 0 && held <= kAimRules.crossing);
  return verdict;
}

}  // namespace anticheat
