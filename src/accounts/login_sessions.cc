#include "accounts/login_sessions.h"

#include "accounts/login_addresses.h"
#include "accounts/secret_code.h"
#include "base/random.h"

namespace accounts {
namespace {

using store::Rows;

base::Result<std::vector<std::string>> ids_of(const base::Result<Rows>& rows) {
  if (!rows.ok()) return rows.error();
  std::vector<std::string> ids;
  for (const auto& row : *rows) ids.push_back(row[0].text());
  return ids;
}

base::Result<std::string> insert_token(Connection& db, const std::string& session_id, Time now) {
  std::string token = new_secret_code();
  auto inserted =
      db.query("insert into refresh_tokens (token_hash, session_id, issued_at) values ($1, $2, $3)",
               {hash_of_code(token), session_id, now});
  if (!inserted.ok()) return inserted.error();
  return token;
}

// Notes the use of a token; false when it was spent already. Between two who bring the same token
// at once this decides.
base::Result<bool> spend(Connection& db, const std::string& hash, Time now) {
  auto spent = db.query(
      "update refresh_tokens set used_at = $2 where token_hash = $1 and used_at is null returning "
      "token_hash",
      {hash, now});
  if (!spent.ok()) return spent.error();
  return !spent->empty();
}

// Whether a spent token may be taken once more: its successor was never used. That one is revoked
// by this, and has no successor itself: who brings it still ends the session.
base::Result<bool> within_leeway(Connection& db, const std::string& hash, Time now) {
  auto rows =
      db.query("select successor, used_at from refresh_tokens where token_hash = $1", {hash});
  if (!rows.ok()) return rows.error();
  const auto& row = rows->at(0);
  if (row[0].is_null() || row[1].time() + kRefreshLeeway < now) return false;
  return spend(db, row[0].text(), now);
}

base::Result<void> succeed(Connection& db, Exchange& exchange, const std::string& hash, Time now) {
  auto next = insert_token(db, exchange.session_id, now);
  if (!next.ok()) return next.error();
  auto linked = db.query("update refresh_tokens set successor = $2 where token_hash = $1",
                         {hash, hash_of_code(*next)});
  if (!linked.ok()) return linked.error();
  exchange.refresh_token = *next;
  exchange.outcome = Exchange::Outcome::renewed;
  return {};
}

}  // namespace

base::Result<NewSession> insert_session(Connection& db, const std::string& player_id, Time now,
                                        Time expires_at) {
  NewSession session;
  session.session_id = base::uuid_v7(now.time_since_epoch().count());
  auto inserted = db.query(
      "insert into login_sessions (session_id, player_id, created_at, expires_at) values ($1, $2, "
      "$3, $4)",
      {session.session_id, player_id, now, expires_at});
  if (!inserted.ok()) return inserted.error();
  auto token = insert_token(db, session.session_id, now);
  if (!token.ok()) return token.error();
  session.refresh_token = *token;
  return session;
}

base::Result<Exchange> exchange_token(Connection& db, const std::string& refresh_token, Time now) {
  const std::string hash = hash_of_code(refresh_token);
  // The session's row is locked: two who bring tokens of one family come one after the other.
  auto found = db.query(
      "select s.session_id, s.player_id, s.expires_at, s.ended_at from refresh_tokens t"
      " join login_sessions s on s.session_id = t.session_id where t.token_hash = $1" +
          std::string(db.dialect() == store::Dialect::postgres ? " for update of s" : ""),
      {hash});
  if (!found.ok()) return found.error();
  Exchange exchange;
  if (found->empty()) return exchange;
  const auto& row = found->front();
  exchange.session_id = row[0].text();
  exchange.player_id = row[1].text();

  const bool over = row[2].time() <= now || !row[3].is_null();
  auto fresh = spend(db, hash, now);
  if (!fresh.ok()) return fresh.error();
  if (!*fresh && !over) {
    auto again = within_leeway(db, hash, now);
    if (!again.ok()) return again.error();
    if (!*again) {
      auto ended = end_session(db, exchange.session_id, "refresh_token_reused", now);
      if (!ended.ok()) return ended.error();
      exchange.outcome = ended->empty() ? Exchange::Outcome::refused : Exchange::Outcome::reused;
      return exchange;
    }
  }
  if (over) return exchange;
  if (auto done = succeed(db, exchange, hash, now); !done.ok()) return done.error();
  return exchange;
}

base::Result<bool> is_session_live(Connection& db, const std::string& player_id,
                                   const std::string& session_id, Time now) {
  auto rows = db.query(
      "select 1 from login_sessions where session_id = $1 and player_id = $2 and ended_at is null "
      "and expires_at > $3",
      {session_id, player_id, now});
  if (!rows.ok()) return rows.error();
  return !rows->empty();
}

base::Result<std::vector<std::string>> end_session(Connection& db, const std::string& session_id,
                                                   const std::string& reason, Time now) {
  return ids_of(
      db.query("update login_sessions set ended_at = $3, end_reason = $2 where session_id = $1 and "
               "ended_at is null"
               " returning session_id",
               {session_id, reason, now}));
}

base::Result<std::vector<std::string>> end_all_sessions(Connection& db,
                                                        const std::string& player_id,
                                                        const std::string& reason, Time now) {
  return ids_of(
      db.query("update login_sessions set ended_at = $3, end_reason = $2 where player_id = $1 and "
               "ended_at is null"
               " and expires_at > $3 returning session_id",
               {player_id, reason, now}));
}

base::Result<std::size_t> forget_expired(Connection& db, Time before) {
  auto resets = db.query("delete from password_resets where expires_at < $1", {before});
  if (!resets.ok()) return resets.error();
  if (auto addresses = forget_login_addresses(db, before); !addresses.ok())
    return addresses.error();
  auto sessions =
      db.query("delete from login_sessions where expires_at < $1 returning session_id", {before});
  if (!sessions.ok()) return sessions.error();
  return sessions->size();
}

}  // namespace accounts
