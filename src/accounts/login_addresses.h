#pragma once

// From where owners have signed in to their accounts: such an address is not kept out by strangers'
// failures (S1). Kept as fingerprints (LoginGuard::fingerprint), for 30 days after the last login.

#include <chrono>
#include <string>

#include "accounts/players.h"
#include "base/error.h"
#include "store/connection.h"

namespace accounts {

inline constexpr std::chrono::hours kLoginAddressLife{30 * 24};
inline constexpr int kLoginAddresses = 8;  // of an account; the one not used for longest goes

base::Result<bool> is_login_address(Connection& db, const std::string& fingerprint, Time now);
// Remembers it, or that it was used again.
base::Result<void> note_login_address(Connection& db, const std::string& player_id,
                                      const std::string& fingerprint, Time now);
base::Result<void> forget_login_addresses(Connection& db, Time before);

}  // namespace accounts
