#pragma once

// How a player aims, shot by shot, against what a hand can do. All questions are asked at a shot:
// between shots only a track of places and aims is written. Distances in px, times in ticks.

#include <array>
#include <cstdint>

#include "anticheat/meters.h"
#include "match/match.h"
#include "sim/event.h"

namespace anticheat {

// The last half second of a body: where it was and where its mouse was from there.
class Track {
 public:
  struct Place {
    float x = 0.0F;
    float y = 0.0F;
  };
  static constexpr sim::Tick kTicks = 32;

  // A new life, or a new body: what was before does not belong to it.
  void begin(sim::Tick now) { from_ = now; }
  void write(sim::Tick now, Place at, Place aim) {
    at_[now % kTicks] = at;
    aim_[now % kTicks] = aim;
  }
  bool has(sim::Tick tick, sim::Tick now) const { return tick >= from_ && now - tick < kTicks; }
  Place at(sim::Tick tick) const { return at_[tick % kTicks]; }
  Place aim(sim::Tick tick) const { return aim_[tick % kTicks]; }  // from `at`; any length

 private:
  std::array<Place, kTicks> at_{};
  std::array<Place, kTicks> aim_{};
  sim::Tick from_ = 0;
};
using Tracks = std::array<Track, sim::kMaxPlayers>;

// The rules of the four scales, tuned on matches of bots with and without cheats
// (docs/anticheat.md). A scale's two numbers are ln(c / h) and ln((1 - c) / (1 - h)): c is the
// share of "yes" that a cheat has, h one that no honest player reaches.
struct AimRules {
  double precise = 1.0;               // px off the middle that count as exact
  sim::Tick snap_ticks = 4;           // a snap is a turn within so long
  double snap_cos = 0.9396926207859;  // of 20 degrees at least (their cosine)
  sim::Tick fast = 8;                 // a target in view for no longer than this was not seen yet
  sim::Tick crossing = 3;             // on target for no longer than this: shot as it crossed
  Scale::Rule precision{0.922, -1.69, 11.0};  // c = 0.88, h = 0.35
  Scale::Rule snap{0.922, -1.69, 11.0};       // likewise
  Scale::Rule reaction{0.588, -1.61, 11.0};   // c = 0.9, h = 0.5: who knows a corner is quick
  Scale::Rule trigger{0.636, -1.30, 8.0};     // c = 0.85, h = 0.45
};
inline constexpr AimRules kAimRules;

// The scales of one player.
class AimWatch {
 public:
  struct Verdict {  // which scales this shot filled
    bool precision = false;
    bool snap = false;
    bool reaction = false;
    bool trigger = false;
  };

  // A bullet left: `aim` is its direction, `view_delay` how old the shooter's picture was,
  // `cooldown` the weapon's. Tracks hold this tick.
  Verdict shot(const sim::World& world, const Tracks& tracks, sim::Slot self, double aim,
               sim::Tick view_delay, sim::Tick cooldown);

  // Another match: the world counts its ticks anew, what was seen of the player stays.
  void new_match() {
    last_shot_ = 0;
    last_target_ = sim::kNoSlot;
  }

  const Scale& precision() const { return precision_; }
  const Scale& snap() const { return snap_; }
  const Scale& reaction() const { return reaction_; }
  const Scale& trigger() const { return trigger_; }

 private:
  Scale precision_;
  Scale snap_;
  Scale reaction_;
  Scale trigger_;
  sim::Tick last_shot_ = 0;
  sim::Slot last_target_ = sim::kNoSlot;
  Track::Place last_way_;  // to the target of the last shot that told something, of length 1
};

}  // namespace anticheat
