#pragma once

// What detectors count with. Plain values of fixed size; time is the tick of the world.

#include <algorithm>
#include <cstdint>

#include "sim/types.h"

namespace anticheat {

// An allowance that grows with time. What a client did while its line stood still comes all at
// once, so that silent time saves up more than busy time does.
class Flow {
 public:
  struct Rule {
    double per_tick;  // growth
    double slack;     // most that busy time saves up: for jitter
    double most;      // most that silence saves up: the longest line that stood still
  };

  // Takes `cost` out of it, or nothing and answers false. `silence` counts the silent ticks of this
  // player so far.
  bool take(const Rule& rule, double cost, sim::Tick now, sim::Tick silence) {
    if (!begun_) {
      credit_ = std::min(rule.most, rule.slack + silence * rule.per_tick);
    } else {
      const sim::Tick quiet = silence - silence_;
      const sim::Tick busy = now - seen_ > quiet ? now - seen_ - quiet : 0;
      if (credit_ < rule.slack) credit_ = std::min(rule.slack, credit_ + busy * rule.per_tick);
      if (quiet > 0) credit_ = std::min(rule.most, credit_ + quiet * rule.per_tick);
    }
    begun_ = true;
    seen_ = now;
    silence_ = silence;
    if (cost > credit_) return false;
    credit_ -= cost;
    return true;
  }

 private:
  double credit_ = 0.0;
  sim::Tick seen_ = 0;
  sim::Tick silence_ = 0;
  bool begun_ = false;
};

// Counts what is not allowed and forgets with time.
class Leak {
 public:
  struct Rule {
    double full;      // so much is a finding
    double per_tick;  // forgotten
  };

  // True when it is full; it begins anew then.
  bool add(const Rule& rule, sim::Tick now) {
    level_ = std::max(0.0, level_ - rule.per_tick * (now - seen_)) + 1.0;
    seen_ = now;
    if (level_ < rule.full) return false;
    level_ = 0.0;
    return true;
  }

 private:
  double level_ = 0.0;
  sim::Tick seen_ = 0;
};

// Weighs yes-or-no observations: how much likelier is the run of them under a cheat than under
// honest play, as a logarithm, never below 0 (a cumulative sum test). One full run is a finding; an
// honest player whose rate of "yes" is `honest` or less makes one in e^full observations at most.
class Scale {
 public:
  struct Rule {
    double cheat_yes;   // ln(cheat / honest), added for a yes
    double honest_yes;  // ln((1 - cheat) / (1 - honest)), added for a no; negative
    double full;
  };

  // True when it is full; it begins anew then, but the totals go on.
  bool add(const Rule& rule, bool yes) {
    ++seen_;
    if (yes) ++agreed_;
    level_ = std::max(0.0, level_ + (yes ? rule.cheat_yes : rule.honest_yes));
    if (level_ < rule.full) return false;
    level_ = 0.0;
    return true;
  }

  double level() const { return level_; }
  std::uint32_t seen() const { return seen_; }      // observations
  std::uint32_t agreed() const { return agreed_; }  // of them yes

 private:
  double level_ = 0.0;
  std::uint32_t seen_ = 0;
  std::uint32_t agreed_ = 0;
};

// How many in the present second and the one before.
class PerSecond {
 public:
  void add(double amount, sim::Tick now) {
    if (now - begin_ >= sim::kTickRate) {
      last_ = now - begin_ < 2 * sim::kTickRate ? present_ : 0.0;
      present_ = 0.0;
      begin_ = now;
    }
    present_ += amount;
  }
  double highest() const { return std::max(last_, present_); }

 private:
  double present_ = 0.0;
  double last_ = 0.0;
  sim::Tick begin_ = 0;
};

}  // namespace anticheat
