#pragma once

// The Shard behind the interface: a thread asleep in one epoll set, with its own timers. A shard
// with much to do gathers events for up to a millisecond, so that one wake-up serves many sockets
// (decisions/0009-own-event-loop.md). All members are for the shard's thread unless they say
// otherwise; before run() and after it has returned any one thread may take its place.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/buffer_pool.h"
#include "net/counters.h"
#include "net/deadline_wheel.h"
#include "net/mailbox.h"
#include "net/shard.h"
#include "net/timers.h"

struct epoll_event;

namespace net {

// Told of readiness. Must outlive the batch in which it was unwatched (see Loop::after_batch).
class Watcher {
 public:
  virtual void on_ready(std::uint32_t epoll_events) = 0;

 protected:
  ~Watcher() = default;
};

// Something with bytes to write.
class Flushable {
 public:
  virtual void on_flush() = 0;

 protected:
  ~Flushable() = default;
};

class Loop final : public Shard {
 public:
  explicit Loop(ShardId id);  // throws std::system_error without descriptors
  ~Loop() override;

  // Shard
  ShardId id() const override { return id_; }
  void post(std::function<void()> fn) override;
  void post_unhurried(std::function<void()> fn) override;
  TimerId at(SteadyTime deadline, std::function<void()> fn) override;
  void cancel(TimerId id) override { timers_.cancel(id); }
  void flush() override;

  // Told what escaped from a function the shard ran (a broken invariant); the shard goes on.
  // Default: standard error.
  void on_fault(std::function<void(std::string_view)> told) { fault_ = std::move(told); }

  // Serves until stop(), then ends the current batch and returns.
  void run();
  void stop() { stopping_ = true; }

  bool on_thread() const;  // any thread
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }

  // Level-triggered watching of a descriptor. The watcher is called until unwatch.
  bool watch(int fd, Watcher& watcher, std::uint32_t events);
  void rewatch(int fd, Watcher& watcher, std::uint32_t events);
  void unwatch(int fd);

  // Will be flushed once; must be taken back before it is destroyed.
  void mark_dirty(Flushable& flushable) { dirty_.push_back(&flushable); }
  void forget(Flushable& flushable);

  // Runs fn when the present batch of events is done: the place for closing and destroying.
  void after_batch(std::function<void()> fn) { after_.push_back(std::move(fn)); }

  // Scratch for one recv, shared by all sockets of the shard.
  std::span<char> receive_buffer() { return receive_buffer_; }

  // Buffers for output that the sockets of the shard lend one another, so that a silent one holds
  // none and the next writer gets one that is still in the processor's cache.
  std::string take_buffer() { return output_buffers_.take(); }
  void give_buffer(std::string& buffer) { output_buffers_.give(buffer); }

  // Coarse deadlines; `wheel().set` through here so that the wheel turns. Expiry is told to
  // `expired`, set once.
  void set_deadline(DeadlineEntry& entry, std::chrono::milliseconds from_now);
  void on_deadline(std::function<void(DeadlineEntry&)> expired) { expired_ = std::move(expired); }

  // The time at the start of the present batch.
  SteadyTime now() const { return now_; }

  Counters& counters() { return counters_; }
  const Counters& counters() const { return counters_; }

 private:
  template <class Fn>
  void guarded(Fn&& fn);
  void turn();
  void gather();
  int wait();
  void count_events(int count);
  void run_timers();
  void run_overdue_timers();
  void trim_buffers();
  void run_posts();
  void end_batch();
  void settle();
  void turn_wheel();

  const ShardId id_;
  std::shared_ptr<Mailbox> mailbox_;
  const int set_;  // epoll
  std::unique_ptr<epoll_event[]> events_;
  std::atomic<std::thread::id> thread_{};
  TimerQueue timers_;
  DeadlineWheel wheel_;
  bool wheel_turning_ = false;
  std::function<void(DeadlineEntry&)> expired_;
  std::vector<Flushable*> dirty_;
  std::vector<Flushable*> flushing_;
  std::vector<std::function<void()>> after_;
  std::vector<std::function<void()>> posts_;
  std::vector<char> receive_buffer_;
  BufferPool output_buffers_;
  SteadyTime trim_at_{};
  SteadyTime now_;
  SteadyTime timers_ended_{};
  SteadyTime window_begin_;  // over which events are counted
  int window_events_ = 0;
  bool gathering_ = false;
  Counters counters_;
  std::function<void(std::string_view)> fault_;
  bool stopping_ = false;
};

}  // namespace net
