#include "store/mutes.h"

#include "base/client_address.h"
#include "store/conditions.h"

namespace store {
namespace {

const std::string kSelect =
    "select mute_id, player_id, address, reason, muted_by, created_at, ends_at, lifted_at from "
    "mutes where";

Mute mute_from(const Row& row) {
  return {row[0].integer(), row[1].maybe_text(), row[2].maybe_text(), row[3].text(),
          row[4].text(),    row[5].time(),       row[6].maybe_time(), row[7].maybe_time()};
}

base::Result<std::vector<Mute>> all(const base::Result<Rows>& rows) {
  if (!rows.ok()) return rows.error();
  std::vector<Mute> mutes;
  for (const Row& row : *rows) mutes.push_back(mute_from(row));
  return mutes;
}

}  // namespace

base::Result<std::int64_t> insert_mute(Connection& db, const Mute& mute) {
  auto rows = db.query(
      "insert into mutes (player_id, address, reason, muted_by, created_at, ends_at)"
      " values ($1, $2, $3, $4, $5, $6) returning mute_id",
      {mute.player_id, mute.address ? std::optional(base::network_of(*mute.address)) : std::nullopt,
       mute.reason, mute.muted_by, mute.created_at, mute.ends_at});
  if (!rows.ok()) return rows.error();
  return rows->at(0).at(0).integer();
}

base::Result<bool> lift_mute(Connection& db, std::int64_t number, Time at) {
  auto rows = db.query(
      "update mutes set lifted_at = $2 where mute_id = $1 and lifted_at is null returning mute_id",
      {number, at});
  if (!rows.ok()) return rows.error();
  return !rows->empty();
}

base::Result<std::optional<Mute>> find_mute(Connection& db, std::int64_t number) {
  auto rows = db.query(kSelect + " mute_id = $1", {number});
  if (!rows.ok()) return rows.error();
  if (rows->empty()) return std::optional<Mute>();
  return std::optional(mute_from(rows->front()));
}

base::Result<std::vector<Mute>> list_mutes(Connection& db, bool in_force, Time at,
                                           std::int64_t before, std::size_t limit) {
  Conditions wanted;
  if (in_force) {
    wanted.add("lifted_at is null");
    wanted.add("(ends_at is null or ends_at > $)", at);
  }
  if (before > 0) wanted.add("mute_id < $", before);
  return all(wanted.newest_first(db, kSelect, "mute_id", limit));
}

base::Result<std::vector<Mute>> mutes_of(Connection& db, const std::string& player_id,
                                         std::size_t limit) {
  Conditions wanted;
  wanted.add("player_id = $", player_id);
  return all(wanted.newest_first(db, kSelect, "mute_id", limit));
}

}  // namespace store
