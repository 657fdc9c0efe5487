#include "lobby/tick_clock.h"

#include <algorithm>

#include "sim/types.h"

namespace lobby {

TickClock::Time TickClock::time_of(int slot, std::uint64_t tick) const {
  const std::uint64_t quarters = tick * kSlots + static_cast<std::uint64_t>(slot);
  constexpr std::uint64_t kPerSecond = static_cast<std::uint64_t>(sim::kTickRate) * kSlots;
  const auto seconds = static_cast<std::int64_t>(quarters / kPerSecond);
  const auto rest = static_cast<std::int64_t>(quarters % kPerSecond);
  return start_ + std::chrono::seconds(seconds) +
         std::chrono::nanoseconds(rest * 1'000'000'000 / static_cast<std::int64_t>(kPerSecond));
}

int TickClock::take_due(int slot, Time now) {
  int due = 0;
  while (due < kCatchUp && deadline(slot) <= now) {
    ++next_[slot];
    ++due;
  }
  while (deadline(slot) <= now) {
    ++next_[slot];
    ++dropped_;
  }
  return due;
}

void TickClock::wake(int slot, Time now) {
  if (deadline(slot) > now) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - start_);
  next_[slot] = std::max(next_[slot], static_cast<std::uint64_t>(seconds.count()) * sim::kTickRate);
  while (deadline(slot) <= now) ++next_[slot];
}

}  // namespace lobby
