#pragma once

// Precise one-shot timers of one shard: a heap of deadlines over a slab of functions. No clock and
// no system call of its own, so it can be tested with made-up times. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "net/shard.h"

namespace net {

class TimerQueue {
 public:
  using Id = Shard::TimerId;  // never 0

  Id add(SteadyTime deadline, std::function<void()> fn);

  // Unknown and already fired ids are ignored. The function is destroyed at once.
  void cancel(Id id);

  // The earliest deadline that still stands.
  std::optional<SteadyTime> next();

  // Takes the earliest timer if it is due at `now`; empty when none is. The caller runs it.
  std::function<void()> take_due(SteadyTime now);

  std::size_t size() const { return live_; }

 private:
  struct Entry {
    SteadyTime deadline;
    Id id;
  };
  struct Slot {
    std::function<void()> fn;
    std::uint32_t generation = 1;
    bool used = false;
  };
  static bool later(const Entry& a, const Entry& b);
  bool stands(Id id) const;
  void drop_cancelled();
  std::function<void()> release(Id id);

  std::vector<Entry> heap_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::size_t live_ = 0;
};

}  // namespace net
