#include "net/timers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace net {
namespace {

SteadyTime at_ms(int ms) { return SteadyTime{} + std::chrono::milliseconds(ms); }

int run_due(TimerQueue& queue, int ms) {
  int ran = 0;
  while (auto fn = queue.take_due(at_ms(ms))) {
    fn();
    ++ran;
  }
  return ran;
}

TEST(Timers, FireInOrderOfDeadlineAndNeverEarly) {
  TimerQueue queue;
  std::vector<int> fired;
  for (const int ms : {30, 10, 20, 40}) queue.add(at_ms(ms), [&fired, ms] { fired.push_back(ms); });
  EXPECT_EQ(queue.next(), at_ms(10));
  EXPECT_EQ(run_due(queue, 9), 0);
  EXPECT_EQ(run_due(queue, 30), 3);
  EXPECT_EQ(fired, (std::vector<int>{10, 20, 30}));
  EXPECT_EQ(queue.next(), at_ms(40));
}

TEST(Timers, CancelledOnesDoNotFireAndOldIdsDoNotHitNewTimers) {
  TimerQueue queue;
  int fired = 0;
  const auto first = queue.add(at_ms(1), [&fired] { ++fired; });
  queue.cancel(first);
  const auto second = queue.add(at_ms(1), [&fired] { fired += 10; });  // takes the same slot
  queue.cancel(first);
  queue.cancel(0);
  queue.cancel(~TimerQueue::Id{0});
  EXPECT_EQ(run_due(queue, 5), 1);
  EXPECT_EQ(fired, 10);
  queue.cancel(second);
  EXPECT_EQ(queue.size(), 0u);
  EXPECT_FALSE(queue.next());
}

TEST(Timers, MillionsOfCancelledTimersLeaveNothingBehind) {
  TimerQueue queue;
  const auto kept = queue.add(at_ms(1'000'000), [] {});
  for (int i = 0; i < 200'000; ++i) queue.cancel(queue.add(at_ms(500'000 + i), [] {}));
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_EQ(queue.next(), at_ms(1'000'000));
  queue.cancel(kept);
  EXPECT_FALSE(queue.next());
}

TEST(Timers, AgreesWithASortedListOverRandomUse) {
  std::mt19937 random(7);
  TimerQueue queue;
  std::vector<std::pair<int, int>> expected;  // deadline, label
  std::vector<std::pair<TimerQueue::Id, int>> ids;
  std::vector<int> fired;
  int now = 0;
  for (int label = 0; label < 5000; ++label) {
    const int deadline = now + static_cast<int>(random() % 50);
    ids.emplace_back(queue.add(at_ms(deadline), [&fired, label] { fired.push_back(label); }),
                     label);
    expected.emplace_back(deadline, label);
    if (random() % 3 == 0) {
      const auto [id, victim] = ids[random() % ids.size()];
      queue.cancel(id);
      std::erase_if(expected, [victim](const auto& e) { return e.second == victim; });
    }
    now += static_cast<int>(random() % 3);
    run_due(queue, now);
    std::vector<int> due;
    for (const auto& [when, which] : expected) {
      if (when <= now) due.push_back(which);
    }
    std::erase_if(expected, [now](const auto& e) { return e.first <= now; });
    std::sort(fired.begin(), fired.end());
    std::sort(due.begin(), due.end());
    ASSERT_EQ(fired, due) << "at " << now;
    fired.clear();
  }
}

}  // namespace
}  // namespace net
