#include <algorithm>

#include "base/client_address.h"
#include "base/log.h"
#include "base/tally.h"
#include "moderation/moderation.h"
#include "moderation/records.h"
#include "moderation/reporters.h"

// Reports, and the bans that follow from them (S7).

namespace moderation {

namespace log = base::log;
namespace tally = base::tally;
using store::Connection;
using store::Time;

namespace {

constexpr std::int64_t kClipTicks = 20 * 60;    // 20 s at 60 a second
constexpr std::size_t kReportsLooked = 500;     // of one target within a window
constexpr std::chrono::hours kMemory{30 * 24};  // for which a reporter answers for his reports
constexpr std::int64_t kOftenRejected = 3;
constexpr const char* kAutoBanReason = "Reported by several players";

bool is_reason(const std::string& reason) {
  return std::any_of(std::begin(kReportReasons), std::end(kReportReasons),
                     [&](const char* one) { return reason == one; });
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

store::ReportParty party_of(const Accusation::Person& person) {
  return {unless_empty(person.account_id),
          person.account_id.empty() ? person.player_id : person.account_id, person.name,
          unless_empty(person.address.empty() ? "" : base::network_of(person.address))};
}

// Reports about one target are judged one after the other, on all nodes: two at once would each
// find the other missing. SQLite has one writer anyway.
base::Result<void> one_at_a_time(Connection& db, const store::ReportParty& target) {
  if (db.dialect() != store::Dialect::postgres) return {};
  auto locked = db.query("select pg_advisory_xact_lock(hashtext($1))",
                         {"report " + target.player_id.value_or(target.address.value_or(""))});
  if (!locked.ok()) return locked.error();
  return {};
}

const char* word_of(Verdict verdict) {
  return verdict == Verdict::accepted ? "accepted" : "rejected";
}

}  // namespace

Clip clip_of(const store::Report& report) {
  return {report.match_id, std::max<std::int64_t>(0, report.replay_tick - kClipTicks),
          report.replay_tick};
}

base::Result<bool> Moderation::is_credible(Connection& db, const Accusation& accusation) const {
  if (accusation.reporter.account_id.empty()) return false;
  const Time now = options_.now();
  auto record = store::reporter_record(db, accusation.reporter.account_id, now - kMemory);
  if (!record.ok()) return record.error();
  if (!*record) return false;
  const store::ReporterRecord& reporter = **record;
  const bool cries_wolf =
      reporter.rejected >= kOftenRejected && reporter.rejected > reporter.accepted;
  return now - reporter.registered >= options_.credible_age &&
         reporter.matches >= options_.credible_matches && !cries_wolf;
}

// Reports that led to a ban, or came before one was lifted, have had their say.
base::Result<bool> Moderation::is_enough(Connection& db, const store::Report& latest) const {
  if (options_.reporters <= 0 || !latest.credible) return false;
  const store::ReportParty& target = latest.target;
  if (!target.player_id && !target.address) return false;
  const Time now = options_.now();
  auto last = target.player_id ? store::latest_ban_of_player(db, *target.player_id)
                               : store::latest_ban_of_address(db, *target.address);
  if (!last.ok()) return last.error();
  Time since = now - options_.window;
  if (*last) {
    const store::Ban& ban = **last;
    if (!ban.lifted_at && (!ban.ends_at || *ban.ends_at > now)) return false;
    since = std::max({since, ban.created_at, ban.lifted_at.value_or(since)});
  }
  auto reports = store::credible_reports(db, target, since, kReportsLooked);
  if (!reports.ok()) return reports.error();
  return different_reporters(*reports) >= static_cast<std::size_t>(options_.reporters);
}

base::Result<Receipt> Moderation::report(const Accusation& accusation) {
  store::Report report;
  report.reporter = party_of(accusation.reporter);
  report.reporter_party = unless_empty(accusation.reporter_party);
  report.target = party_of(accusation.target);
  report.match_id = accusation.match_id;
  report.lobby_id = accusation.lobby_id;
  report.reason = accusation.reason;
  report.note = accusation.note;
  report.replay_tick = accusation.tick;
  report.created_at = options_.now();
  std::optional<Banned> banned;
  auto receipt = [&]() -> base::Result<Receipt> {
    if (!is_reason(report.reason)) return base::Error{"invalid", "no such reason"};
    if (report.reporter.key == report.target.key)
      return base::Error{"invalid", "you cannot report yourself"};
    return store_.transact([&](Connection& db) -> base::Result<Receipt> {
      banned.reset();
      if (auto alone = one_at_a_time(db, report.target); !alone.ok()) return alone.error();
      auto credible = is_credible(db, accusation);
      if (!credible.ok()) return credible.error();
      report.credible = *credible;
      auto number = store::insert_report(db, report);
      if (!number.ok()) return number.error();
      auto enough = is_enough(db, report);
      if (!enough.ok()) return enough.error();
      if (!*enough) return Receipt{*number, false};
      auto ban =
          write_ban(db, Actor{},
                    Target{report.target.player_id.value_or(""),
                           report.target.player_id ? "" : report.target.address.value_or("")},
                    kAutoBanReason, options_.auto_ban);
      if (!ban.ok()) return ban.error();
      banned = std::move(*ban);
      return Receipt{*number, true};
    });
  }();
  if (!receipt.ok()) return receipt;
  tally::count(tally::Event::report);
  if (banned) {
    tally::count(tally::Event::ban);
    tally::count(tally::Event::report_ban);
    log::info("admin_action", {{"action", "ban"},
                               {"actor", "system"},
                               {"target", name_of(banned->ban.player_id, banned->ban.address)}});
    tell(*banned);
  }
  return receipt;
}

base::Result<store::Report> Moderation::close_report(const Actor& actor, std::int64_t number,
                                                     Verdict verdict, const std::string& reason) {
  const Time now = options_.now();
  auto judged = store_.transact([&](Connection& db) -> base::Result<store::Report> {
    auto found = store::find_report(db, number);
    if (!found.ok()) return found.error();
    if (!*found) return base::Error{"not_found", "there is no such report"};
    store::Report report = std::move(**found);
    const std::string before = json_of(report);
    report.verdict = word_of(verdict);
    report.closed_by = actor.player_id.value_or("system");
    report.closed_at = now;
    auto closed = store::close_report(db, number, report.verdict, report.closed_by, now);
    if (!closed.ok()) return closed.error();
    if (!*closed) return base::Error{"conflict", "closed already"};
    auto noted = write_down(
        db, actor,
        {"close_report", "report " + std::to_string(number), reason, before, json_of(report)}, now);
    if (!noted.ok()) return noted.error();
    return report;
  });
  if (judged.ok()) announce(actor, "close_report", "report " + std::to_string(number));
  return judged;
}

}  // namespace moderation
