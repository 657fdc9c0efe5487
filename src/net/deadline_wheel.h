#pragma once

// Coarse deadlines of many connections. Moving a deadline is one store: a wheel looks at an entry
// only when its old slot comes round and puts it back if the deadline has moved on. Entries are
// linked, the wheel owns none of them. A deadline is reported up to one slot late, never early. Not
// thread-safe, no clock of its own.

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>

#include "net/shard.h"

namespace net {

struct DeadlineEntry {
  DeadlineEntry() = default;
  DeadlineEntry(const DeadlineEntry&) = delete;
  DeadlineEntry& operator=(const DeadlineEntry&) = delete;
  ~DeadlineEntry() { unlink(); }

  void unlink();

  SteadyTime deadline = SteadyTime::max();  // max = none
  SteadyTime slot_time = SteadyTime::max();
  DeadlineEntry* previous = nullptr;
  DeadlineEntry* next = nullptr;
};

class DeadlineWheel {
 public:
  static constexpr std::chrono::milliseconds kSlot{250};
  static constexpr std::size_t kSlots = 128;

  explicit DeadlineWheel(SteadyTime start);
  DeadlineWheel(const DeadlineWheel&) = delete;
  DeadlineWheel& operator=(const DeadlineWheel&) = delete;
  ~DeadlineWheel();

  // Sets or moves the deadline of an entry that is in no other wheel.
  void set(DeadlineEntry& entry, SteadyTime deadline);
  void clear(DeadlineEntry& entry) { entry.deadline = SteadyTime::max(); }

  // Turns up to `now` and reports every entry whose deadline has passed, unlinked and cleared.
  // `expired` may set and unlink any entry, the reported one too.
  void advance(SteadyTime now, const std::function<void(DeadlineEntry&)>& expired);

 private:
  void link(DeadlineEntry& entry);
  std::array<DeadlineEntry, kSlots> slots_;  // heads of rings
  SteadyTime slot_start_;                    // of the slot that is looked at next
  std::size_t current_ = 0;
};

}  // namespace net
