#include "accounts/login_addresses.h"

namespace accounts {

base::Result<bool> is_login_address(Connection& db, const std::string& fingerprint, Time now) {
  auto rows = db.query("select 1 from login_addresses where fingerprint = $1 and expires_at > $2",
                       {fingerprint, now});
  if (!rows.ok()) return rows.error();
  return !rows->empty();
}

base::Result<void> note_login_address(Connection& db, const std::string& player_id,
                                      const std::string& fingerprint, Time now) {
  auto noted = db.query(
      "insert into login_addresses (fingerprint, player_id, expires_at) values ($1, $2, $3)"
      " on conflict (fingerprint) do update set expires_at = excluded.expires_at",
      {fingerprint, player_id, now + kLoginAddressLife});
  if (!noted.ok()) return noted.error();
  auto bounded = db.query(
      "delete from login_addresses where player_id = $1 and fingerprint not in (select fingerprint"
      " from login_addresses where player_id = $1 order by expires_at desc, fingerprint limit $2)",
      {player_id, std::int64_t{kLoginAddresses}});
  if (!bounded.ok()) return bounded.error();
  return {};
}

base::Result<void> forget_login_addresses(Connection& db, Time before) {
  auto forgotten = db.query("delete from login_addresses where expires_at < $1", {before});
  if (!forgotten.ok()) return forgotten.error();
  return {};
}

}  // namespace accounts
