#pragma once

// A thread's share of the players: one epoll set, one heap of deadlines.

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <queue>
#include <vector>

#include "loadtest/player.h"

namespace loadtest {

// Set by the main thread, read by the loops.
struct Stage {
  std::atomic<bool> window_open{false};
  std::atomic<bool> finish{false};  // nobody begins another match
  std::atomic<bool> stop{false};    // all leave, then the loops end
  std::atomic<bool> abort{false};   // the loops end
};

// What was seen in one slice of the run.
struct Slice {
  std::size_t number = 0;  // from the begin of the run
  Stats stats;
};

class Loop {
 public:
  // Of options.players the groups of lobby_size that fall to the thread `first` of `stride`.
  // `accounts` is empty for guests, else one for each player; both outlive the loop.
  Loop(const Options& options, std::vector<Account>& accounts, std::uint64_t seed,
       const Stage& stage, int first, int stride);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Until all players are gone, or stage.stop and they have had time to leave; on a thread of its
  // own. Slices are `slice` long.
  void run(Time start, Clock::duration slice);

  // Any thread, while it runs.
  int connected() const { return connected_.load(std::memory_order_relaxed); }
  int playing() const { return playing_.load(std::memory_order_relaxed); }
  int in_place() const { return in_place_.load(std::memory_order_relaxed); }
  int gave_up() const { return gave_up_.load(std::memory_order_relaxed); }
  int gone() const { return gone_.load(std::memory_order_relaxed); }
  // The finished slices that were not taken yet; after run() has returned also the last one.
  std::vector<Slice> take_slices();

 private:
  struct Deadline {
    Time when;
    std::size_t player;
    bool operator<(const Deadline& other) const {
      return when > other.when;
    }  // the soonest on top of the heap
  };
  struct Watch {
    unsigned sockets = 0;  // Player::sockets() when it was made
    bool write = false;
  };

  void begin_due(Time now);
  void obey(Time now);
  void poll(Time now);
  void on_socket(std::size_t index, std::uint32_t events);
  void run_due(Time now);
  void storm(Time now);
  void after_call(std::size_t index);
  void look_after(std::size_t index);
  void count(Time now);
  void finish_slice();
  int wait_ms(Time now) const;

  const Options& options_;
  const Stage& stage_;
  Stats stats_;  // of the slice that runs
  Scene scene_;
  std::deque<Group> groups_;
  std::vector<std::unique_ptr<Player>> players_;
  std::vector<Watch> watches_;
  std::vector<Time> begin_at_;
  std::vector<Time> scheduled_;  // the deadline in the heap that counts; others are stale
  std::size_t begun_ = 0;
  std::priority_queue<Deadline> deadlines_;
  std::vector<char> shared_;
  int epoll_ = -1;
  Time count_at_{};  // when the counts for the main thread are made next
  Time storm_at_ = Time::max();
  Time end_by_ = Time::max();
  Time slice_end_{};
  Clock::duration slice_length_{};
  std::size_t slice_number_ = 0;
  std::mutex mutex_;
  std::vector<Slice> slices_;  // guarded by mutex_
  std::atomic<int> connected_{0};
  std::atomic<int> playing_{0};
  std::atomic<int> in_place_{0};
  std::atomic<int> gave_up_{0};
  std::atomic<int> gone_{0};
};

}  // namespace loadtest
