#pragma once

// A thread's share of the players: one epoll set, one heap of deadlines.

#include <atomic>
#include <cstdint>
#include <memory>
#include <queue>
#include <vector>

#include "loadtest/player.h"

namespace loadtest {

// Set by the main thread, read by the loops.
struct Stage {
  std::atomic<bool> window_open{false};
  std::atomic<bool> stop{false};
};

class Loop {
 public:
  // Players first, first + stride, first + 2 * stride ... of options.players.
  Loop(const Options& options, const Stage& stage, int first, int stride);
  ~Loop();

  void run(Time start);  // until stage.stop; on a thread of its own

  // Any thread, while it runs.
  int connected() const { return connected_.load(std::memory_order_relaxed); }
  int playing() const { return playing_.load(std::memory_order_relaxed); }
  int gone() const { return gone_.load(std::memory_order_relaxed); }
  // After run() has returned.
  const Stats& stats() const { return stats_; }

 private:
  struct Deadline {
    Time when;
    std::size_t player;
    bool operator<(const Deadline& other) const {
      return when > other.when;
    }  // the soonest on top of the heap
  };

  void begin_due(Time now);
  void poll(Time now);
  void on_socket(std::size_t index, std::uint32_t events);
  void run_due(Time now);
  void watch(std::size_t index, int operation);
  void reschedule(std::size_t index);
  void count(Time now);
  int wait_ms(Time now) const;

  const Stage& stage_;
  Stats stats_;
  Scene scene_;
  std::vector<std::unique_ptr<Player>> players_;
  std::vector<bool> watched_write_;
  std::vector<Time> begin_at_;
  std::vector<Time> scheduled_;  // the deadline in the heap that counts; others are stale
  std::size_t begun_ = 0;
  std::priority_queue<Deadline> deadlines_;
  std::vector<char> shared_;
  int epoll_ = -1;
  Time count_at_{};  // when the counts for the main thread are made next
  std::atomic<int> connected_{0};
  std::atomic<int> playing_{0};
  std::atomic<int> gone_{0};
};

}  // namespace loadtest
