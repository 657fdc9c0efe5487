#pragma once

#include <algorithm>
#include <cstdint>

namespace base {

// So many a second in the long run, with a burst (S1, S2). Time is any millisecond clock that does
// not go back.
class TokenBucket {
 public:
  // per_second > 0; burst >= 1.
  constexpr TokenBucket(double per_second, double burst)
      : per_ms_(per_second / 1000.0), burst_(burst), tokens_(burst) {}

  bool take(std::int64_t now_ms) {
    if (last_ms_ != 0)
      tokens_ = std::min(burst_, tokens_ + static_cast<double>(now_ms - last_ms_) * per_ms_);
    last_ms_ = now_ms;
    if (tokens_ < 1.0) return false;
    tokens_ -= 1.0;
    return true;
  }

 private:
  double per_ms_;
  double burst_;
  double tokens_;
  std::int64_t last_ms_ = 0;
};

}  // namespace base
