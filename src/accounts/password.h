#pragma once

// Passwords: bcrypt by the system's libxcrypt (A2). Hashing takes about 45 ms at cost 10: only on
// the hashing pool.

#include <string>

#include "base/error.h"

namespace accounts {

inline constexpr int kDefaultCost = 10;
inline constexpr std::size_t kMinPassword = 8;  // bytes
inline constexpr std::size_t kMaxPassword =
    72;  // bytes: bcrypt reads no further, so more would be silently ignored

// "invalid" with words for the player unless the password has 8 to 72 bytes without NUL.
base::Result<void> check_new_password(const std::string& password);

// A "$2b$" hash with a fresh salt. `cost` 4..31 is the logarithm of the work. "internal" when the
// library fails.
base::Result<std::string> hash_password(const std::string& password, int cost);

// Does the password fit the hash? Takes "$2a$", "$2b$" and "$2y$" hashes of any implementation;
// anything else fits nothing. A password that could not have been registered (too long, NUL) fits
// nothing, at full cost.
bool password_fits(const std::string& password, const std::string& hash);

// The cost a hash was made with; 0 when it is none of bcrypt.
int cost_of(const std::string& hash);

}  // namespace accounts
