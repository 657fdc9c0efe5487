#include "api/admin_reports.h"

namespace api {
namespace {

using store::Connection;
using store::Time;

base::Error taken() { return {"conflict", "Somebody else is looking at this report."}; }

}  // namespace

base::Result<void> check_claim(Connection& db, std::int64_t number, const std::string& moderator,
                               Time now) {
  const auto rows = db.query(
      "select closed_at, claimed_by, claimed_at from reports where report_id = $1", {number});
  if (!rows) return rows.error();
  if (rows->empty()) return base::Error{"not_found", "There is no such report."};
  const store::Row& row = rows->front();
  if (!row[0].is_null()) return base::Error{"conflict", "This report is closed already."};
  const bool held = !row[1].is_null() && row[2].time() + kClaimLife > now;
  if (held && row[1].text() != moderator) return taken();
  return {};
}

base::Result<void> claim_report(Connection& db, std::int64_t number, const std::string& moderator,
                                Time now) {
  if (const auto free = check_claim(db, number, moderator, now); !free) return free.error();
  const auto rows = db.query(
      "update reports set claimed_by = $2, claimed_at = $3 where report_id = $1"
      " and closed_at is null and (claimed_by is null or claimed_by = $2 or claimed_at <= $4)"
      " returning report_id",
      {number, moderator, now, now - kClaimLife});
  if (!rows) return rows.error();
  if (rows->empty()) return taken();
  return {};
}

base::Result<std::optional<std::int64_t>> next_report(Connection& db, const std::string& moderator,
                                                      Time now) {
  const auto rows = db.query(
      "select r.report_id from reports r where r.closed_at is null"
      " and (r.claimed_by is null or r.claimed_by = $1 or r.claimed_at <= $2)"
      " order by case when r.claimed_by = $1 and r.claimed_at > $2 then 0 else 1 end,"
      " (select count(*) from reports o where o.target = r.target and o.closed_at is null"
      " and o.credible) desc, r.created_at, r.report_id limit 1",
      {moderator, now - kClaimLife});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<std::int64_t>();
  return std::optional(rows->front()[0].integer());
}

base::Result<ReportClaim> claim_of(Connection& db, std::int64_t number) {
  const auto rows =
      db.query("select claimed_by, claimed_at from reports where report_id = $1", {number});
  if (!rows) return rows.error();
  if (rows->empty()) return ReportClaim{};
  return ReportClaim{rows->front()[0].maybe_text(), rows->front()[1].maybe_time()};
}

base::Result<std::map<std::int64_t, ReportClaim>> claims_of(
    Connection& db, const std::vector<store::Report>& reports) {
  std::map<std::int64_t, ReportClaim> claims;
  for (const store::Report& report : reports) {
    auto claim = claim_of(db, report.number);
    if (!claim) return claim.error();
    claims[report.number] = std::move(*claim);
  }
  return claims;
}

base::Result<std::int64_t> count_open_reports(Connection& db) {
  const auto rows = db.query("select count(*) from reports where closed_at is null");
  if (!rows) return rows.error();
  return rows->front()[0].integer();
}

}  // namespace api
