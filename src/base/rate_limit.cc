#include "base/rate_limit.h"

#include <algorithm>
#include <cmath>

#include "base/client_address.h"

namespace base {

RateLimit::Verdict RateLimit::take(const std::string& address, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (accounts_.size() >= sweep_at_) forget_idle(now);
  const auto [found, fresh] =
      accounts_.try_emplace(network_of(address), Account{static_cast<double>(per_minute_), now});
  Account& account = found->second;
  const double per_second = per_minute_ / 60.0;
  const double passed = std::chrono::duration<double>(now - account.seen).count();
  account.tokens = std::min<double>(per_minute_, account.tokens + passed * per_second);
  account.seen = now;
  Verdict verdict;
  verdict.allowed = account.tokens >= 1.0;
  if (verdict.allowed) account.tokens -= 1.0;
  verdict.remaining = static_cast<int>(account.tokens);
  const double wait = verdict.allowed ? (per_minute_ - account.tokens) / per_second
                                      : (1.0 - account.tokens) / per_second;
  verdict.reset_s = static_cast<int>(std::ceil(wait));
  return verdict;
}

// Who has not asked for a minute has the full allowance again and need not be remembered.
void RateLimit::forget_idle(Clock::time_point now) {
  std::erase_if(accounts_, [&](const auto& entry) {
    return now - entry.second.seen > std::chrono::minutes(1);
  });
  sweep_at_ = std::max<std::size_t>(4096, accounts_.size() * 2);
}

}  // namespace base
