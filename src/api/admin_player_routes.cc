// Players: finding them, what is known of them, what is done about them.

#include <boost/json.hpp>

#include "accounts/statistics.h"
#include "api/admin_call.h"
#include "api/admin_json.h"
#include "api/admin_people.h"
#include "api/admin_targets.h"
#include "api/request_parts.h"

namespace api {
namespace json = boost::json;
namespace {

using Call = AdminApi::Call;
using Core = AdminApi::Core;
using store::Connection;

constexpr std::size_t kLongestSearch = 64;  // bytes

base::Error nobody() { return {"not_found", "There is no such player."}; }

json::object person_json(const Person& person) {
  return {{"id", person.id},
          {"name", person.name},
          {"region", person.region},
          {"role", role_name(person.role)},
          {"createdAt", store::to_text(person.created_at)},
          {"lastLogin", time_json(person.last_login)},
          {"kills", person.kills},
          {"deaths", person.deaths},
          {"matches", person.matches},
          {"wins", person.wins},
          {"openReports", person.open_reports},
          {"suspicion", person.suspicion},
          {"banned", person.banned},
          {"muted", person.muted}};
}

Answer search(Core& core, Call& call) {
  PeopleFilter filter;
  filter.text = query_text(call.query, "search");
  if (filter.text.size() > kLongestSearch)
    return base::Error{"invalid", "search is longer than 64 bytes."};
  const std::string only = query_text(call.query, "only");
  if (!only.empty() && only != "reported" && only != "banned")
    return base::Error{"invalid", "only must be reported or banned."};
  filter.reported = only == "reported";
  filter.banned = only == "banned";
  const auto paging = paging_in(call);
  if (!paging) return paging.error();
  filter.limit = paging->size;
  const auto people = core.sources.store->transact(
      [&](Connection& db) { return find_people(db, filter, store::now()); });
  if (!people) return people.error();
  json::array rows;
  for (const Person& person : *people) rows.push_back(person_json(person));
  return ok_json(json::object{{"players", std::move(rows)}});
}

struct File {
  Person person;
  std::vector<store::Ban> bans;
  std::vector<store::Mute> mutes;
  std::map<std::string, std::string> names;  // of who banned and muted
};

base::Result<std::optional<File>> file_of(Connection& db, const std::string& id) {
  auto person = find_person(db, id, store::now());
  if (!person) return person.error();
  if (!*person) return std::optional<File>();
  auto bans = store::bans_of(db, id, kMaxAdminPage);
  if (!bans) return bans.error();
  auto mutes = store::mutes_of(db, id, kMaxAdminPage);
  if (!mutes) return mutes.error();
  std::set<std::string> authors;
  for (const store::Ban& ban : *bans) authors.insert(ban.banned_by);
  for (const store::Mute& mute : *mutes) authors.insert(mute.muted_by);
  auto names = names_of(db, authors);
  if (!names) return names.error();
  return std::optional(
      File{std::move(**person), std::move(*bans), std::move(*mutes), std::move(*names)});
}

Answer profile(Core& core, Call& call) {
  const auto file =
      core.sources.store->transact([&](Connection& db) { return file_of(db, call.parameter); });
  if (!file) return file.error();
  if (!*file) return nobody();
  const auto with_author = [&](json::object sanction, const std::string& by) {
    const auto name = (*file)->names.find(by);
    sanction["byName"] = name == (*file)->names.end() ? json::value() : json::value(name->second);
    return sanction;
  };
  json::array bans;
  for (const store::Ban& ban : (*file)->bans)
    bans.push_back(with_author(ban_json(ban), ban.banned_by));
  json::array mutes;
  for (const store::Mute& mute : (*file)->mutes)
    mutes.push_back(with_author(mute_json(mute), mute.muted_by));
  return ok_json(json::object{{"player", person_json((*file)->person)},
                              {"bans", std::move(bans)},
                              {"mutes", std::move(mutes)}});
}

// Of another node's matches only that node knows, which is not asked for each of a list.
bool may_have_replay(const Core& core, const accounts::PlayedMatch& match) {
  std::error_code error;
  if (core.sources.replay_of &&
      std::filesystem::exists(core.sources.replay_of(match.match_id), error))
    return true;
  return core.link && match.node_id != core.sources.node_id;
}

Answer matches(Core& core, Call& call) {
  const auto paging = paging_in(call);
  if (!paging) return paging.error();
  const auto page = core.sources.store->transact([&](Connection& db) {
    return accounts::history(db, call.parameter, query_text(call.query, "cursor"), paging->size);
  });
  if (!page) return page.error();
  json::array rows;
  for (const accounts::PlayedMatch& match : page->matches) {
    rows.push_back(json::object{{"matchId", match.match_id},
                                {"mode", match.mode},
                                {"map", match.map},
                                {"team", match.team},
                                {"kills", match.kills},
                                {"deaths", match.deaths},
                                {"won", match.won},
                                {"redScore", match.red_score},
                                {"blueScore", match.blue_score},
                                {"durationSeconds", match.duration_seconds},
                                {"completedAt", store::to_text(match.completed_at)},
                                {"replay", may_have_replay(core, match)}});
  }
  return ok_json(json::object{{"matches", std::move(rows)}, {"next", page->next}});
}

json::object event_json(const SuspiciousEvent& event) {
  json::error_code error;
  json::value evidence = json::parse(event.evidence, error);
  return {{"number", event.number},
          {"matchId", text_json(event.match_id)},
          {"kind", event.kind},
          {"score", event.score},
          {"found", event.found},
          {"evidence", error ? json::value(event.evidence) : std::move(evidence)},
          {"replayTick", event.replay_tick ? json::value(*event.replay_tick) : json::value()},
          {"happenedAt", store::to_text(event.happened_at)}};
}

Answer suspicious(Core& core, Call& call) {
  const auto paging = paging_in(call);
  if (!paging) return paging.error();
  const auto events = core.sources.store->transact([&](Connection& db) {
    return suspicious_of(db, call.parameter, paging->before, paging->size);
  });
  if (!events) return events.error();
  json::array rows;
  for (const SuspiciousEvent& event : *events) rows.push_back(event_json(event));
  return ok_json(json::object{{"events", std::move(rows)}});
}

// Of guests, too, who have no file of their own.
Answer all_suspicions(Core& core, Call& call) {
  const auto paging = paging_in(call);
  if (!paging) return paging.error();
  const auto events = core.sources.store->transact(
      [&](Connection& db) { return all_suspicious(db, paging->before, paging->size); });
  if (!events) return events.error();
  json::array rows;
  for (const SuspiciousEvent& event : *events) {
    json::object row = event_json(event);
    row["playerId"] = text_json(event.player_id);
    row["name"] = event.name;
    rows.push_back(std::move(row));
  }
  return ok_json(json::object{{"events", std::move(rows)}});
}

template <Answer (*act)(Core&, const Call&, const Offender&)>
Answer to_player(Core& core, Call& call) {
  return act(core, call, {call.parameter, "", "", ""});
}

// Where the player is now, to be looked into.
Answer whereabouts_of(Core& core, Call& call) {
  const auto person = core.sources.store->transact(
      [&](Connection& db) { return find_person(db, call.parameter, store::now()); });
  if (!person) return person.error();
  if (!*person) return nobody();
  const Whereabouts there = whereabouts(core, (*person)->id);
  return ok_json(
      json::object{{"lobby", there.lobby ? json::value(lobby_json(*there.lobby)) : json::value()},
                   {"silent", json::array(there.silent.begin(), there.silent.end())}});
}

// Lifts all that is in force against a player, each with its own row in the audit log.
template <class List, class Lift>
Answer lift_all(Core& core, Call& call, const char* nothing, List list, Lift lift) {
  const auto reason = reason_in(call);
  if (!reason) return reason.error();
  const auto person = player_target(core, call, call.parameter);
  if (!person) return person.error();
  const auto found = core.sources.store->transact(
      [&](Connection& db) { return list(db, person->id, kMaxAdminPage); });
  if (!found) return found.error();
  const store::Time now = store::now();
  bool lifted = false;
  for (const auto& each : *found) {
    if (each.lifted_at || (each.ends_at && *each.ends_at <= now)) continue;
    const auto done = lift(each.number, *reason);
    if (!done && done.error().code != "conflict") return done.error();
    lifted = true;
  }
  if (!lifted) return base::Error{"conflict", nothing};
  return no_content();
}

Answer unban(Core& core, Call& call) {
  return lift_all(core, call, "This player is not banned.", store::bans_of,
                  [&](std::int64_t number, const std::string& reason) {
                    return core.sources.moderation->unban(call.actor(), number, reason);
                  });
}

Answer unmute(Core& core, Call& call) {
  return lift_all(core, call, "This player is not muted.", store::mutes_of,
                  [&](std::int64_t number, const std::string& reason) {
                    return core.sources.moderation->unmute(call.actor(), number, reason);
                  });
}

constexpr Proof kFactor = Proof::second_factor;
constexpr AdminApi::Route kRoutes[] = {
    {"GET", "/api/admin/players", false, Role::viewer, kFactor, search},
    {"GET", "/api/admin/players/{id}", false, Role::viewer, kFactor, profile},
    {"GET", "/api/admin/players/{id}/lobby", false, Role::viewer, kFactor, whereabouts_of},
    {"GET", "/api/admin/players/{id}/matches", false, Role::viewer, kFactor, matches},
    {"GET", "/api/admin/players/{id}/suspicious", false, Role::viewer, kFactor, suspicious},
    {"GET", "/api/admin/suspicious", false, Role::viewer, kFactor, all_suspicions},
    {"POST", "/api/admin/players/{id}/ban", true, Role::moderator, kFactor, to_player<ban>},
    {"POST", "/api/admin/players/{id}/unban", true, Role::moderator, kFactor, unban},
    {"POST", "/api/admin/players/{id}/mute", true, Role::moderator, kFactor, to_player<mute>},
    {"POST", "/api/admin/players/{id}/unmute", true, Role::moderator, kFactor, unmute},
    {"POST", "/api/admin/players/{id}/kick", true, Role::moderator, kFactor, to_player<kick>},
};

}  // namespace

std::span<const AdminApi::Route> admin_player_routes() { return kRoutes; }

}  // namespace api
