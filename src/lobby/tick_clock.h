#pragma once

// When the lobbies of a shard tick: 60 times a second by absolute deadlines (start + n * period),
// never by sleeping a period after the work. The lobbies are spread over kSlots moments of a
// period, so that sends are even. A shard that is late runs the ticks due, up to kCatchUp, then
// drops the rest and counts them.

#include <array>
#include <chrono>
#include <cstdint>

namespace lobby {

class TickClock {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr int kSlots = 4;
  static constexpr int kCatchUp = 5;

  explicit TickClock(Time start) : start_(start) {}

  // When the slot's next tick is due.
  Time deadline(int slot) const { return time_of(slot, next_[slot]); }

  // How many ticks the slot must run now, 0..kCatchUp. Moves its deadline beyond `now`; what does
  // not fit is dropped.
  int take_due(int slot, Time now);

  // A slot that had nothing to do has work again: its next tick is the first deadline after `now`;
  // nothing counts as dropped.
  void wake(int slot, Time now);

  std::uint64_t dropped() const { return dropped_; }

 private:
  // Exact for years: whole seconds first, then sixtieths in nanoseconds.
  Time time_of(int slot, std::uint64_t tick) const;

  Time start_;
  std::array<std::uint64_t, kSlots> next_{1, 1, 1, 1};
  std::uint64_t dropped_ = 0;
};

}  // namespace lobby
