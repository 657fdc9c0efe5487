#include "moderation/guest_findings.h"

#include "base/client_address.h"

namespace moderation {

bool GuestFindings::take(const std::string& address, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (now >= until_) {
    kept_.clear();
    until_ = now + std::chrono::hours(1);
  }
  const std::string network = base::network_of(address);
  if (kept_.size() == kNetworks && !kept_.contains(network)) return false;
  int& kept = kept_[network];
  if (kept == kMost) return false;
  ++kept;
  return true;
}

}  // namespace moderation
