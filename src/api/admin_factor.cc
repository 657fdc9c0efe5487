// The second factor of staff as rows; see admin_staff.h.

#include <array>
#include <cstddef>
#include <span>

#include "accounts/encoding.h"
#include "api/admin_staff.h"
#include "api/admin_totp.h"
#include "base/random.h"

namespace api {
namespace {

using store::Connection;
using store::Time;

constexpr std::size_t kRecoveryBytes = 10;  // 80 bits: nothing to guess, so a plain hash does

base::Result<void> done(const base::Result<store::Rows>& rows) {
  if (!rows) return rows.error();
  return {};
}

std::int64_t seconds_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  base::secure_bytes(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

// As it was typed: capitals, blanks and dashes are no matter.
std::string plain_code(const std::string& typed) {
  std::string code;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return code;
}

std::string hash_of(const std::string& player_id, const std::string& code) {
  return accounts::to_base64url(accounts::sha256(player_id + ' ' + code));
}

struct Factor {
  std::string secret;
  bool confirmed = false;
  std::int64_t last_step = 0;
  int failures = 0;
  std::optional<Time> failed_at;
};

base::Result<std::optional<Factor>> find_factor(Connection& db, const Seal& seal,
                                                const std::string& player_id) {
  const auto rows = db.query(
      "select secret, confirmed_at, last_step, failures, failed_at from staff_factors"
      " where player_id = $1",
      {player_id});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<Factor>();
  const store::Row& row = rows->front();
  auto secret = seal.open(row[0].text(), player_id);
  if (!secret)
    return base::Error{
        "internal", "the second factor of " + player_id + " was sealed with another token secret"};
  return std::optional(Factor{std::move(*secret), !row[1].is_null(), row[2].integer(),
                              static_cast<int>(row[3].integer()), row[4].maybe_time()});
}

std::chrono::seconds lock_left(const Factor& factor, Time now) {
  if (factor.failures < kFactorFailures || !factor.failed_at) return std::chrono::seconds(0);
  return std::max(std::chrono::ceil<std::chrono::seconds>(*factor.failed_at + kFactorLock - now),
                  std::chrono::seconds(0));
}

base::Result<FactorCheck> count_failure(Connection& db, const std::string& player_id,
                                        const Factor& factor, Time now) {
  const bool fresh = !factor.failed_at || *factor.failed_at + kFactorLock <= now;
  const auto noted =
      db.query(fresh ? "update staff_factors set failures = 1, failed_at = $2 where player_id = $1"
                     : "update staff_factors set failures = failures + 1, failed_at = $2"
                       " where player_id = $1",
               {player_id, now});
  if (!noted) return noted.error();
  return FactorCheck{FactorAnswer::wrong};
}

// Of several that bring the same code at once, one updates the row.
base::Result<bool> spend_step(Connection& db, const std::string& player_id, std::int64_t step) {
  const auto rows = db.query(
      "update staff_factors set last_step = $2, failures = 0, failed_at = null"
      " where player_id = $1 and last_step < $2 returning player_id",
      {player_id, step});
  if (!rows) return rows.error();
  return !rows->empty();
}

base::Result<bool> spend_recovery(Connection& db, const std::string& player_id,
                                  const std::string& code, Time now) {
  const auto rows = db.query(
      "update staff_recovery_codes set used_at = $3 where code_hash = $2 and player_id = $1"
      " and used_at is null returning player_id",
      {player_id, hash_of(player_id, code), now});
  if (!rows) return rows.error();
  if (rows->empty()) return false;
  const auto forgiven = db.query(
      "update staff_factors set failures = 0, failed_at = null where player_id = $1", {player_id});
  if (!forgiven) return forgiven.error();
  return true;
}

// The row is locked first, so that tries at the same time are counted one after the other.
base::Result<void> lock_factor(Connection& db, const std::string& player_id) {
  return done(
      db.query("update staff_factors set failures = failures where player_id = $1", {player_id}));
}

}  // namespace

base::Result<Enrolment> begin_enrolment(Connection& db, const Seal& seal,
                                        const std::string& player_id, Time now) {
  const auto email = db.query("select email from players where player_id = $1", {player_id});
  if (!email) return email.error();
  if (email->empty()) return base::Error{"not_found", "There is no such account."};
  const auto last = db.query("select made_at from staff_factors where player_id = $1", {player_id});
  if (!last) return last.error();
  Enrolment made{random_bytes(kTotpSecretBytes), email->front()[0].text(), std::nullopt};
  if (!last->empty()) made.replaced = last->front()[0].time();
  const auto kept = db.query(
      "insert into staff_factors (player_id, secret, made_at) values ($1, $2, $3)"
      " on conflict (player_id) do update set secret = excluded.secret, made_at = excluded.made_at,"
      " last_step = 0 where staff_factors.confirmed_at is null returning player_id",
      {player_id, seal.close(made.secret, player_id), now});
  if (!kept) return kept.error();
  if (kept->empty()) return base::Error{"conflict", "This account has a second factor already."};
  return made;
}

base::Result<FactorCheck> confirm_enrolment(Connection& db, const Seal& seal,
                                            const std::string& player_id, const std::string& code,
                                            Time now) {
  if (const auto locked = lock_factor(db, player_id); !locked) return locked.error();
  const auto factor = find_factor(db, seal, player_id);
  if (!factor) return factor.error();
  if (!*factor || (*factor)->confirmed) return FactorCheck{};
  if (const auto wait = lock_left(**factor, now); wait.count() > 0)
    return FactorCheck{FactorAnswer::locked, wait};
  const auto step =
      totp_match((*factor)->secret, plain_code(code), seconds_of(now), (*factor)->last_step);
  if (!step) return count_failure(db, player_id, **factor, now);
  const auto confirmed = db.query(
      "update staff_factors set confirmed_at = $2, last_step = $3, failures = 0, failed_at = null"
      " where player_id = $1",
      {player_id, now, *step});
  if (!confirmed) return confirmed.error();
  return FactorCheck{FactorAnswer::good};
}

base::Result<FactorCheck> check_factor(Connection& db, const Seal& seal,
                                       const std::string& player_id, const std::string& code,
                                       Time now) {
  if (const auto locked = lock_factor(db, player_id); !locked) return locked.error();
  const auto factor = find_factor(db, seal, player_id);
  if (!factor) return factor.error();
  if (!*factor || !(*factor)->confirmed) return FactorCheck{};
  if (const auto wait = lock_left(**factor, now); wait.count() > 0)
    return FactorCheck{FactorAnswer::locked, wait};
  const std::string plain = plain_code(code);
  if (const auto step =
          totp_match((*factor)->secret, plain, seconds_of(now), (*factor)->last_step)) {
    const auto spent = spend_step(db, player_id, *step);
    if (!spent) return spent.error();
    if (*spent) return FactorCheck{FactorAnswer::good};
  }
  const auto recovered = spend_recovery(db, player_id, plain, now);
  if (!recovered) return recovered.error();
  if (*recovered) return FactorCheck{FactorAnswer::good, std::chrono::seconds(0), true};
  return count_failure(db, player_id, **factor, now);
}

base::Result<std::vector<std::string>> new_recovery_codes(Connection& db,
                                                          const std::string& player_id) {
  const auto gone = db.query("delete from staff_recovery_codes where player_id = $1", {player_id});
  if (!gone) return gone.error();
  std::vector<std::string> codes;
  for (int i = 0; i < kRecoveryCodes; ++i) {
    const std::string code = to_base32(random_bytes(kRecoveryBytes));
    const auto kept =
        db.query("insert into staff_recovery_codes (code_hash, player_id) values ($1, $2)",
                 {hash_of(player_id, code), player_id});
    if (!kept) return kept.error();
    codes.push_back(code.substr(0, 4) + '-' + code.substr(4, 4) + '-' + code.substr(8, 4) + '-' +
                    code.substr(12));
  }
  return codes;
}

base::Result<void> mark_verified(Connection& db, const std::string& player_id,
                                 const std::string& session_id, Time now) {
  const auto swept = db.query("delete from staff_sessions where expires_at <= $1", {now});
  if (!swept) return swept.error();
  return done(
      db.query("insert into staff_sessions (session_id, player_id, verified_at, expires_at)"
               " values ($1, $2, $3, $4) on conflict (session_id) do update set"
               " verified_at = excluded.verified_at, expires_at = excluded.expires_at",
               {session_id, player_id, now, now + kVerifiedFor}));
}

base::Result<void> forget_verified(Connection& db, const std::string& session_id) {
  return done(db.query("delete from staff_sessions where session_id = $1", {session_id}));
}

base::Result<bool> reset_factor(Connection& db, const std::string& player_id) {
  for (const char* table : {"staff_sessions", "staff_recovery_codes"}) {
    const auto gone =
        db.query(std::string("delete from ") + table + " where player_id = $1", {player_id});
    if (!gone) return gone.error();
  }
  const auto rows =
      db.query("delete from staff_factors where player_id = $1 returning player_id", {player_id});
  if (!rows) return rows.error();
  return !rows->empty();
}

}  // namespace api
