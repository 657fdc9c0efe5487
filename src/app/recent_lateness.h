#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "lobby/lateness.h"

namespace app {

// How late the ticks of this node began in the last ten seconds, out of counts that only grow.
class RecentLateness {
 public:
  // All that was ever counted, once a second, from one thread.
  void read(const lobby::Lateness::Counts& ever);

  // The 99th percentile in microseconds; 0 = no ticks. Any thread.
  std::uint32_t p99_us() const { return p99_us_.load(std::memory_order_relaxed); }

  static constexpr std::size_t kReadings = 10;

 private:
  std::array<lobby::Lateness::Counts, kReadings> readings_{};  // the oldest is overwritten next
  std::size_t next_ = 0;
  std::atomic<std::uint32_t> p99_us_{0};
};

}  // namespace app
