#pragma once

// Against guessing passwords (S1): counts tries that failed, by account and by address.

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace accounts {

// Per node, in memory. Thread safe. A try is counted when it begins, so that many at once get no
// more tries than one after the other; success gives it back.
class LoginGuard {
 public:
  using Clock = std::chrono::steady_clock;
  struct Limits {
    int per_account = 5;   // failures in a window, whether the account exists or not
    int per_address = 30;  // failures and registrations; IPv6 by /64. 0 = no limit
    std::chrono::seconds window{15 * 60};
    std::chrono::seconds longest_block{60 *
                                       60};  // blocks begin with a window and double up to this
  };
  explicit LoginGuard(Limits limits) : limits_(limits) {}

  // Begins a try. Zero: go on. Else: how long the caller is to wait; nothing was counted against
  // it. `account` "" = by address only (registration); `address` "" = by account only.
  std::chrono::seconds admit(const std::string& account, const std::string& address,
                             Clock::time_point now);
  // How long the caller would have to wait now, counting nothing.
  std::chrono::seconds wait(const std::string& account, const std::string& address,
                            Clock::time_point now);
  // The try did not fail after all.
  void succeeded(const std::string& account, const std::string& address);

 private:
  struct Record {
    int failures = 0;
    int blocks = 0;  // in a row; each doubles the next
    Clock::time_point window_end;
    Clock::time_point blocked_until;
    Clock::time_point forget_at;
  };
  std::chrono::seconds wait_of_both(const std::string& account, const std::string& address,
                                    Clock::time_point now);
  std::chrono::seconds wait_of(const std::string& key, int limit, Clock::time_point now);
  void count(const std::string& key, int limit, Clock::time_point now);
  void forget_old(Clock::time_point now);

  const Limits limits_;
  std::mutex mutex_;
  std::unordered_map<std::string, Record> records_;
  std::size_t sweep_at_ = 1024;  // records at which old ones are looked for
};

}  // namespace accounts
