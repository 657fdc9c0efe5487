#include "base/tally.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace base::tally {
namespace {

TEST(TallyTest, O2_counts_from_several_threads_lose_nothing) {
  const std::uint64_t before = counted(Event::login_failed);
  const std::uint64_t others = counted(Event::login);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 10'000; ++n) count(Event::login_failed);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counted(Event::login_failed), before + 40'000);
  EXPECT_EQ(counted(Event::login), others);
}

TEST(TallyTest, S4_each_kind_of_suspicion_has_a_count_of_its_own) {
  const std::uint64_t aims = counted(Suspicion::aim);
  const std::uint64_t last = counted(Suspicion::other);
  count(Suspicion::other);
  EXPECT_EQ(counted(Suspicion::other), last + 1);
  EXPECT_EQ(counted(Suspicion::aim), aims);
  EXPECT_EQ(kSuspicions[static_cast<std::size_t>(Suspicion::other)], "other");
}

TEST(TallyTest, O2_a_duration_is_in_the_bucket_whose_end_it_does_not_pass) {
  using std::chrono::nanoseconds;
  const Spread before = spread(Duration::join);
  took(Duration::join, nanoseconds(0));
  took(Duration::join, nanoseconds(250'000));        // the end itself
  took(Duration::join, nanoseconds(250'001));        // just past it
  took(Duration::join, std::chrono::seconds(3600));  // past all ends
  took(Duration::join, nanoseconds(-5));             // of a clock that was set: nothing
  const Spread after = spread(Duration::join);
  EXPECT_EQ(after.counts[0], before.counts[0] + 3);
  EXPECT_EQ(after.counts[1], before.counts[1] + 1);
  EXPECT_EQ(after.counts.back(), before.counts.back() + 1);
  EXPECT_EQ(after.sum_ns, before.sum_ns + 3'600'000'500'001u);
}

TEST(TallyTest, O2_the_last_event_and_duration_have_a_place) {
  count(Event::chat_filtered, 3);
  EXPECT_GE(counted(Event::chat_filtered), 3u);
  took(Duration::database, std::chrono::milliseconds(1));
  EXPECT_GE(spread(Duration::database).sum_ns, 1'000'000u);
  EXPECT_EQ(static_cast<std::size_t>(Event::admin_refused) + 1, kEvents);
  EXPECT_EQ(static_cast<std::size_t>(Duration::database) + 1, kDurations);
}

}  // namespace
}  // namespace base::tally
