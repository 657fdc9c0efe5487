#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

#include "cluster/attempts.h"

namespace cluster {

// The count of one process. At most `bound` keys: beyond that those go that would be forgotten
// soonest.
class MemoryAttempts final : public Attempts {
 public:
  using Clock = std::chrono::steady_clock;
  // `now` stands in for the clock in tests; empty = the steady clock.
  explicit MemoryAttempts(AttemptTimes times = {}, std::function<Clock::time_point()> now = {},
                          std::size_t bound = 200'000);

  Waits admit(const std::vector<AttemptCount>& counts) override;
  Waits look(const std::vector<AttemptCount>& counts) override;
  void succeeded(const std::string& cleared, const std::string& given_back) override;

  std::size_t size() const;

 private:
  struct Record {
    int failures = 0;
    int blocks = 0;  // in a row; each doubles the next
    Clock::time_point window_end;
    Clock::time_point blocked_until;
    Clock::time_point forget_at;
  };
  Waits waits_of(const std::vector<AttemptCount>& counts, Clock::time_point now);
  milliseconds wait_of(const AttemptCount& count, Clock::time_point now);
  void add(const std::string& key, int limit, Clock::time_point now);
  void forget_old(Clock::time_point now);

  const AttemptTimes times_;
  const std::function<Clock::time_point()> now_;
  const std::size_t bound_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Record> records_;
  std::size_t sweep_at_;  // records at which old ones are looked for
};

}  // namespace cluster
