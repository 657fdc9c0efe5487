#pragma once

// What detectors find of guests is written down and logged (S4). A guest costs nothing to be: he
// could come again and again to fill the table and the log. So only so many findings of one network
// an hour are kept; what is left out is counted with the others (base/tally.h).

#include <chrono>
#include <cstddef>
#include <string>

#include "base/hourly_share.h"

namespace moderation {

// One a node. Any thread; nothing here waits.
class GuestFindings {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr int kMost = 20;                  // of one network in an hour
  static constexpr std::size_t kNetworks = 10'000;  // with findings in an hour: about 1 MB

  // May a finding of the guest at this address be kept? Guests without an address are one network.
  // Of the networks of an hour beyond the first kNetworks nothing is kept.
  bool take(const std::string& address, Clock::time_point now);

 private:
  base::HourlyShare share_{kMost, kNetworks};
};

}  // namespace moderation
