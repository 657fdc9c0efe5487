#include "lobby/tick_clock.h"

#include <gtest/gtest.h>

namespace lobby {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(TickClock, is_never_early_and_never_drifts) {
  const TickClock::Time start{};
  TickClock clock(start);
  int ticks = 0;
  for (auto now = start; now <= start + seconds(100); now += milliseconds(1))
    ticks += clock.take_due(0, now);
  EXPECT_EQ(ticks, 6000);
  EXPECT_EQ(clock.dropped(), 0u);
}

TEST(TickClock, slots_are_spread_over_the_period) {
  TickClock clock(TickClock::Time{});
  for (int slot = 1; slot < TickClock::kSlots; ++slot) {
    const auto gap = clock.deadline(slot) - clock.deadline(slot - 1);
    EXPECT_NEAR(static_cast<double>(gap.count()), 1e9 / 240, 2.0);
  }
}

TEST(TickClock, catches_up_five_ticks_and_counts_what_it_drops) {
  const TickClock::Time start{};
  TickClock clock(start);
  const auto late = start + milliseconds(201);  // 12 ticks are due
  EXPECT_EQ(clock.take_due(0, late), 5);
  EXPECT_EQ(clock.dropped(), 7u);
  EXPECT_EQ(clock.take_due(0, late), 0);
  EXPECT_GT(clock.deadline(0), late);
}

TEST(TickClock, an_idle_slot_wakes_without_debts) {
  const TickClock::Time start{};
  TickClock clock(start);
  const auto later = start + std::chrono::hours(30) + milliseconds(7);
  clock.wake(2, later);
  EXPECT_EQ(clock.dropped(), 0u);
  EXPECT_GT(clock.deadline(2), later);
  EXPECT_LE(clock.deadline(2), later + milliseconds(17));
  EXPECT_EQ(clock.take_due(2, later), 0);
}

}  // namespace
}  // namespace lobby
