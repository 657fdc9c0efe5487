#include "cluster/memory_attempts.h"

#include <algorithm>
#include <utility>

namespace cluster {
namespace {

constexpr std::size_t kFirstSweep = 1024;

}  // namespace

MemoryAttempts::MemoryAttempts(AttemptTimes times, std::function<Clock::time_point()> now,
                               std::size_t bound)
    : times_(times),
      now_(now ? std::move(now) : [] { return Clock::now(); }),
      bound_(bound),
      sweep_at_(std::min(kFirstSweep, bound)) {}

Attempts::Waits MemoryAttempts::admit(const std::vector<AttemptCount>& counts) {
  const auto now = now_();
  std::lock_guard lock(mutex_);
  forget_old(now);
  Waits waits = waits_of(counts, now);
  const bool free = std::all_of(waits.begin(), waits.end(), [](auto w) { return w.count() == 0; });
  if (free) {
    for (const AttemptCount& count : counts) add(count.key, count.limit, now);
  }
  return waits;
}

Attempts::Waits MemoryAttempts::look(const std::vector<AttemptCount>& counts) {
  const auto now = now_();
  std::lock_guard lock(mutex_);
  return waits_of(counts, now);
}

void MemoryAttempts::succeeded(const std::string& cleared, const std::string& given_back) {
  std::lock_guard lock(mutex_);
  records_.erase(cleared);
  const auto found = records_.find(given_back);
  if (found != records_.end() && found->second.failures > 0) --found->second.failures;
}

std::size_t MemoryAttempts::size() const {
  std::lock_guard lock(mutex_);
  return records_.size();
}

Attempts::Waits MemoryAttempts::waits_of(const std::vector<AttemptCount>& counts,
                                         Clock::time_point now) {
  Waits waits;
  for (const AttemptCount& count : counts) waits.push_back(wait_of(count, now));
  return waits;
}

milliseconds MemoryAttempts::wait_of(const AttemptCount& count, Clock::time_point now) {
  const auto found = records_.find(count.key);
  if (found == records_.end()) return {};
  Record& record = found->second;
  if (record.failures >= count.limit && record.blocked_until <= now && now < record.window_end) {
    const milliseconds doubled = times_.window * (1 << std::min(record.blocks, 10));
    record.blocked_until = now + std::min(doubled, times_.longest_block);
    record.window_end = record.blocked_until;
    record.forget_at = record.blocked_until + times_.memory;
    ++record.blocks;
  }
  return std::chrono::ceil<milliseconds>(
      std::max(record.blocked_until - now, Clock::duration::zero()));
}

void MemoryAttempts::add(const std::string& key, int limit, Clock::time_point now) {
  auto [entry, fresh] = records_.try_emplace(key);
  Record& record = entry->second;
  if (fresh || now >= record.window_end) {
    record.failures = 0;
    record.window_end = now + times_.window;
    record.forget_at = std::max(record.forget_at, record.window_end);
  }
  record.failures = std::min(record.failures + 1, limit);
}

void MemoryAttempts::forget_old(Clock::time_point now) {
  if (records_.size() < sweep_at_) return;
  std::erase_if(records_, [&](const auto& entry) { return entry.second.forget_at <= now; });
  if (records_.size() >= bound_) {
    std::vector<Clock::time_point> ends;
    ends.reserve(records_.size());
    for (const auto& [key, record] : records_) ends.push_back(record.forget_at);
    const auto middle = ends.begin() + static_cast<std::ptrdiff_t>(ends.size() / 2);
    std::nth_element(ends.begin(), middle, ends.end());
    std::erase_if(records_, [&](const auto& entry) { return entry.second.forget_at <= *middle; });
  }
  sweep_at_ = std::min(bound_, std::max(std::min(kFirstSweep, bound_), records_.size() * 2));
}

}  // namespace cluster
