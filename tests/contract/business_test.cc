// O6 on each database: the figures of three weeks, worked out by hand.

#include "store/business.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "contract/backends.h"
#include "contract/samples.h"
#include "store/migrate.h"
#include "store/write_match.h"

namespace contract {
namespace {

using namespace std::chrono_literals;
using store::BusinessDay;
using store::Connection;
using store::Time;

// A moment of November 2026, UTC.
Time november(int day, std::chrono::milliseconds after_midnight = 0ms) {
  return at(0) - 12h + (day - 22) * 24h + after_midnight;
}

class BusinessContract : public testing::TestWithParam<Backend> {
 protected:
  template <class Work>
  auto in_db(Work work) {
    auto answer = store_->transact(work);
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    return std::move(answer).value();
  }
  void put(const std::function<base::Result<void>(Connection&)>& work) {
    const auto done = store_->transact(work);
    EXPECT_TRUE(done.ok()) << done.error().message;
  }

  std::string registered(const std::string& name, Time when) {
    const std::string id = add_player(*store_, name);
    ask(*store_, "update players set created_at = $2 where player_id = $1", {id, when});
    return id;
  }
  void plays(const std::vector<std::string>& accounts, Time ended,
             const std::string& reason = "score_limit") {
    store::MatchResult match = sample_match();
    match.reason = reason;
    match.completed_at = ended;
    match.started_at = ended - 5min;
    match.duration_seconds = 300;
    match.players.clear();
    int seat = 0;
    for (const std::string& account : accounts) {
      match.players.push_back(
          seat_of("s" + std::to_string(++seat), account, store::Side::red, 1, 0, true));
    }
    match.players.push_back(seat_of("guest", std::nullopt, store::Side::blue, 0, 1, false));
    for (store::MatchPlayer& player : match.players) player.joined_at = match.started_at;
    EXPECT_TRUE(in_db([&](Connection& db) { return store::write_match(db, match); }));
  }
  void sample(Time when, std::uint32_t players) {
    put([&](Connection& db) { return store::add_sample(db, when, players, players / 2); });
  }
  bool refresh(Time now, std::chrono::minutes fresh = 0min) {
    return in_db([&](Connection& db) { return store::refresh_business(db, now, now - fresh); });
  }
  store::BusinessReport report(Time now) {
    return in_db([&](Connection& db) { return store::read_business(db, now); });
  }
  static BusinessDay day_in(const store::BusinessReport& report, const std::string& day) {
    for (const BusinessDay& each : report.days) {
      if (each.day == day) return each;
    }
    ADD_FAILURE() << "no " << day;
    return {};
  }

  std::unique_ptr<Database> database_ = GetParam().create();
  std::unique_ptr<store::Store> store_ = open_store(*database_);
};

INSTANTIATE_TEST_SUITE_P(Databases, BusinessContract, testing::ValuesIn(all_backends()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(BusinessContract, O6_ADayBeginsAndEndsAtMidnightUtc) {
  const std::string ann = registered("ann", november(3, 0ms));
  registered("ben", november(3, 24h - 1ms));
  registered("cid", november(4, 0ms));
  plays({ann}, november(3, 0ms));
  plays({ann}, november(3, 24h - 1ms));
  plays({ann}, november(4, 0ms));
  sample(november(2, 24h - 1s), 90);
  sample(november(3, 0ms), 20);
  sample(november(3, 24h - 1s), 30);
  sample(november(4, 0ms), 80);
  refresh(november(22, 10h));
  const auto third = day_in(report(november(22, 10h)), "2026-11-03");
  EXPECT_EQ(third.peak_players, 30);
  EXPECT_EQ(third.matches, 2);
  EXPECT_EQ(third.accounts, 1);
  EXPECT_EQ(third.registered, 2);
}

TEST_P(BusinessContract, O6_RetentionByHand) {
  // Four come on the 10th. On the 11th two of them play (one twice), on the 12th the third, on the
  // 17th one of the two and the fourth; on the 18th all.
  const std::string a = registered("a", november(10, 1h));
  const std::string b = registered("b", november(10, 9h));
  const std::string c = registered("c", november(10, 15h));
  const std::string d = registered("d", november(10, 23h));
  const std::string old = registered("old", november(1, 1h));
  plays({a, b, c, d, old}, november(10, 23h + 30min));
  plays({a, b, old}, november(11, 8h));
  plays({a}, november(11, 9h));
  plays({c}, november(12, 8h));
  plays({b, d, old}, november(17, 8h));
  plays({a, b, c, d}, november(18, 8h));
  const Time now = november(22, 10h);
  refresh(now);
  const auto told = report(now);
  const auto tenth = day_in(told, "2026-11-10");
  EXPECT_EQ(tenth.registered, 4);
  EXPECT_EQ(tenth.returned_1, 2);
  EXPECT_EQ(tenth.returned_7, 2);
  EXPECT_EQ(tenth.accounts, 5);
  EXPECT_EQ(day_in(told, "2026-11-11").accounts, 3);
  EXPECT_EQ(day_in(told, "2026-11-01").returned_1, 0);
  ASSERT_EQ(told.days.size(), static_cast<std::size_t>(store::kBusinessDays));
  EXPECT_EQ(told.days.back().day, "2026-11-22");
  EXPECT_EQ(told.days.front().day, "2026-10-23");
}

TEST_P(BusinessContract, O6_RetentionIsToldWhenItsDayIsOver) {
  const std::string ann = registered("ann", november(10, 1h));
  plays({ann}, november(11, 8h));
  const auto tenth = [&](Time now) {
    refresh(now);
    return day_in(report(now), "2026-11-10");
  };
  EXPECT_EQ(tenth(november(11, 23h)).returned_1, std::nullopt);
  EXPECT_EQ(tenth(november(12, 0ms)).returned_1, 1);
  EXPECT_EQ(tenth(november(17, 23h)).returned_7, std::nullopt);
  plays({ann}, november(17, 23h + 30min));
  EXPECT_EQ(tenth(november(18, 0ms)).returned_7, 1);
}

TEST_P(BusinessContract, O6_WhatComesLateCounts) {
  const std::string ann = registered("ann", november(10, 1h));
  refresh(november(11, 1h));
  plays({ann}, november(10, 8h));  // was in an outbox until now
  refresh(november(12, 1h));
  EXPECT_EQ(day_in(report(november(12, 1h)), "2026-11-10").matches, 1);
  // After a month everything is settled, however late the first look was.
  plays({ann}, november(11, 8h));
  refresh(november(28, 1h));
  const auto tenth = day_in(report(november(28, 1h)), "2026-11-10");
  EXPECT_EQ(tenth.returned_1, 1);
  EXPECT_EQ(tenth.returned_7, 0);
}

TEST_P(BusinessContract, O6_OneNodeWorksThemOutForAll) {
  EXPECT_TRUE(refresh(november(22, 10h), 4min));
  EXPECT_FALSE(refresh(november(22, 10h + 3min), 4min)) << "another node has just done it";
  EXPECT_TRUE(refresh(november(22, 10h + 5min), 4min));
  EXPECT_EQ(report(november(22, 11h)).computed_at, november(22, 10h + 5min));
}

TEST_P(BusinessContract, O6_OneSampleAMinute_OldOnesAreForgotten) {
  sample(november(22, 10h), 5);
  sample(november(22, 10h + 30s), 7);
  sample(november(22, 10h + 60s), 6);
  sample(november(22, 10h) - 34 * 24h, 1);
  sample(november(22, 10h) - 36 * 24h, 1);
  refresh(november(22, 11h));
  EXPECT_EQ(ask(*store_, "select count(*) from player_samples").at(0).at(0).integer(), 3);
  EXPECT_EQ(report(november(22, 11h)).days.back().peak_players, 6);
}

TEST_P(BusinessContract, O6_TalliesOfNodesAddUp) {
  const store::DayTally one{3, 1, 4, 2, 8'000};
  const Time now = november(22, 10h);
  for (const Time when : {now, now + 1h, now - 24h})
    put([&](Connection& db) { return store::add_to_day(db, when, one); });
  put([&](Connection& db) { return store::add_to_day(db, now, {}); });
  refresh(now);
  const auto told = report(now);
  EXPECT_EQ(told.days.back().tally, (store::DayTally{6, 2, 8, 4, 16'000}));
  EXPECT_EQ(day_in(told, "2026-11-21").tally, one);
  EXPECT_EQ(day_in(told, "2026-11-20").tally, store::DayTally{});
}

TEST_P(BusinessContract, O6_MatchesOfTheLastHour) {
  const Time now = november(22, 10h);
  plays({}, now - 61min);
  plays({}, now - 59min);
  plays({}, now);
  EXPECT_EQ(report(now).matches_last_hour, 2);
}

TEST_P(BusinessContract, O6_AnAbortedMatchIsNotAMatchPlayedToItsEnd) {
  const Time now = november(22, 10h);
  const std::string ann = registered("ann", november(10, 1h));
  plays({ann}, now - 2min);
  plays({ann}, now - 1min, "aborted");
  put([&](Connection& db) { return store::add_to_day(db, now, {.matches_aborted = 1}); });
  refresh(now);
  const auto told = report(now);
  EXPECT_EQ(told.days.back().matches, 1);
  EXPECT_EQ(told.days.back().tally.matches_aborted, 1u);
  EXPECT_EQ(told.matches_last_hour, 1);
}

TEST_P(BusinessContract, O6_TheDaysBeforeTheFiguresAreTakenFromTheLastFortyAlone) {
  // A database as it was before there were figures.
  const auto database = GetParam().create();
  const auto store = open_store(*database, false);
  const auto migrate = [&](std::span<const store::Migration> steps) {
    return store->transact([&](Connection& db) { return store::migrate(db, steps); });
  };
  ASSERT_TRUE(migrate(store::migrations().first(7)).ok());
  const std::string ann = add_player(*store, "ann");
  const Time recent = store::now() - 20 * 24h;
  for (const Time ended : {recent, recent - 30 * 24h}) {
    const std::string match = base::uuid_v4();
    ask(*store,
        "insert into match_results values ($1, 'L', 'n1', 'tdm', 'm', 'red', 1, 0, 'score_limit',"
        " $2, $2, 60)",
        {match, ended});
    ask(*store, "insert into match_players values ($1, 's', $2, 'ann', 'red', 1, 0, $3, null, $4)",
        {match, ann, ended, true});
  }
  ASSERT_TRUE(migrate(store::migrations()).ok());
  const auto days = ask(*store, "select day from player_days");
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0][0].text(), store::day_of(recent));
}

TEST_P(BusinessContract, A1_WhoIsErasedHasNoDaysAnyMore) {
  const std::string ann = registered("ann", november(10, 1h));
  plays({ann}, november(11, 8h));
  ask(*store_, "delete from players where player_id = $1", {ann});
  EXPECT_EQ(ask(*store_, "select count(*) from player_days").at(0).at(0).integer(), 0);
}

}  // namespace
}  // namespace contract
