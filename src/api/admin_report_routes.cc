// The queue of reports.

#include <boost/json.hpp>

#include "api/admin_call.h"
#include "api/admin_json.h"
#include "api/admin_reports.h"
#include "api/admin_targets.h"
#include "api/request_parts.h"

namespace api {
namespace json = boost::json;
namespace {

using Call = AdminApi::Call;
using Core = AdminApi::Core;
using store::Connection;

base::Error no_report() { return {"not_found", "There is no such report."}; }

base::Result<json::array> with_claims(Core& core, const std::vector<store::Report>& reports) {
  const auto claims =
      core.sources.store->transact([&](Connection& db) { return claims_of(db, reports); });
  if (!claims) return claims.error();
  json::array rows;
  for (const store::Report& report : reports) {
    const auto claim = claims->find(report.number);
    rows.push_back(report_json(report, claim == claims->end() ? ReportClaim{} : claim->second));
  }
  return rows;
}

Answer one(Core& core, std::int64_t number) {
  const auto found =
      core.sources.store->transact([&](Connection& db) { return store::find_report(db, number); });
  if (!found) return found.error();
  if (!*found) return no_report();
  auto rows = with_claims(core, {**found});
  if (!rows) return rows.error();
  return ok_json(json::object{{"report", rows->front()}});
}

Answer list(Core& core, Call& call) {
  const auto paging = paging_in(call);
  if (!paging) return paging.error();
  const std::string state = query_text(call.query, "state");
  if (!state.empty() && state != "open" && state != "all")
    return base::Error{"invalid", "state must be open or all."};
  store::ReportFilter filter;
  filter.open_only = state != "all";
  filter.player_id = query_text(call.query, "player");
  if (!filter.player_id.empty() && !store::is_uuid(filter.player_id))
    return base::Error{"invalid", "player must be the id of a player."};
  filter.before = paging->before;
  filter.limit = paging->size;
  const auto found = core.sources.moderation->reports(filter);
  if (!found) return found.error();
  auto rows = with_claims(core, *found);
  if (!rows) return rows.error();
  const auto open = core.sources.store->transact(count_open_reports);
  if (!open) return open.error();
  return ok_json(json::object{{"reports", std::move(*rows)}, {"open", *open}});
}

std::string claim_text(const ReportClaim& claim) {
  return json::serialize(
      json::object{{"claimedBy", text_json(claim.player_id)}, {"claimedAt", time_json(claim.at)}});
}

std::string name_of(std::int64_t report) { return "report " + std::to_string(report); }

// Gives the caller the report, and writes that down.
base::Result<void> take(Connection& db, const Call& call, std::int64_t number) {
  const store::Time now = store::now();
  const auto before = claim_of(db, number);
  if (!before) return before.error();
  if (const auto done = claim_report(db, number, call.staff.id, now); !done) return done.error();
  return moderation::write_down(
      db, call.actor(),
      {"claim_report", name_of(number), "", claim_text(*before), claim_text({call.staff.id, now})},
      now);
}

Answer taken(Core& core, const Call& call, std::int64_t number) {
  moderation::announce(call.actor(), "claim_report", name_of(number));
  return one(core, number);
}

Answer next(Core& core, Call& call) {
  using Next = std::optional<std::int64_t>;
  const auto number = core.sources.store->transact([&](Connection& db) -> base::Result<Next> {
    const auto waiting = next_report(db, call.staff.id, store::now());
    if (!waiting || !*waiting) return waiting;
    if (const auto mine = take(db, call, **waiting); !mine) return mine.error();
    return waiting;
  });
  if (!number) return number.error();
  if (!*number) return ok_json(json::object{{"report", nullptr}});
  return taken(core, call, **number);
}

Answer claim(Core& core, Call& call) {
  const auto number = number_in(call);
  if (!number) return no_report();
  const auto claimed =
      core.sources.store->transact([&](Connection& db) { return take(db, call, *number); });
  if (!claimed) return claimed.error();
  return taken(core, call, *number);
}

Answer judge(Core& core, Call& call, moderation::Verdict verdict) {
  const auto number = number_in(call);
  if (!number) return no_report();
  const auto reason = reason_in(call);
  if (!reason) return reason.error();
  const auto mine = core.sources.store->transact([&](Connection& db) -> base::Result<bool> {
    const auto free = check_claim(db, *number, call.staff.id, store::now());
    if (!free) return free.error();
    return true;
  });
  if (!mine) return mine.error();
  const auto closed =
      core.sources.moderation->close_report(call.actor(), *number, verdict, *reason);
  if (!closed) return closed.error();
  return one(core, *number);
}

Answer accept(Core& core, Call& call) { return judge(core, call, moderation::Verdict::accepted); }

Answer reject(Core& core, Call& call) { return judge(core, call, moderation::Verdict::rejected); }

// The reported one, an account or a guest. Judging the report is another matter.
template <Answer (*act)(Core&, const Call&, const Offender&)>
Answer to_reported(Core& core, Call& call) {
  const auto number = number_in(call);
  if (!number) return no_report();
  const auto found =
      core.sources.store->transact([&](Connection& db) { return store::find_report(db, *number); });
  if (!found) return found.error();
  if (!*found) return no_report();
  const store::ReportParty& target = (*found)->target;
  return act(core, call,
             {target.player_id.value_or(""), target.address.value_or(""), target.key, ""});
}

constexpr AdminApi::Route kRoutes[] = {
    {"GET", "/api/admin/reports", false, Role::viewer, Proof::second_factor, list},
    {"POST", "/api/admin/reports/next", false, Role::moderator, Proof::second_factor, next},
    {"POST", "/api/admin/reports/{id}/claim", false, Role::moderator, Proof::second_factor, claim},
    {"POST", "/api/admin/reports/{id}/accept", true, Role::moderator, Proof::second_factor, accept},
    {"POST", "/api/admin/reports/{id}/reject", true, Role::moderator, Proof::second_factor, reject},
    {"POST", "/api/admin/reports/{id}/ban", true, Role::moderator, Proof::second_factor,
     to_reported<ban>},
    {"POST", "/api/admin/reports/{id}/mute", true, Role::moderator, Proof::second_factor,
     to_reported<mute>},
    {"POST", "/api/admin/reports/{id}/kick", true, Role::moderator, Proof::second_factor,
     to_reported<kick>},
};

}  // namespace

std::span<const AdminApi::Route> admin_report_routes() { return kRoutes; }

}  // namespace api
