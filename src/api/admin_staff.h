#pragma once

// Who is staff, and how far they have proved it (O5): roles, second factors, verified sessions as
// rows. Each function is a few statements in the caller's transaction.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/admin_seal.h"
#include "base/error.h"
#include "store/connection.h"

namespace api {

// In rising order: each may do what those before may.
enum class Role : std::uint8_t {
  none,
  viewer,     // reads
  moderator,  // acts on players, judges reports
  admin,      // closes lobbies, drains nodes, gives roles
};

std::string_view role_name(Role role);  // "none", "viewer", ...
std::optional<Role> parse_role(std::string_view name);
// The highest among an account's permissions.
Role role_of(std::string_view permissions);
// The permissions with the role's word in place of another role's; other words stay.
std::string with_role(std::string_view permissions, Role role);

// What is known of a caller.
struct Staff {
  std::string id;
  std::string name;
  Role role = Role::none;
  bool enrolled = false;  // has a confirmed second factor
  bool verified = false;  // this session has shown it
  std::optional<store::Time> verified_until;
};

// A session counts as verified for so long after it has shown the second factor.
inline constexpr std::chrono::hours kVerifiedFor{12};

// Of an active account, as it is in the database now.
base::Result<Staff> find_staff(store::Connection& db, const std::string& player_id,
                               const std::string& session_id, store::Time now);
// Is there an administrator?
base::Result<bool> has_admin(store::Connection& db);

struct StaffEntry {
  std::string id;
  std::string name;
  Role role = Role::none;
  bool enrolled = false;
  std::optional<store::Time> last_login;
};
// Everybody with a role, by rank and name.
base::Result<std::vector<StaffEntry>> list_staff(store::Connection& db);

// Gives an account a role and answers the one it had. "not_found"; "conflict" when it is the last
// administrator's.
base::Result<Role> change_role(store::Connection& db, const std::string& player_id, Role role);

// --- the second factor ---

inline constexpr int kFactorFailures = 5;  // wrong codes within the time below lock the factor
inline constexpr std::chrono::minutes kFactorLock{15};
inline constexpr int kRecoveryCodes = 10;

struct Enrolment {
  std::string secret;                   // raw
  std::string account;                  // the e-mail, to name the entry in the app
  std::optional<store::Time> replaced;  // when the secret was made that this one takes the place of
};
// Makes a new secret that waits for its confirmation. "conflict" when there is a confirmed one.
base::Result<Enrolment> begin_enrolment(store::Connection& db, const Seal& seal,
                                        const std::string& player_id, store::Time now);

enum class FactorAnswer : std::uint8_t {
  good,
  wrong,
  locked,  // too many wrong ones: `wait`
  none,    // there is no factor to check against
};
struct FactorCheck {
  FactorAnswer answer = FactorAnswer::none;
  std::chrono::seconds wait{0};
  bool recovery = false;  // it was a recovery code, now used up
};

// Takes a code of a factor that waits for its confirmation. A wrong one is counted: commit.
base::Result<FactorCheck> confirm_enrolment(store::Connection& db, const Seal& seal,
                                            const std::string& player_id, const std::string& code,
                                            store::Time now);
// Takes a code, or a recovery code, of a confirmed factor. A wrong one is counted: commit.
base::Result<FactorCheck> check_factor(store::Connection& db, const Seal& seal,
                                       const std::string& player_id, const std::string& code,
                                       store::Time now);
// New recovery codes in place of all old ones; told once, kept as hashes.
base::Result<std::vector<std::string>> new_recovery_codes(store::Connection& db,
                                                          const std::string& player_id);
base::Result<void> mark_verified(store::Connection& db, const std::string& player_id,
                                 const std::string& session_id, store::Time now);
base::Result<void> forget_verified(store::Connection& db, const std::string& session_id);
// Takes factor, recovery codes and verified sessions away; false: there was no factor.
base::Result<bool> reset_factor(store::Connection& db, const std::string& player_id);

}  // namespace api
