#include "accounts/admin.h"

#include <algorithm>

#include "accounts/password.h"
#include "accounts/validate.h"
#include "base/random.h"

namespace accounts {
namespace {

constexpr const char* kAdmin = "admin";

base::Result<MadeAdmin> promote(Connection& db, const Player& player) {
  std::vector<std::string> permissions = player.permissions;
  if (std::find(permissions.begin(), permissions.end(), kAdmin) != permissions.end())
    return MadeAdmin{player.id, std::nullopt, true};
  permissions.push_back(kAdmin);
  if (auto set = set_permissions(db, player.id, permissions); !set.ok()) return set.error();
  return MadeAdmin{player.id, std::nullopt, false};
}

}  // namespace

base::Result<MadeAdmin> make_admin(Connection& db, const std::string& email, int bcrypt_cost) {
  auto normal = normal_email(email);
  if (!normal.ok()) return normal.error();
  auto existing = find_by_email(db, *normal);
  if (!existing.ok()) return existing.error();
  if (*existing) return promote(db, (*existing)->player);

  const std::string password = base::secure_id();
  auto hash = hash_password(password, bcrypt_cost);
  if (!hash.ok()) return hash.error();
  Account account;
  account.password_hash = *hash;
  account.player.id = base::uuid_v4();
  account.player.email = *normal;
  account.player.display_name = "Admin";
  account.player.permissions = {kAdmin};
  account.player.created_at = store::now();
  if (auto inserted = insert_player(db, account); !inserted.ok()) return inserted.error();
  return MadeAdmin{account.player.id, password, false};
}

}  // namespace accounts
