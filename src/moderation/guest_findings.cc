#include "moderation/guest_findings.h"

#include "base/client_address.h"

namespace moderation {

bool GuestFindings::take(const std::string& address, Clock::time_point now) {
  return share_.take(base::network_of(address),
                     std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()));
}

}  // namespace moderation
