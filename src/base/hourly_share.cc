#include "base/hourly_share.h"

namespace base {

bool HourlyShare::take(const std::string& key, std::chrono::milliseconds now) {
  const std::lock_guard lock(mutex_);
  if (now < since_ || now - since_ >= std::chrono::hours(1)) {
    taken_.clear();
    since_ = now;
  }
  if (taken_.size() == keys_ && !taken_.contains(key)) return false;
  int& taken = taken_[key];
  if (taken == most_) return false;
  ++taken;
  return true;
}

}  // namespace base
