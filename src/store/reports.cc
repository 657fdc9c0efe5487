#include "store/reports.h"

#include "base/client_address.h"
#include "store/conditions.h"

namespace store {
namespace {

const std::string kSelect =
    "select report_id, reporter_id, reporter, reporter_name, reporter_address, reporter_party, "
    "target_id, target, target_name, target_address, match_id, lobby_id, reason, note, "
    "replay_tick, "
    "credible, created_at, closed_at, closed_by, verdict from reports where";

std::optional<std::string> network(const std::optional<std::string>& address) {
  return address ? std::optional(base::network_of(*address)) : std::nullopt;
}

Report report_from(const Row& row) {
  Report report;
  report.number = row[0].integer();
  report.reporter = {row[1].maybe_text(), row[2].text(), row[3].text(), row[4].maybe_text()};
  report.reporter_party = row[5].maybe_text();
  report.target = {row[6].maybe_text(), row[7].text(), row[8].text(), row[9].maybe_text()};
  report.match_id = row[10].text();
  report.lobby_id = row[11].text();
  report.reason = row[12].text();
  report.note = row[13].text();
  report.replay_tick = row[14].integer();
  report.credible = row[15].flag();
  report.created_at = row[16].time();
  report.closed_at = row[17].maybe_time();
  report.closed_by = row[18].text();
  report.verdict = row[19].text();
  return report;
}

base::Result<std::vector<Report>> all(const base::Result<Rows>& rows) {
  if (!rows.ok()) return rows.error();
  std::vector<Report> reports;
  for (const Row& row : *rows) reports.push_back(report_from(row));
  return reports;
}

}  // namespace

base::Result<std::int64_t> insert_report(Connection& db, const Report& report) {
  auto rows = db.query(
      "insert into reports (reporter_id, reporter, reporter_name, reporter_address, "
      "reporter_party, "
      "target_id, target, target_name, target_address, match_id, lobby_id, reason, note, "
      "replay_tick, credible, created_at)"
      " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
      " on conflict (match_id, reporter, target) do nothing returning report_id",
      {report.reporter.player_id, report.reporter.key, report.reporter.name,
       network(report.reporter.address), report.reporter_party, report.target.player_id,
       report.target.key, report.target.name,
       report.target.player_id ? std::nullopt : network(report.target.address), report.match_id,
       report.lobby_id, report.reason, report.note, report.replay_tick, report.credible,
       report.created_at});
  if (!rows.ok()) return rows.error();
  if (rows->empty()) return base::Error{"conflict", "reported already"};
  return rows->at(0).at(0).integer();
}

base::Result<std::optional<Report>> find_report(Connection& db, std::int64_t number) {
  auto rows = db.query(kSelect + " report_id = $1", {number});
  if (!rows.ok()) return rows.error();
  if (rows->empty()) return std::optional<Report>();
  return std::optional(report_from(rows->front()));
}

base::Result<bool> close_report(Connection& db, std::int64_t number, const std::string& verdict,
                                const std::string& closed_by, Time at) {
  auto rows = db.query(
      "update reports set verdict = $2, closed_by = $3, closed_at = $4"
      " where report_id = $1 and closed_at is null returning report_id",
      {number, verdict, closed_by, at});
  if (!rows.ok()) return rows.error();
  return !rows->empty();
}

base::Result<std::vector<Report>> list_reports(Connection& db, const ReportFilter& filter) {
  Conditions wanted;
  if (filter.open_only) wanted.add("closed_at is null");
  if (!filter.player_id.empty()) wanted.add("target_id = $", filter.player_id);
  if (filter.before > 0) wanted.add("report_id < $", filter.before);
  return all(wanted.newest_first(db, kSelect, "report_id", filter.limit));
}

base::Result<std::vector<Report>> credible_reports(Connection& db, const ReportParty& target,
                                                   Time since, std::size_t limit) {
  Conditions wanted;
  wanted.add("credible");
  wanted.add("(verdict is null or verdict <> 'rejected')");
  wanted.add("created_at > $", since);
  if (target.player_id) {
    wanted.add("target_id = $", *target.player_id);
  } else {
    wanted.add("target_id is null");
    wanted.add("target_address = $", network(target.address));
  }
  return all(wanted.newest_first(db, kSelect, "report_id", limit));
}

base::Result<std::optional<ReporterRecord>> reporter_record(Connection& db,
                                                            const std::string& player_id,
                                                            Time since) {
  auto rows = db.query(
      "select created_at, total_matches,"
      " (select count(*) from reports where reporter_id = $1 and closed_at > $2 and verdict = "
      "'accepted'),"
      " (select count(*) from reports where reporter_id = $1 and closed_at > $2 and verdict = "
      "'rejected')"
      " from players where player_id = $1 and is_active",
      {player_id, since});
  if (!rows.ok()) return rows.error();
  if (rows->empty()) return std::optional<ReporterRecord>();
  const Row& row = rows->front();
  return std::optional(
      ReporterRecord{row[0].time(), row[1].integer(), row[2].integer(), row[3].integer()});
}

base::Result<std::size_t> forget_report_addresses(Connection& db, Time before) {
  auto rows = db.query(
      "update reports set reporter_address = null, target_address = null where created_at < $1 and "
      "(reporter_address is not null or target_address is not null) returning report_id",
      {before});
  if (!rows.ok()) return rows.error();
  return rows->size();
}

}  // namespace store
