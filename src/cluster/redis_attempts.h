#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "cluster/attempts.h"
#include "cluster/memory_attempts.h"
#include "cluster/redis_core.h"

namespace cluster {

// Counts in `tries:{key}`. What this node admitted is counted here as well, for the time when Redis
// does not answer: then that count decides, which is said in the log once and counted by the gauge.
class RedisAttempts final : public Attempts {
 public:
  explicit RedisAttempts(RedisCore& core) : core_(core), own_(core.timing.attempts) {}

  Waits admit(const std::vector<AttemptCount>& counts) override;
  Waits look(const std::vector<AttemptCount>& counts) override;
  void succeeded(const std::string& cleared, const std::string& given_back) override;

 private:
  // What Redis says, or nothing when it does not answer in time.
  std::optional<Waits> ask(const std::vector<AttemptCount>& counts, bool counted);
  void alone(bool is_alone);

  RedisCore& core_;
  MemoryAttempts own_;
  std::atomic<bool> alone_{false};
};

}  // namespace cluster
