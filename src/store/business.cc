#include "store/business.h"

#include <algorithm>
#include <map>

namespace store {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::hours kDay{24};
constexpr std::chrono::hours kSamplesKept{35 * 24};
constexpr std::chrono::hours kDaysKept{40 * 24};
// Results that waited in an outbox may come so much later.
constexpr std::chrono::hours kLate{2 * 24};

Time begin_of(Time time) {
  return Time(std::chrono::floor<std::chrono::days>(time).time_since_epoch());
}

std::int64_t signed_of(std::uint64_t count) { return static_cast<std::int64_t>(count); }

base::Result<void> run(Connection& db, std::string_view sql, std::initializer_list<Value> values) {
  const auto rows = db.query(sql, values);
  return rows ? base::Result<void>() : base::Result<void>(rows.error());
}

// One statement a figure, each with an index for its range: the cost is a day's rows.
constexpr std::string_view kWorkOut =
    "insert into business_days (day, computed_at, peak_players, accounts, matches, registered,"
    " returned_1, returned_7) values ($1, $2,"
    " (select coalesce(max(players), 0) from player_samples where sampled_at >= $3"
    "  and sampled_at < $4),"
    " (select count(*) from player_days where day = $1),"
    " (select count(*) from match_results where completed_at >= $3 and completed_at < $4"
    "  and reason <> 'aborted'),"
    " (select count(*) from players where created_at >= $3 and created_at < $4),"
    " (select count(*) from players p join player_days d on d.player_id = p.player_id"
    "  and d.day = $5 where p.created_at >= $3 and p.created_at < $4),"
    " (select count(*) from players p join player_days d on d.player_id = p.player_id"
    "  and d.day = $6 where p.created_at >= $3 and p.created_at < $4))"
    " on conflict (day) do update set computed_at = excluded.computed_at,"
    " peak_players = excluded.peak_players, accounts = excluded.accounts,"
    " matches = excluded.matches, registered = excluded.registered,"
    " returned_1 = excluded.returned_1, returned_7 = excluded.returned_7";

base::Result<void> work_out(Connection& db, Time day, Time now) {
  return run(db, kWorkOut,
             {day_of(day), now, day, day + kDay, day_of(day + kDay), day_of(day + 7 * kDay)});
}

// Was it worked out when nothing of it could change any more, or not before the cohort's seventh
// day?
bool is_settled(Time day, Time computed_at, Time now) {
  const Time end = day + kDay;
  const bool week_over = computed_at >= end + 7 * kDay + kLate;
  const bool between = computed_at >= end + kDay + kLate && now < end + 6 * kDay;
  return week_over || between;
}

base::Result<std::map<std::string, Time>> known_days(Connection& db, Time since) {
  const auto rows =
      db.query("select day, computed_at from business_days where day >= $1", {day_of(since)});
  if (!rows) return rows.error();
  std::map<std::string, Time> known;
  for (const Row& row : *rows) known[row[0].text()] = row[1].time();
  return known;
}

base::Result<void> forget_old(Connection& db, Time now) {
  auto done = run(db, "delete from player_samples where sampled_at < $1", {now - kSamplesKept});
  if (!done) return done;
  return run(db, "delete from player_days where day < $1", {day_of(now - kDaysKept)});
}

DayTally tally_from(const Row& row, std::size_t at) {
  const auto count = [&](std::size_t i) {
    return static_cast<std::uint64_t>(row[at + i].integer());
  };
  return {count(0), count(1), count(2), count(3), count(4)};
}

}  // namespace

std::string day_of(Time time) { return to_text(time).substr(0, 10); }

base::Result<void> add_sample(Connection& db, Time at, std::uint32_t players,
                              std::uint32_t lobbies) {
  const Time minute(std::chrono::floor<std::chrono::minutes>(at).time_since_epoch());
  return run(db,
             "insert into player_samples (sampled_at, players, lobbies) values ($1, $2, $3)"
             " on conflict (sampled_at) do nothing",
             {minute, players, lobbies});
}

base::Result<void> add_to_day(Connection& db, Time at, const DayTally& more) {
  if (more == DayTally{}) return {};
  return run(
      db,
      "insert into day_tallies (day, guests, matches_aborted, queue_matched, queue_left,"
      " queue_wait_ms) values ($1, $2, $3, $4, $5, $6) on conflict (day) do update set"
      " guests = day_tallies.guests + excluded.guests,"
      " matches_aborted = day_tallies.matches_aborted + excluded.matches_aborted,"
      " queue_matched = day_tallies.queue_matched + excluded.queue_matched,"
      " queue_left = day_tallies.queue_left + excluded.queue_left,"
      " queue_wait_ms = day_tallies.queue_wait_ms + excluded.queue_wait_ms",
      {day_of(at), signed_of(more.guests), signed_of(more.matches_aborted),
       signed_of(more.queue_matched), signed_of(more.queue_left), signed_of(more.queue_wait_ms)});
}

base::Result<bool> refresh_business(Connection& db, Time now, Time fresh) {
  const Time today = begin_of(now);
  const Time first = today - (kBusinessDays - 1) * kDay;
  const auto known = known_days(db, first);
  if (!known) return known.error();
  const auto last = known->find(day_of(today));
  if (last != known->end() && last->second >= fresh) return false;
  for (Time day = first; day <= today; day += kDay) {
    const auto before = known->find(day_of(day));
    if (before != known->end() && is_settled(day, before->second, now)) continue;
    if (const auto done = work_out(db, day, now); !done) return done.error();
  }
  if (const auto done = forget_old(db, now); !done) return done.error();
  return true;
}

base::Result<BusinessReport> read_business(Connection& db, Time now) {
  const Time today = begin_of(now);
  const Time first = today - (kBusinessDays - 1) * kDay;
  const auto rows = db.query(
      "select b.day, b.computed_at, b.peak_players, b.accounts, b.matches, b.registered,"
      " b.returned_1, b.returned_7, t.guests, t.matches_aborted, t.queue_matched, t.queue_left,"
      " t.queue_wait_ms from business_days b left join day_tallies t on t.day = b.day"
      " where b.day >= $1 order by b.day",
      {day_of(first)});
  if (!rows) return rows.error();
  std::map<std::string, const Row*> by_day;
  BusinessReport report;
  for (const Row& row : *rows) {
    by_day[row[0].text()] = &row;
    report.computed_at = std::max(report.computed_at, row[1].time());
  }
  for (Time day = first; day <= today; day += kDay) {
    BusinessDay made;
    made.day = day_of(day);
    if (const auto found = by_day.find(made.day); found != by_day.end()) {
      const Row& row = *found->second;
      made.peak_players = row[2].integer();
      made.accounts = row[3].integer();
      made.matches = row[4].integer();
      made.registered = row[5].integer();
      if (day + 2 * kDay <= now) made.returned_1 = row[6].integer();
      if (day + 8 * kDay <= now) made.returned_7 = row[7].integer();
      made.tally = tally_from(row, 8);
    }
    report.days.push_back(std::move(made));
  }
  const auto hour = db.query(
      "select count(*) from match_results where completed_at >= $1"
      " and reason <> 'aborted'",
      {now - 1h});
  if (!hour) return hour.error();
  report.matches_last_hour = hour->at(0).at(0).integer();
  return report;
}

}  // namespace store
