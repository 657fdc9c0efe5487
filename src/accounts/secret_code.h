#pragma once

#include <string>

namespace accounts {

// Refresh tokens and the codes of reset links: 256 random bits as base64url, told to one person
// once. The database keeps hashes, so that whoever reads it cannot use them; plain SHA-256 does, as
// there is nothing to guess.
std::string new_secret_code();
std::string hash_of_code(const std::string& code);

}  // namespace accounts
