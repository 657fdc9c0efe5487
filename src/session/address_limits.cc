#include "session/address_limits.h"

#include "base/clock.h"

namespace session {

bool AddressLimits::take(base::RateLimit& limit, const std::string& address) {
  return limit.take(address, base::steady_now()).allowed;
}

}  // namespace session
