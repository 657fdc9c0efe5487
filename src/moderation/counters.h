#pragma once

#include <atomic>
#include <cstdint>

namespace moderation {

// What moderation did on this node since its start, for metrics. Any thread.
class Counter {
 public:
  void add() { value_.fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct Counters {
  Counter bans;       // by people
  Counter auto_bans;  // by reports
  Counter unbans;
  Counter mutes;
  Counter unmutes;
  Counter kicks;
  Counter reports;          // taken
  Counter reports_refused;  // not a fellow player, twice, unknown reason, ...
  Counter chat_lines;
  Counter chat_filtered;  // lines in which others saw stars
  Counter chat_muted;     // lines of the muted, not passed on
  Counter names_refused;  // of guests and accounts
};

}  // namespace moderation
