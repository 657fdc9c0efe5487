#pragma once

// Against guessing passwords (S1): counts tries that failed, by account and by address, for all
// nodes together. What an account is called and where a caller sits leave this object as hashes
// only.

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/attempts.h"

namespace accounts {

// Thread safe; its members wait for the cluster as Attempts does. A try is counted when it begins,
// so that many at once get no more tries than one after the other; success gives it back.
class LoginGuard {
 public:
  struct Limits {
    int per_account = 5;    // failures in a window, whether the account exists or not
    int per_address = 30;   // failures and registrations; IPv6 by /64. 0 = no limit
    int known_address = 3;  // of the owner's own address while the account is locked for others
  };
  // How long the caller is to wait by each count; both zero: go on.
  struct Wait {
    std::chrono::seconds by_account{0};
    std::chrono::seconds by_address{0};
    std::chrono::seconds longest() const { return std::max(by_account, by_address); }
    // Only the account's count stands in the way.
    bool locked() const { return by_account.count() > 0 && by_address.count() == 0; }
  };
  // `key`: a secret of all nodes, so that hashes cannot be guessed back by who reads them.
  LoginGuard(cluster::Attempts& attempts, Limits limits, std::string key);

  // Begins a try; nothing is counted against who is to wait. `account` "" = by address only
  // (registration); `address` "" = by account only.
  Wait admit(const std::string& account, const std::string& address);
  // The same, counting nothing.
  Wait look(const std::string& account, const std::string& address);
  // The try did not fail after all; "" as above.
  void succeeded(const std::string& account, const std::string& address);

  // For an address that the account's owner has signed in from, while the account is locked: such
  // an address has tries of its own, so that a stranger who fails on purpose does not keep the
  // owner out.
  Wait admit_known(const std::string& account, const std::string& address);
  Wait look_known(const std::string& account, const std::string& address);
  void succeeded_known(const std::string& account, const std::string& address);

  // What is kept of an address from which an account's owner has signed in.
  std::string fingerprint(const std::string& account, const std::string& address) const;

 private:
  std::string hashed(std::string_view kind, const std::string& what) const;
  std::string account_key(const std::string& account) const;
  std::string address_key(const std::string& address) const;
  std::string known_key(const std::string& account, const std::string& address) const;
  std::vector<cluster::AttemptCount> counts(const std::string& account_count, int limit,
                                            const std::string& address) const;

  cluster::Attempts& attempts_;
  const Limits limits_;
  const std::string key_;
};

}  // namespace accounts
