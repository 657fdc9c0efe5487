#include "net/loop.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
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

TEST(Loop, UnhurriedPostsKeepTheirOrderWithTheOthersAndDoNotSwallowTheirCall) {
  std::string order;
  std::atomic<bool> done{false};
  Running shard;
  for (int round = 0; round < 100; ++round) {
    done = false;
    shard.loop.post_unhurried([&] { order += 'a'; });
    shard.loop.post([&] { order += 'b'; });
    shard.loop.post_unhurried([&] { order += 'c'; });
    shard.loop.post([&] { done = true; });
    while (!done) std::this_thread::yield();  // wakes, or the test hangs
    ASSERT_EQ(order, "abc");
    order.clear();
  }
}

TEST(Loop, WhatWasPostedIsRunBeforeTheTimersThatAreDue) {
  Loop loop(0);
  std::string order;
  loop.at(loop.now(), [&] {
    order += 't';
    loop.stop();
  });
  loop.post_unhurried([&] { order += 'u'; });
  loop.post([&] { order += 'p'; });
  loop.run();
  EXPECT_EQ(order, "upt");
}

// More than enough events a millisecond for the shard to gather them.
TEST(Loop, ABusyShardServesEverySocketAndItsTimers) {
  constexpr int kSockets = 16;
  constexpr int kBytes = 100;  // to each
  struct Reading : Watcher {
    void on_ready(std::uint32_t) override {
      char byte = 0;
      if (::recv(fd, &byte, 1, 0) == 1) ++*count;  // one at a time: many events
    }
    int fd = -1;
    std::atomic<int>* count = nullptr;
  };
  std::array<Reading, kSockets> readers;
  std::array<int, kSockets> writers{};
  std::atomic<int> received{0};
  std::atomic<int> fired{0};
  {
    Running shard;
    for (std::size_t i = 0; i < kSockets; ++i) {
      int pair[2] = {-1, -1};
      ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
      readers[i].fd = pair[0];
      readers[i].count = &received;
      writers[i] = pair[1];
    }
    std::function<void()> tick = [&] {
      if (++fired < 20) shard.loop.at(shard.loop.now() + std::chrono::milliseconds(1), tick);
    };
    shard.loop.post([&] {
      for (Reading& reader : readers) shard.loop.watch(reader.fd, reader, EPOLLIN);
      tick();
    });
    for (int i = 0; i < kBytes; ++i) {
      for (const int fd : writers) ASSERT_EQ(::send(fd, "x", 1, MSG_NOSIGNAL), 1);
    }
    while (received < kSockets * kBytes || fired < 20) std::this_thread::yield();
  }
  EXPECT_EQ(received, kSockets * kBytes);
  for (std::size_t i = 0; i < kSockets; ++i) {
    ::close(readers[i].fd);
    ::close(writers[i]);
  }
}

// Hundreds of newcomers in one batch must not make a tick late.
TEST(Loop, ATimerThatComesDueWithinABatchDoesNotWaitForItsEnd) {
  struct Slow final : Watcher {
    void on_ready(std::uint32_t) override {
      char byte = 0;
      EXPECT_EQ(::read(fd, &byte, 1), 1);
      ++*served;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    int fd = -1;
    int* served = nullptr;
  };
  constexpr int kSockets = 40;
  int served = 0;
  int served_before_timer = -1;
  std::array<Slow, kSockets> sockets;
  std::array<int, kSockets> ends{};
  {
    Running shard;
    std::atomic<bool> done{false};
    shard.loop.post([&] {
      for (std::size_t i = 0; i < sockets.size(); ++i) {
        int pair[2];
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        sockets[i].fd = pair[0];
        sockets[i].served = &served;
        ends[i] = pair[1];
        ASSERT_EQ(::write(pair[1], "x", 1), 1);
        ASSERT_TRUE(shard.loop.watch(pair[0], sockets[i], EPOLLIN));
      }
      shard.loop.at(std::chrono::steady_clock::now() + std::chrono::milliseconds(5), [&] {
        served_before_timer = served;
        done = true;
        done.notify_one();
      });
    });
    done.wait(false);
  }
  EXPECT_GE(served_before_timer, 0);
  EXPECT_LT(served_before_timer, kSockets);
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    ::close(sockets[i].fd);
    ::close(ends[i]);
  }
}

// An overloaded shard, whose ticks are always late, still hears its sockets.
TEST(Loop, TimersThatAreAlwaysLateLeaveTheSocketsTheirShare) {
  int ticks = 0;
  std::vector<int> ticks_before;  // of each socket that was served
  struct Quick final : Watcher {
    void on_ready(std::uint32_t) override {
      char byte = 0;
      EXPECT_EQ(::read(fd, &byte, 1), 1);
      ticks_before->push_back(*ticks);
    }
    int fd = -1;
    const int* ticks = nullptr;
    std::vector<int>* ticks_before = nullptr;
  };
  constexpr int kSockets = 40;
  std::array<Quick, kSockets> sockets;
  std::array<int, kSockets> ends{};
  {
    Running shard;
    std::atomic<bool> done{false};
    std::function<void()> tick = [&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      if (++ticks == 60) {
        done = true;
        done.notify_one();
        return;
      }
      shard.loop.at(std::chrono::steady_clock::now(), tick);
    };
    shard.loop.post([&] {
      for (std::size_t i = 0; i < sockets.size(); ++i) {
        int pair[2];
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        sockets[i].fd = pair[0];
        sockets[i].ticks = &ticks;
        sockets[i].ticks_before = &ticks_before;
        ends[i] = pair[1];
        ASSERT_EQ(::write(pair[1], "x", 1), 1);
        ASSERT_TRUE(shard.loop.watch(pair[0], sockets[i], EPOLLIN));
      }
      tick();
    });
    done.wait(false);
  }
  ASSERT_EQ(ticks_before.size(), static_cast<std::size_t>(kSockets));
  EXPECT_LT(ticks_before.back() - ticks_before.front(), kSockets / 4);
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    ::close(sockets[i].fd);
    ::close(ends[i]);
  }
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

TEST(Loop, TimersThatWaitAreCountedForAll) {
  Running shard;
  std::atomic<bool> set{false};
  shard.loop.post([&] {
    const auto later = shard.loop.now() + std::chrono::hours(1);
    shard.loop.at(later, [] {});
    shard.loop.cancel(shard.loop.at(later, [] {}));
    shard.loop.at(later, [] {});
    set = true;
  });
  while (!set || shard.loop.counters().timers.value() != 2) std::this_thread::yield();
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
