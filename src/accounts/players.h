#pragma once

// Accounts as rows. Each function is one or two statements in the caller's transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/rating.h"
#include "base/error.h"
#include "store/connection.h"

namespace accounts {

using store::Connection;
using store::Time;

struct Stats {
  std::int64_t kills = 0;
  std::int64_t deaths = 0;
  std::int64_t matches = 0;
  std::int64_t wins = 0;
  double rating = Rating().rating;  // Glicko-2
  double deviation =
      Rating()
          .deviation;  // its uncertainty: the true rating is within 2 deviations in 95 of 100 cases
};

struct Player {
  std::string id;
  std::string email;  // for the player alone; in lower case
  std::string display_name;
  std::string region;
  std::vector<std::string> permissions;  // "moderator", "admin"
  Time created_at{};
  std::optional<Time> last_login;
  Stats stats;
};

// An account as login needs it.
struct Account {
  Player player;
  std::string password_hash;
};

// Active accounts only: one that was erased is not found.
base::Result<std::optional<Account>> find_by_email(Connection& db, const std::string& normal_email);
base::Result<std::optional<Account>> find_by_id(Connection& db, const std::string& player_id);

// "conflict" when the e-mail is taken.
base::Result<void> insert_player(Connection& db, const Account& account);
// `old_hash` is the one that was checked: false when it was replaced meanwhile, and nothing is
// changed then.
base::Result<bool> replace_password_hash(Connection& db, const std::string& player_id,
                                         const std::string& old_hash, const std::string& new_hash);
base::Result<bool> note_login(Connection& db, const std::string& player_id, const std::string& hash,
                              Time at);
base::Result<void> set_permissions(Connection& db, const std::string& player_id,
                                   const std::vector<std::string>& permissions);

// The name that stands where an erased player's was.
inline constexpr const char* kErasedName = "Deleted player";

// Takes everything personal out (A1): e-mail, password, names also in matches, rating, sessions.
// Matches and totals stay under the id, which says nothing.
base::Result<void> erase_player(Connection& db, const std::string& player_id);

}  // namespace accounts
