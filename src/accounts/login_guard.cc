#include "accounts/login_guard.h"

#include <algorithm>
#include <utility>

#include "accounts/encoding.h"
#include "base/client_address.h"

namespace accounts {
namespace {

std::chrono::seconds rounded_up(cluster::milliseconds wait) {
  return std::chrono::ceil<std::chrono::seconds>(wait);
}

// The waits in the order of LoginGuard::counts().
LoginGuard::Wait told(const cluster::Attempts::Waits& waits, bool with_account) {
  LoginGuard::Wait wait;
  if (with_account) wait.by_account = rounded_up(waits.front());
  if (waits.size() > (with_account ? 1u : 0u)) wait.by_address = rounded_up(waits.back());
  return wait;
}

}  // namespace

LoginGuard::LoginGuard(cluster::Attempts& attempts, Limits limits, std::string key)
    : attempts_(attempts), limits_(limits), key_(std::move(key)) {}

LoginGuard::Wait LoginGuard::admit(const std::string& account, const std::string& address) {
  const auto all = counts(account_key(account), limits_.per_account, address);
  return all.empty() ? Wait{} : told(attempts_.admit(all), !account.empty());
}

LoginGuard::Wait LoginGuard::look(const std::string& account, const std::string& address) {
  const auto all = counts(account_key(account), limits_.per_account, address);
  return all.empty() ? Wait{} : told(attempts_.look(all), !account.empty());
}

void LoginGuard::succeeded(const std::string& account, const std::string& address) {
  attempts_.succeeded(account_key(account), address_key(address));
}

LoginGuard::Wait LoginGuard::admit_known(const std::string& account, const std::string& address) {
  return told(attempts_.admit(counts(known_key(account, address), limits_.known_address, address)),
              true);
}

LoginGuard::Wait LoginGuard::look_known(const std::string& account, const std::string& address) {
  return told(attempts_.look(counts(known_key(account, address), limits_.known_address, address)),
              true);
}

void LoginGuard::succeeded_known(const std::string& account, const std::string& address) {
  attempts_.succeeded(known_key(account, address), address_key(address));
}

std::string LoginGuard::fingerprint(const std::string& account, const std::string& address) const {
  return hashed("signed in", account + ' ' + base::network_of(address));
}

std::string LoginGuard::hashed(std::string_view kind, const std::string& what) const {
  return to_base64url(hmac_sha256(key_, "login " + std::string(kind) + ' ' + what));
}

std::string LoginGuard::account_key(const std::string& account) const {
  return account.empty() ? "" : hashed("account", account);
}

std::string LoginGuard::address_key(const std::string& address) const {
  if (address.empty() || limits_.per_address == 0) return "";
  return hashed("address", base::network_of(address));
}

std::string LoginGuard::known_key(const std::string& account, const std::string& address) const {
  return hashed("known", account + ' ' + base::network_of(address));
}

std::vector<cluster::AttemptCount> LoginGuard::counts(const std::string& account_count, int limit,
                                                      const std::string& address) const {
  std::vector<cluster::AttemptCount> all;
  if (!account_count.empty()) all.push_back({account_count, limit});
  if (const std::string key = address_key(address); !key.empty())
    all.push_back({key, limits_.per_address});
  return all;
}

}  // namespace accounts
