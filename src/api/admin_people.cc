#include "api/admin_people.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace api {
namespace {

using store::Connection;
using store::Time;
using store::Value;

constexpr std::chrono::hours kSuspicionSpan{30 * 24};
constexpr double kSuspicionHalves = 7.0 * 24 * 3600 * 1000;  // ms

// $1 = now.
const std::string kSelect =
    "select p.player_id, p.display_name, p.region, p.permissions, p.created_at, p.last_login,"
    " p.total_kills, p.total_deaths, p.total_matches, p.wins,"
    " (select count(*) from reports r where r.target_id = p.player_id and r.closed_at is null)"
    " as open_reports,"
    " exists (select 1 from bans b where b.player_id = p.player_id and b.lifted_at is null"
    " and (b.ends_at is null or b.ends_at > $1)) as banned,"
    " exists (select 1 from mutes m where m.player_id = p.player_id and m.lifted_at is null"
    " and (m.ends_at is null or m.ends_at > $1)) as muted"
    " from players p where p.is_active";

Person person_from(const store::Row& row) {
  Person person;
  person.id = row[0].text();
  person.name = row[1].text();
  person.region = row[2].text();
  person.role = role_of(row[3].text());
  person.created_at = row[4].time();
  person.last_login = row[5].maybe_time();
  person.kills = row[6].integer();
  person.deaths = row[7].integer();
  person.matches = row[8].integer();
  person.wins = row[9].integer();
  person.open_reports = row[10].integer();
  person.banned = row[11].flag();
  person.muted = row[12].flag();
  return person;
}

// For LIKE: the wildcards of what somebody typed are letters.
std::string contains(const std::string& text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern + '%';
}

// What is left of each score is its half for every week, so that the old fades without ever having
// been judged. To hundredths.
base::Result<void> weigh_suspicions(Connection& db, std::vector<Person>& people, Time now) {
  if (people.empty()) return {};
  std::vector<Value> values{now - kSuspicionSpan};
  std::string places;
  for (const Person& person : people) {
    values.emplace_back(person.id);
    places += (places.empty() ? "$" : ", $") + std::to_string(values.size());
  }
  const auto rows = db.query(
      "select player_id, score, happened_at from suspicious_events where happened_at > $1"
      " and player_id in (" +
          places + ")",
      std::span<const Value>(values));
  if (!rows) return rows.error();
  std::map<std::string, double> sums;
  for (const store::Row& row : *rows) {
    const auto age = std::chrono::duration<double, std::milli>(now - row[2].time()).count();
    sums[row[0].text()] += row[1].real() * std::exp2(-std::max(0.0, age) / kSuspicionHalves);
  }
  for (Person& person : people) person.suspicion = std::round(sums[person.id] * 100.0) / 100.0;
  return {};
}

const std::string kSelectEvents =
    "select event_id, match_id, kind, score, evidence, replay_tick, happened_at, found, player_id,"
    " name from suspicious_events";

base::Result<std::vector<SuspiciousEvent>> events_from(const base::Result<store::Rows>& rows) {
  if (!rows) return rows.error();
  std::vector<SuspiciousEvent> events;
  for (const store::Row& row : *rows) {
    SuspiciousEvent event;
    event.number = row[0].integer();
    event.match_id = row[1].maybe_text();
    event.kind = row[2].text();
    event.score = row[3].real();
    event.evidence = row[4].text();
    if (!row[5].is_null()) event.replay_tick = row[5].integer();
    event.happened_at = row[6].time();
    event.found = row[7].integer();
    event.player_id = row[8].maybe_text();
    event.name = row[9].text();
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace

base::Result<std::vector<Person>> find_people(Connection& db, const PeopleFilter& filter,
                                              Time now) {
  std::vector<Value> values{now};
  std::string sql = kSelect;
  const auto next = [&] { return "$" + std::to_string(values.size()); };
  if (store::is_uuid(filter.text)) {
    values.emplace_back(filter.text);
    sql += " and p.player_id = " + next();
  } else if (!filter.text.empty()) {
    values.emplace_back(contains(filter.text));
    sql += " and lower(p.display_name) like lower(" + next() + ") escape '!'";
  }
  if (filter.reported) {
    sql +=
        " and exists (select 1 from reports r where r.target_id = p.player_id"
        " and r.closed_at is null)";
  }
  if (filter.banned) {
    sql +=
        " and exists (select 1 from bans b where b.player_id = p.player_id"
        " and b.lifted_at is null and (b.ends_at is null or b.ends_at > $1))";
  }
  values.emplace_back(static_cast<std::int64_t>(filter.limit));
  sql += " order by open_reports desc, p.created_at desc, p.player_id limit " + next();
  const auto rows = db.query(sql, std::span<const Value>(values));
  if (!rows) return rows.error();
  std::vector<Person> people;
  for (const store::Row& row : *rows) people.push_back(person_from(row));
  if (const auto weighed = weigh_suspicions(db, people, now); !weighed) return weighed.error();
  return people;
}

base::Result<std::optional<Person>> find_person(Connection& db, const std::string& id, Time now) {
  if (!store::is_uuid(id)) return std::optional<Person>();
  const auto rows = db.query(kSelect + " and p.player_id = $2", {now, id});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<Person>();
  std::vector<Person> one{person_from(rows->front())};
  if (const auto weighed = weigh_suspicions(db, one, now); !weighed) return weighed.error();
  return std::optional(std::move(one.front()));
}

base::Result<std::map<std::string, std::string>> names_of(Connection& db,
                                                          const std::set<std::string>& ids) {
  std::map<std::string, std::string> names;
  std::vector<Value> values;
  std::string places;
  for (const std::string& id : ids) {
    if (!store::is_uuid(id)) continue;
    values.emplace_back(id);
    places += (places.empty() ? "$" : ", $") + std::to_string(values.size());
  }
  if (values.empty()) return names;
  const auto rows =
      db.query("select player_id, display_name from players where player_id in (" + places + ")",
               std::span<const Value>(values));
  if (!rows) return rows.error();
  for (const store::Row& row : *rows) names[row[0].text()] = row[1].text();
  return names;
}

base::Result<std::optional<std::string>> node_of(Connection& db, const std::string& match_id) {
  const auto rows =
      db.query("select server_node_id from match_results where match_id = $1", {match_id});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<std::string>();
  return std::optional(rows->front()[0].text());
}

base::Result<std::vector<SuspiciousEvent>> suspicious_of(Connection& db, const std::string& id,
                                                         std::int64_t before, std::size_t limit) {
  if (!store::is_uuid(id)) return std::vector<SuspiciousEvent>();
  return events_from(db.query(kSelectEvents + " where player_id = $1 and ($2 = 0 or event_id < $2)"
                                              " order by event_id desc limit $3",
                              {id, before, static_cast<std::int64_t>(limit)}));
}

base::Result<std::vector<SuspiciousEvent>> all_suspicious(Connection& db, std::int64_t before,
                                                          std::size_t limit) {
  return events_from(
      db.query(kSelectEvents + " where ($1 = 0 or event_id < $1) order by event_id desc limit $2",
               {before, static_cast<std::int64_t>(limit)}));
}

}  // namespace api
