// A2: a storm is answered or refused; nobody waits forever.

#include "accounts/work_pool.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <future>
#include <latch>
#include <memory>

namespace accounts {
namespace {

using namespace std::chrono_literals;

WorkPool::Options small() {
  WorkPool::Options options;
  options.name = "test";
  options.threads = 1;
  options.queue = 3;
  return options;
}

TEST(WorkPool, A2_TheSurplusIsRefusedAtOnceAndTheRestIsDone) {
  WorkPool pool(small());
  std::promise<void> started;
  std::promise<void> release;
  std::atomic<int> done = 0;
  std::atomic<int> refused = 0;
  pool.submit(
      [&] {
        started.set_value();
        release.get_future().wait();
        ++done;
      },
      [&] { ++refused; });
  started.get_future().wait();
  std::latch last(3);
  for (int i = 0; i < 500; ++i) {
    pool.submit(
        [&] {
          ++done;
          last.count_down();
        },
        [&] { ++refused; });
  }
  EXPECT_EQ(refused, 497);
  EXPECT_EQ(pool.stats().waiting, 3u);
  release.set_value();
  last.wait();
  EXPECT_EQ(done, 4);
  EXPECT_EQ(pool.stats().given_up, 497u);
}

TEST(WorkPool, A2_WhoWaitedTooLongIsGivenUp) {
  auto options = small();
  options.patience = 300ms;
  WorkPool pool(options);
  std::promise<bool> started;
  std::promise<void> release;
  pool.submit(
      [&] {
        started.set_value(true);
        release.get_future().wait();
      },
      [&] { started.set_value(false); });
  ASSERT_TRUE(started.get_future().get());
  std::promise<std::string> outcome;
  pool.submit([&] { outcome.set_value("worked"); }, [&] { outcome.set_value("given up"); });
  std::this_thread::sleep_for(310ms);
  release.set_value();
  EXPECT_EQ(outcome.get_future().get(), "given up");
}

TEST(WorkPool, ClosingGivesUpWhatIsQueued) {
  auto pool = std::make_unique<WorkPool>(small());
  std::promise<void> started;
  std::promise<void> release;
  std::atomic<int> answers = 0;
  pool->submit(
      [&] {
        started.set_value();
        release.get_future().wait();
        ++answers;
      },
      [&] { ++answers; });
  started.get_future().wait();
  for (int i = 0; i < 3; ++i) pool->submit([&] { ++answers; }, [&] { ++answers; });
  std::thread closing([&] { pool.reset(); });
  release.set_value();
  closing.join();
  EXPECT_EQ(answers, 4);
}

TEST(WorkPool, A2_HashingStepsBackBehindTheShards) {
  auto options = small();
  options.background = true;
  WorkPool pool(options);
  std::promise<int> policy;
  pool.submit([&] { policy.set_value(::sched_getscheduler(0)); }, [] {});
  EXPECT_EQ(policy.get_future().get(), SCHED_IDLE);
}

}  // namespace
}  // namespace accounts
