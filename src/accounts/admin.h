#pragma once

#include <optional>
#include <string>

#include "accounts/players.h"
#include "base/error.h"

namespace accounts {

struct MadeAdmin {
  std::string player_id;
  std::optional<std::string> password;  // of an account that was made now: to be shown once
  bool already = false;                 // had the permission before
};

// Gives the permission "admin" to the account with that e-mail; makes the account, with a password
// drawn at random, when there is none (`trespasserd admin create`). The new permission is in tokens
// from the next login or refresh on. Hashes.
base::Result<MadeAdmin> make_admin(Connection& db, const std::string& email, int bcrypt_cost);

}  // namespace accounts
