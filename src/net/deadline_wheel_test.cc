#include "net/deadline_wheel.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <vector>

namespace net {
namespace {

using std::chrono::milliseconds;

SteadyTime at_ms(long ms) { return SteadyTime{} + milliseconds(ms); }

TEST(DeadlineWheel, ReportsNeitherEarlyNorMoreThanASlotLate) {
  std::mt19937 random(3);
  DeadlineWheel wheel(at_ms(0));
  constexpr int kEntries = 300;
  std::vector<std::unique_ptr<DeadlineEntry>> entries;
  std::map<DeadlineEntry*, long> due;
  for (int i = 0; i < kEntries; ++i) {
    entries.push_back(std::make_unique<DeadlineEntry>());
    const long ms = static_cast<long>(random() % 90'000);  // beyond one turn of the wheel
    wheel.set(*entries.back(), at_ms(ms));
    due[entries.back().get()] = ms;
  }
  for (long now = 0; now < 100'000; now += 1 + static_cast<long>(random() % 400)) {
    // Some are touched: later or sooner than before.
    DeadlineEntry* touched = entries[random() % kEntries].get();
    if (due.contains(touched)) {
      due[touched] = now + static_cast<long>(random() % 40'000);
      wheel.set(*touched, at_ms(due[touched]));
    }
    wheel.advance(at_ms(now), [&](DeadlineEntry& entry) {
      ASSERT_TRUE(due.contains(&entry));
      EXPECT_LE(due[&entry], now);
      due.erase(&entry);
    });
    for (const auto& [entry, ms] : due) ASSERT_GT(ms + DeadlineWheel::kSlot.count() + 1, now);
  }
  wheel.advance(at_ms(300'000), [&](DeadlineEntry& entry) { due.erase(&entry); });
  EXPECT_TRUE(due.empty());
}

TEST(DeadlineWheel, ClearedAndDestroyedEntriesAreNotReported) {
  DeadlineWheel wheel(at_ms(0));
  DeadlineEntry cleared;
  wheel.set(cleared, at_ms(100));
  wheel.clear(cleared);
  {
    DeadlineEntry gone;
    wheel.set(gone, at_ms(100));
  }
  int reported = 0;
  wheel.advance(at_ms(60'000), [&reported](DeadlineEntry&) { ++reported; });
  EXPECT_EQ(reported, 0);
}

TEST(DeadlineWheel, AnExpiryMaySetItselfAnewAndDestroyOthers) {
  DeadlineWheel wheel(at_ms(0));
  DeadlineEntry again;
  auto other = std::make_unique<DeadlineEntry>();
  wheel.set(again, at_ms(10));
  wheel.set(*other, at_ms(10));
  int reported = 0;
  wheel.advance(at_ms(1000), [&](DeadlineEntry& entry) {
    ++reported;
    if (&entry == &again) {
      other.reset();
      if (reported < 3) wheel.set(again, at_ms(10));
    }
  });
  EXPECT_EQ(reported, 3);
}

}  // namespace
}  // namespace net
