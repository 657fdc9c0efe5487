#pragma once

// So many requests a minute per caller, with the whole minute's worth as burst (S1).

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace base {

// Callers are client addresses; those of one IPv6 network (/64) count as one (see network_of). Any
// thread.
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;
  struct Verdict {
    bool allowed = true;
    int remaining = 0;
    int reset_s = 0;  // until the full allowance is there again; when refused: until the next
                      // request is allowed
  };

  // At least 1.
  explicit RateLimit(int per_minute) : per_minute_(per_minute) {}

  Verdict take(const std::string& address, Clock::time_point now);
  int per_minute() const { return per_minute_; }

 private:
  struct Account {
    double tokens = 0;
    Clock::time_point seen;
  };
  void forget_idle(Clock::time_point now);

  const int per_minute_;
  std::mutex mutex_;
  std::unordered_map<std::string, Account> accounts_;
  std::size_t sweep_at_ = 4096;
};

}  // namespace base
