#pragma once

// A shard: one thread, one event loop, everything on it unshared (docs/architecture.md, Threads and
// time).

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace net {

using ShardId = std::uint8_t;
using SteadyTime = std::chrono::steady_clock::time_point;

// Milliseconds of a clock that does not go back, for base::TokenBucket.
inline std::int64_t ms_of(SteadyTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

class Shard {
 public:
  virtual ~Shard() = default;
  virtual ShardId id() const = 0;

  // Runs fn on this shard's thread, after the present handler. The only member that other threads
  // may call. Posts from one thread keep their order. Cheap: a batch of posts wakes the shard once.
  virtual void post(std::function<void()> fn) = 0;

  // As post, and in one order with it, but lets the shard sleep: for what matters only to what the
  // shard will do of itself, before whose timers and events it is run.
  virtual void post_unhurried(std::function<void()> fn) = 0;

  // Calls fn(now) once at or just after the deadline. Precise to about a millisecond.
  using TimerId = std::uint64_t;
  virtual TimerId at(SteadyTime deadline, std::function<void()> fn) = 0;
  virtual void cancel(TimerId id) = 0;

  // Writes out what sockets of this shard were given since the last flush; one system call a
  // socket. Runs by itself at the end of each batch of events; a tick calls it when a lobby slot is
  // done.
  virtual void flush() = 0;
};

}  // namespace net
