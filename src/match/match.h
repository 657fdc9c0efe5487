#pragma once

// A match: a world, its phase, its score, and who may know what of it. Deterministic: the only
// inputs are the constructor's arguments and the commands of each step. Lives on the shard of its
// lobby; no locks, no I/O.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "match/view.h"
#include "sim/command.h"
#include "sim/event.h"
#include "sim/world.h"

namespace match {

using sim::Slot;
using sim::Team;
using sim::Tick;

struct Settings {
  std::uint16_t kill_limit = 50;             // L6
  Tick time_limit = 0;                       // ticks, 0 = none (L6)
  bool friendly_fire = true;                 // decision 8
  Tick forfeit_after = 30 * sim::kTickRate;  // L6
};

enum class Phase : std::uint8_t {
  warmup,  // before the start: players may walk and shoot, nothing counts (rules 10.1 REC)
  playing,
  over,  // frozen: step() changes nothing (L7)
};

enum class EndReason : std::uint8_t { score_limit, time_limit, forfeit, aborted };

struct Outcome {
  std::optional<Team> winner;  // none = draw
  EndReason reason = EndReason::score_limit;
  std::uint16_t red = 0;
  std::uint16_t blue = 0;
  Tick duration = 0;  // ticks of play
};

class Match {
 public:
  Match(std::shared_ptr<const sim::Map> map, Settings settings, std::uint64_t seed);

  // One tick: applies the commands in (slot, arrival) order, moves everything, appends to events().
  // Never throws, never allocates once warm. Commands of unknown slots or illegal now are ignored.
  void step(std::span<const sim::Command> commands);

  // Events of the last step().
  std::span<const sim::Event> events() const { return events_; }

  const sim::World& world() const { return world_; }
  const sim::Map& map() const { return *world_.map; }
  const Settings& settings() const { return settings_; }
  Phase phase() const { return phase_; }
  Tick started_at() const { return started_at_; }
  std::uint16_t score(Team team) const { return score_[static_cast<int>(team)]; }
  const std::optional<Outcome>& outcome() const { return outcome_; }

  // May the viewer know where the target is (8.4 REC)? Team mates and oneself always. Evaluated
  // now, from the world.
  bool sees(Slot viewer, Slot target) const;
  // How much of this event of the last step() may the viewer be told (S5)? See view.h.
  Knowledge knowledge(Slot viewer, const sim::Event& event) const;
  // knowledge() == full.
  bool may_know(Slot viewer, const sim::Event& event) const;
  // Lit area of a viewer (8.2), computed now; empty when he is not in the world. The span is valid
  // until the next call of polygon() on this object.
  std::span<const sim::Vec2> polygon(Slot viewer) const;

  // Hash of all significant state; equal on every compiler and CPU for equal inputs.
  std::uint64_t hash() const;

  // The whole match as bytes, and back. restore() fails on anything that snapshot() of the same map
  // did not write.
  void snapshot(std::vector<std::uint8_t>& out) const;
  base::Result<void> restore(std::span<const std::uint8_t> bytes);

 private:
  template <class Archive>
  void archive(Archive& a);
  void start();
  void finish(EndReason reason, std::optional<Team> winner);
  void count_kills();
  void watch_teams();
  void check_end();
  std::optional<Team> leader() const;

  sim::World world_;
  Settings settings_;
  Phase phase_ = Phase::warmup;
  Tick started_at_ = 0;
  std::array<std::uint16_t, 2> score_{};
  std::array<bool, 2> has_played_{};   // the team had players since the start
  std::array<Tick, 2> empty_since_{};  // first tick without players, while it has none
  std::optional<Outcome> outcome_;
  std::vector<sim::Event> events_;
  mutable std::vector<sim::Vec2> polygon_;  // what polygon() returned last
};

}  // namespace match
