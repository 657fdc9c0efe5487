#include "accounts/login_guard.h"

#include <algorithm>

#include "base/client_address.h"

namespace accounts {
namespace {

constexpr auto kMemory = std::chrono::hours(24);  // how long blocks in a row are remembered

std::string account_key(const std::string& account) { return "account " + account; }
std::string address_key(const std::string& address) {
  return "address " + base::network_of(address);
}

}  // namespace

std::chrono::seconds LoginGuard::admit(const std::string& account, const std::string& address,
                                       Clock::time_point now) {
  std::lock_guard lock(mutex_);
  forget_old(now);
  const auto needed = wait_of_both(account, address, now);
  if (needed.count() > 0) return needed;
  if (!account.empty()) count(account_key(account), limits_.per_account, now);
  if (!address.empty() && limits_.per_address > 0)
    count(address_key(address), limits_.per_address, now);
  return needed;
}

std::chrono::seconds LoginGuard::wait(const std::string& account, const std::string& address,
                                      Clock::time_point now) {
  std::lock_guard lock(mutex_);
  return wait_of_both(account, address, now);
}

std::chrono::seconds LoginGuard::wait_of_both(const std::string& account,
                                              const std::string& address, Clock::time_point now) {
  const auto by_account = wait_of(account_key(account), limits_.per_account, now);
  const auto by_address = wait_of(address_key(address), limits_.per_address, now);
  return std::max(by_account, by_address);
}

void LoginGuard::succeeded(const std::string& account, const std::string& address) {
  std::lock_guard lock(mutex_);
  records_.erase(account_key(account));
  const auto found = records_.find(address_key(address));
  if (found != records_.end() && found->second.failures > 0) --found->second.failures;
}

std::chrono::seconds LoginGuard::wait_of(const std::string& key, int limit, Clock::time_point now) {
  const auto found = records_.find(key);
  if (found == records_.end()) return {};
  Record& record = found->second;
  if (record.failures >= limit && record.blocked_until <= now && now < record.window_end) {
    const auto doubled = limits_.window * (1 << std::min(record.blocks, 10));
    record.blocked_until = now + std::min<Clock::duration>(doubled, limits_.longest_block);
    record.window_end = record.blocked_until;
    record.forget_at = record.blocked_until + kMemory;
    ++record.blocks;
  }
  return std::chrono::ceil<std::chrono::seconds>(
      std::max(record.blocked_until - now, Clock::duration::zero()));
}

void LoginGuard::count(const std::string& key, int limit, Clock::time_point now) {
  auto [entry, fresh] = records_.try_emplace(key);
  Record& record = entry->second;
  if (fresh || now >= record.window_end) {
    record.failures = 0;
    record.window_end = now + limits_.window;
    if (record.forget_at < record.window_end) record.forget_at = record.window_end;
  }
  record.failures = std::min(record.failures + 1, limit);
}

void LoginGuard::forget_old(Clock::time_point now) {
  if (records_.size() < sweep_at_) return;
  std::erase_if(records_, [&](const auto& entry) { return entry.second.forget_at <= now; });
  sweep_at_ = std::max<std::size_t>(1024, records_.size() * 2);
}

}  // namespace accounts
