#include "api/request_limit.h"

#include <algorithm>
#include <cmath>

namespace api {

RequestLimit::Verdict RequestLimit::take(const std::string& caller, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (accounts_.size() >= sweep_at_) forget_idle(now);
  const auto [found, fresh] =
      accounts_.try_emplace(caller, Account{static_cast<double>(per_minute_), now});
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
void RequestLimit::forget_idle(Clock::time_point now) {
  std::erase_if(accounts_, [&](const auto& entry) {
    return now - entry.second.seen > std::chrono::minutes(1);
  });
  sweep_at_ = std::max<std::size_t>(4096, accounts_.size() * 2);
}

void RequestLimit::add_headers(net::HttpResponse& response, const Verdict& verdict) const {
  response.headers.emplace_back("RateLimit-Limit", std::to_string(per_minute_));
  response.headers.emplace_back("RateLimit-Remaining", std::to_string(verdict.remaining));
  response.headers.emplace_back("RateLimit-Reset", std::to_string(verdict.reset_s));
  if (!verdict.allowed)
    response.headers.emplace_back("Retry-After", std::to_string(std::max(1, verdict.reset_s)));
}

}  // namespace api
