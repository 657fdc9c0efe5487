#pragma once

// So many API requests a minute per caller (S1): 100, with the whole minute's worth as burst.

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

#include "net/http.h"

namespace api {

// Per node, any thread.
class RequestLimit {
 public:
  using Clock = std::chrono::steady_clock;
  struct Verdict {
    bool allowed = true;
    int remaining = 0;
    int reset_s = 0;  // until the full allowance is there again; when refused: until the next
                      // request is allowed
  };

  explicit RequestLimit(int per_minute) : per_minute_(per_minute) {}

  Verdict take(const std::string& caller, Clock::time_point now);

  // RateLimit-Limit, -Remaining, -Reset, and Retry-After when refused.
  void add_headers(net::HttpResponse& response, const Verdict& verdict) const;

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

}  // namespace api
