#pragma once

// Watches over the players of one match (S4): takes what they send and what came of it, and says
// when something cannot be, or cannot be a hand. Pure: no clock, no I/O, nothing of it reaches the
// match. About 12 kB a lobby; nothing is allocated after it was made. Lives on the lobby's shard.

#include <array>
#include <cstdint>

#include "anticheat/aim.h"
#include "anticheat/finding.h"
#include "anticheat/inputs.h"
#include "match/match.h"
#include "sim/command.h"

namespace anticheat {

class Watch {
 public:
  // Findings of a tick; more wait for the next time that the detector is sure.
  using Findings = boost::container::static_vector<Finding, 16>;

  // Somebody else has the seat.
  void forget(sim::Slot slot) { players_[slot] = {}; }
  // Another world: of each player only how he aims is remembered.
  void new_match();
  // The client begins to count anew (player:join); `now` is the last tick of the world, as below.
  void entered(sim::Slot slot, sim::Tick now) {
    players_[slot].sequence.start_anew();
    players_[slot].heard_at = now + stalled_;
  }
  // The server stood still or was too slow: so many ticks were left out, while clients went on.
  void stalled(sim::Tick ticks);
  // A message of a person, when it arrives.
  void heard(const sim::Command& command, sim::Tick now);
  // After each step of the match. Bit i of `people`: a person has seat i; others are targets only.
  void stepped(const match::Match& match, unsigned people);

  // What was found since the last clear().
  const Findings& findings() const { return findings_; }
  void clear() { findings_.clear(); }
  // How a player has aimed so far, for tuning.
  const AimWatch& aim(sim::Slot slot) const { return players_[slot].aim; }

 private:
  struct Player {
    sim::Vec2 mouse;
    sim::Tick heard_at = 0;
    sim::Tick silence = 0;     // ticks in which nothing came, of longer silences only
    sim::Tick view_delay = 0;  // of the last shot asked for
    sim::Tick spawned_at = 0;
    SequenceWatch sequence;
    PatternWatch pattern;
    Flow inputs;
    Flow steps;
    std::array<Flow, sim::kWeaponCount> shots;
    Leak input_flood;
    Leak movement;
    Leak fire_rate;
    Leak replayed;
    Leak repeated;
    PerSecond input_rate;
    PerSecond step_rate;
    PerSecond shot_rate;
    AimWatch aim;
    std::array<std::uint32_t, kKinds> counts{};
  };

  // `time`: ticks of the world and those left out, which is what a client lives by.
  void input(Player& player, const sim::Command& command, sim::Tick now, sim::Tick time);
  void fire(Player& player, const sim::Command& command, sim::Tick now, sim::Tick time);
  void take_back_rates();
  void track(const sim::World& world, unsigned people);
  void judge(const sim::World& world, const sim::Event& event);
  Finding* found(Kind kind, sim::Slot slot, sim::Tick now);

  std::array<Player, sim::kMaxPlayers> players_{};
  Tracks tracks_{};
  sim::Tick stalled_ = 0;  // ticks of this world that were left out
  Findings findings_;
};

}  // namespace anticheat
