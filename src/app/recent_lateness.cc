#include "app/recent_lateness.h"

#include <algorithm>
#include <limits>

namespace app {

void RecentLateness::read(const lobby::Lateness::Counts& ever) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  const lobby::LatenessSummary late = lobby::summarize(readings_[next_], ever);
  readings_[next_] = ever;
  next_ = (next_ + 1) % kReadings;
  p99_us_.store(static_cast<std::uint32_t>(std::min(late.p99_ns / 1000, kMost)),
                std::memory_order_relaxed);
}

}  // namespace app
