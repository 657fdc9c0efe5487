#include "store/suspicions.h"

#include "base/client_address.h"

namespace store {

// The select leaves out the ids that no account has (any more): the row stays, as nobody's.
base::Result<void> write_suspicion(Connection& db, const Suspicion& suspicion) {
  const bool guest = !suspicion.player_id && suspicion.address && !suspicion.address->empty();
  auto rows = db.query(
      "insert into suspicious_events (player_id, subject, name, address, match_id, lobby_id, kind, "
      "score, found, evidence, replay_tick, happened_at) values ((select player_id from players "
      "where player_id = $1 and is_active), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
      " on conflict (match_id, subject, kind) where subject <> '' do update set"
      " score = excluded.score, found = excluded.found, evidence = excluded.evidence,"
      " replay_tick = excluded.replay_tick, happened_at = excluded.happened_at"
      " where excluded.found >= suspicious_events.found",
      {suspicion.player_id, suspicion.subject, suspicion.name,
       guest ? std::optional(base::network_of(*suspicion.address)) : std::nullopt,
       suspicion.match_id, suspicion.lobby_id, suspicion.kind, suspicion.score,
       static_cast<std::int64_t>(suspicion.found), suspicion.evidence, suspicion.replay_tick,
       suspicion.happened_at});
  if (!rows.ok()) return rows.error();
  return {};
}

base::Result<std::size_t> forget_suspicions(Connection& db, Time guests_before,
                                            Time accounts_before) {
  auto rows = db.query(
      "delete from suspicious_events where happened_at < $1 and (player_id is null or happened_at "
      "< $2) returning event_id",
      {guests_before, accounts_before});
  if (!rows.ok()) return rows.error();
  return rows->size();
}

}  // namespace store
