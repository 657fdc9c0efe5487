// S4 on each database: what detectors find is one row a player, match and kind.

#include "store/suspicions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accounts/players.h"
#include "api/admin_people.h"
#include "base/random.h"
#include "contract/backends.h"
#include "contract/samples.h"
#include "store/lobby_notes.h"

namespace contract {
namespace {

using namespace std::chrono_literals;
using store::Connection;
using store::Suspicion;

class SuspicionContract : public testing::TestWithParam<Backend> {
 protected:
  Suspicion suspicion(const std::string& account, const std::string& kind = "aim_snap") {
    Suspicion made;
    if (!account.empty()) made.player_id = account;
    made.subject = account.empty() ? "seat of a guest" : account;
    made.name = "Zoë";
    made.address = "192.0.2.7";
    made.match_id = match_;
    made.lobby_id = "lobby";
    made.kind = kind;
    made.score = 2.0;
    made.evidence = R"({"snaps":14})";
    made.replay_tick = 900;
    made.happened_at = at(0);
    return made;
  }
  void write(const Suspicion& one) {
    const auto written =
        store_->transact([&](Connection& db) { return store::write_note(db, one); });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  std::vector<api::SuspiciousEvent> of(const std::string& account) {
    return store_->transact([&](Connection& db) { return api::suspicious_of(db, account, 0, 50); })
        .value();
  }

  std::unique_ptr<Database> database_ = GetParam().create();
  std::unique_ptr<store::Store> store_ = open_store(*database_);
  const std::string match_ = base::uuid_v4();
};

INSTANTIATE_TEST_SUITE_P(Databases, SuspicionContract, testing::ValuesIn(all_backends()),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_P(SuspicionContract, S4_OneRowAPlayerMatchAndKindIsBroughtUpToDate) {
  const std::string ada = add_player(*store_, "ada");
  Suspicion one = suspicion(ada);
  write(one);
  one.found = 4;
  one.score = 6.0;
  one.replay_tick = 1800;
  write(one);
  write(suspicion(ada));  // an older state, late
  write(suspicion(ada, "aim_precision"));
  const auto rows = of(ada);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].kind, "aim_precision");
  EXPECT_EQ(rows[1].kind, "aim_snap");
  EXPECT_EQ(rows[1].found, 4);
  EXPECT_EQ(rows[1].score, 6.0);
  EXPECT_EQ(rows[1].replay_tick, 1800);
  EXPECT_EQ(rows[1].match_id, match_);
  EXPECT_EQ(rows[1].evidence, R"({"snaps":14})");
}

TEST_P(SuspicionContract, S4_AGuestIsKnownByNameSeatAndNetwork) {
  write(suspicion(""));
  const auto rows = ask(*store_, "select player_id, subject, name, address from suspicious_events");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_TRUE(rows[0][0].is_null());
  EXPECT_EQ(rows[0][1].text(), "seat of a guest");
  EXPECT_EQ(rows[0][2].text(), "Zoë");
  EXPECT_EQ(rows[0][3].text(), "192.0.2.7");
}

TEST_P(SuspicionContract, S4_PeopleAndGuestsAreListedTheNewestFirst) {
  const std::string ada = add_player(*store_, "ada");
  write(suspicion(ada));
  write(suspicion(""));
  const auto list = [&](std::int64_t before, std::size_t limit) {
    return store_->transact([&](Connection& db) { return api::all_suspicious(db, before, limit); })
        .value();
  };
  const auto rows = list(0, 50);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].player_id, std::nullopt);
  EXPECT_EQ(rows[0].name, "Zoë");
  EXPECT_EQ(rows[1].player_id, ada);
  ASSERT_EQ(list(0, 1).size(), 1u);
  EXPECT_EQ(list(0, 1)[0].number, rows[0].number);
  ASSERT_EQ(list(rows[0].number, 50).size(), 1u);
  EXPECT_EQ(list(rows[0].number, 50)[0].number, rows[1].number);
}

TEST_P(SuspicionContract, S4_AnAccountsAddressIsNotKept) {
  const std::string ada = add_player(*store_, "ada");
  write(suspicion(ada));
  EXPECT_TRUE(ask(*store_, "select address from suspicious_events")[0][0].is_null());
}

TEST_P(SuspicionContract, S4_AnAccountThatIsGoneLeavesARowOfNobody) {
  write(suspicion(base::uuid_v4()));
  EXPECT_TRUE(ask(*store_, "select player_id from suspicious_events")[0][0].is_null());
}

TEST_P(SuspicionContract, S4_TheErasedAreForgotten) {
  const std::string ada = add_player(*store_, "ada");
  write(suspicion(ada));
  ASSERT_TRUE(
      store_->transact([&](Connection& db) { return accounts::erase_player(db, ada); }).ok());
  EXPECT_TRUE(ask(*store_, "select 1 from suspicious_events").empty());
}

TEST_P(SuspicionContract, S4_TheScoreOfAnAccountHalvesEachWeek) {
  const std::string ada = add_player(*store_, "ada");
  write(suspicion(ada));
  write(suspicion(ada, "aim_precision"));
  const auto score = [&](store::Time now) {
    return store_->transact([&](Connection& db) { return api::find_person(db, ada, now); })
        .value()
        ->suspicion;
  };
  EXPECT_EQ(score(at(0)), 4.0);
  EXPECT_EQ(score(at(0) + 7 * 24h), 2.0);
  EXPECT_EQ(score(at(0) + 14 * 24h), 1.0);
  EXPECT_EQ(score(at(0) + 31 * 24h), 0.0);
  const auto listed = store_->transact(
      [&](Connection& db) { return api::find_people(db, {.text = "ada"}, at(0)); });
  ASSERT_EQ(listed.value().size(), 1u);
  EXPECT_EQ(listed.value()[0].suspicion, 4.0);
}

}  // namespace
}  // namespace contract
