#include "store/bans.h"

#include "base/client_address.h"
#include "store/conditions.h"

namespace store {
namespace {

const std::string kSelect =
    "select ban_id, player_id, address, reason, banned_by, created_at, ends_at, lifted_at from "
    "bans where";
constexpr const char* kInForce =
    " lifted_at is null and (ends_at is null or ends_at > $2)"
    " order by case when ends_at is null then 0 else 1 end, ends_at desc limit 1";

Ban ban_from(const Row& row) {
  return {row[0].integer(), row[1].maybe_text(), row[2].maybe_text(), row[3].text(),
          row[4].text(),    row[5].time(),       row[6].maybe_time(), row[7].maybe_time()};
}

base::Result<std::optional<Ban>> one(base::Result<Rows> rows) {
  if (!rows.ok()) return rows.error();
  if (rows->empty()) return std::optional<Ban>();
  return std::optional<Ban>(ban_from(rows->front()));
}

base::Result<std::vector<Ban>> all(base::Result<Rows> rows) {
  if (!rows.ok()) return rows.error();
  std::vector<Ban> bans;
  for (const Row& row : *rows) bans.push_back(ban_from(row));
  return bans;
}

}  // namespace

base::Result<std::int64_t> insert_ban(Connection& db, const Ban& ban) {
  auto rows = db.query(
      "insert into bans (player_id, address, reason, banned_by, created_at, ends_at)"
      " values ($1, $2, $3, $4, $5, $6) returning ban_id",
      {ban.player_id, ban.address ? std::optional(base::network_of(*ban.address)) : std::nullopt,
       ban.reason, ban.banned_by, ban.created_at, ban.ends_at});
  if (!rows.ok()) return rows.error();
  return rows->at(0).at(0).integer();
}

base::Result<bool> lift_ban(Connection& db, std::int64_t number, Time at) {
  auto rows = db.query(
      "update bans set lifted_at = $2 where ban_id = $1 and lifted_at is null returning ban_id",
      {number, at});
  if (!rows.ok()) return rows.error();
  return !rows->empty();
}

base::Result<std::optional<Ban>> ban_of_player(Connection& db, const std::string& player_id,
                                               Time at) {
  return one(db.query(kSelect + " player_id = $1 and" + kInForce, {player_id, at}));
}

base::Result<std::optional<Ban>> ban_of_address(Connection& db, const std::string& address,
                                                Time at) {
  return one(db.query(kSelect + " address = $1 and" + kInForce, {base::network_of(address), at}));
}

base::Result<std::optional<Ban>> find_ban(Connection& db, std::int64_t number) {
  return one(db.query(kSelect + " ban_id = $1", {number}));
}

base::Result<std::optional<Ban>> latest_ban_of_player(Connection& db,
                                                      const std::string& player_id) {
  return one(db.query(kSelect + " player_id = $1 order by ban_id desc limit 1", {player_id}));
}

base::Result<std::optional<Ban>> latest_ban_of_address(Connection& db, const std::string& address) {
  return one(db.query(kSelect + " address = $1 order by ban_id desc limit 1",
                      {base::network_of(address)}));
}

base::Result<std::vector<Ban>> list_bans(Connection& db, bool in_force, Time at,
                                         std::int64_t before, std::size_t limit) {
  Conditions wanted;
  if (in_force) {
    wanted.add("lifted_at is null");
    wanted.add("(ends_at is null or ends_at > $)", at);
  }
  if (before > 0) wanted.add("ban_id < $", before);
  return all(wanted.newest_first(db, kSelect, "ban_id", limit));
}

base::Result<std::vector<Ban>> bans_of(Connection& db, const std::string& player_id,
                                       std::size_t limit) {
  Conditions wanted;
  wanted.add("player_id = $", player_id);
  return all(wanted.newest_first(db, kSelect, "ban_id", limit));
}

base::Result<std::vector<Ban>> bans_after(Connection& db, std::int64_t number, std::size_t limit) {
  return all(db.query(kSelect + " ban_id > $1 order by ban_id limit $2",
                      {number, static_cast<std::int64_t>(limit)}));
}

}  // namespace store
