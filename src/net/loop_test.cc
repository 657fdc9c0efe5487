#include "net/loop.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace net {
namespace {

// A loop on a thread of its own; ended by the destructor.
class Running {
 public:
  Running() : thread_([this] { loop.run(); }) {}
  ~Running() {
    loop.post([this] { loop.stop(); });
    thread_.join();
  }
  Loop loop{3};

 private:
  std::thread thread_;
};

TEST(Loop, PostsOfOneThreadKeepTheirOrderAndNoneIsLost) {
  constexpr int kThreads = 4;
  constexpr int kPosts = 5000;
  std::vector<std::vector<int>> seen(kThreads);
  {
    Running shard;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kPosts; ++i) {
          shard.loop.post([&seen, t, i] { seen[static_cast<std::size_t>(t)].push_back(i); });
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  for (const auto& list : seen) {
    ASSERT_EQ(list.size(), static_cast<std::size_t>(kPosts));
    for (int i = 0; i < kPosts; ++i) ASSERT_EQ(list[static_cast<std::size_t>(i)], i);
  }
}

TEST(Loop, APostFromWithinAPostRunsAfterIt) {
  std::string order;
  {
    Running shard;
    std::atomic<bool> done{false};
    shard.loop.post([&] {
      shard.loop.post([&] {
        order += 'b';
        done = true;
      });
      order += 'a';
    });
    while (!done) std::this_thread::yield();
  }
  EXPECT_EQ(order, "ab");
}

TEST(Loop, TimersFireNeverEarlyAndKnowTheirThread) {
  Running shard;
  std::atomic<int> fired{0};
  std::atomic<int> early{0};
  std::atomic<int> elsewhere{0};
  shard.loop.post([&] {
    for (int i = 0; i < 50; ++i) {
      const SteadyTime deadline =
          std::chrono::steady_clock::now() + std::chrono::microseconds(i * 300);
      const auto id = shard.loop.at(deadline, [&, deadline] {
        if (std::chrono::steady_clock::now() < deadline) ++early;
        if (!shard.loop.on_thread()) ++elsewhere;
        ++fired;
      });
      if (i % 5 == 0) shard.loop.cancel(id);
    }
  });
  while (fired < 40) std::this_thread::yield();
  EXPECT_EQ(early, 0);
  EXPECT_EQ(elsewhere, 0);
  EXPECT_FALSE(shard.loop.on_thread());
}

TEST(Loop, ATimerThatSetsItselfAnewAtOnceDoesNotKeepPostsWaiting) {
  Running shard;
  std::atomic<bool> done{false};
  std::function<void()> again;
  shard.loop.post([&] {
    again = [&] {
      if (!done) shard.loop.at(shard.loop.now(), again);
    };
    again();
  });
  std::this_thread::yield();
  shard.loop.post([&] { done = true; });
  while (!done) std::this_thread::yield();
}

TEST(Loop, WhatEscapesFromAFunctionIsToldAndTheLoopGoesOn) {
  std::atomic<int> told{0};
  Loop loop(0);
  loop.on_fault([&told](std::string_view what) { told += what == "broken"; });
  std::thread thread([&loop] { loop.run(); });
  loop.post([] { throw std::runtime_error("broken"); });
  loop.post([&loop] {
    loop.at(loop.now(), [] { throw std::runtime_error("broken"); });
    loop.after_batch([] { throw std::runtime_error("broken"); });
    loop.at(loop.now() + std::chrono::milliseconds(5), [&loop] { loop.stop(); });
  });
  thread.join();
  EXPECT_EQ(told, 3);
  EXPECT_EQ(loop.counters().errors.value(), 3u);
}

TEST(Loop, FlushAsksEachOnceAndThoseForgottenNotAtAll) {
  struct Counting : Flushable {
    void on_flush() override { ++flushed; }
    int flushed = 0;
  };
  Loop loop(0);
  Counting first;
  Counting second;
  loop.mark_dirty(first);
  loop.mark_dirty(second);
  loop.forget(second);
  loop.flush();
  loop.flush();
  EXPECT_EQ(first.flushed, 1);
  EXPECT_EQ(second.flushed, 0);
}

TEST(Loop, AMailboxOutlivesItsLoop) {
  std::shared_ptr<Mailbox> mailbox;
  {
    Loop loop(0);
    mailbox = loop.mailbox();
  }
  mailbox->post([] { FAIL() << "run without a loop"; });
}

}  // namespace
}  // namespace net
