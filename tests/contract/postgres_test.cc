// What only a database on the other end of a wire can do to us (D1, D4).

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <set>
#include <thread>

#include "contract/backends.h"
#include "contract/postgres_server.h"
#include "contract/samples.h"
#include "store/database_recorder.h"
#include "store/migrate.h"

namespace contract {
namespace {

using namespace std::chrono_literals;
using store::Connection;
using store::Rows;
using testing::HasSubstr;

class Postgres : public testing::Test {
 protected:
  std::unique_ptr<store::Store> open(std::size_t pool,
                                     std::chrono::milliseconds statement_timeout = 5000ms) {
    store::Options options;
    options.url = url_;
    options.pool = pool;
    options.statement_timeout = statement_timeout;
    return open_store(options, true);
  }

  static base::Result<Rows> query(store::Store& store, const std::string& sql) {
    return store.transact([&](Connection& db) { return db.query(sql); });
  }

  PostgresServer& server_ = PostgresServer::instance();
  std::string url_ = server_.create_database();
};

TEST_F(Postgres, D1_NoMoreConnectionsThanThePoolAllows) {
  auto store = open(3);
  std::vector<std::thread> users;
  std::atomic<int> failures = 0;
  for (int i = 0; i < 12; ++i) {
    users.emplace_back([&] {
      if (!query(*store, "select pg_sleep(0.02)").ok()) ++failures;
    });
  }
  for (auto& user : users) user.join();
  EXPECT_EQ(failures, 0);
  const auto sessions =
      ask(*store, "select count(*) from pg_stat_activity where datname = current_database()");
  EXPECT_LE(sessions[0][0].integer(), 3);
}

TEST_F(Postgres, D1_WhoFindsNoFreeConnectionIsToldSo) {
  store::Options options;
  options.url = url_;
  options.pool = 1;
  options.borrow_timeout = 20ms;
  auto store = open_store(options, true);
  auto outcome = store->transact([&](Connection&) -> base::Result<void> {
    auto inner = query(*store, "select 1");
    if (inner.ok()) return base::Error{"internal", "two connections out of a pool of one"};
    return inner.error();
  });
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, "unavailable");
  EXPECT_THAT(outcome.error().message, HasSubstr("no free database connection"));
}

TEST_F(Postgres, D4_SessionsThatDiedWhileIdleAreReplacedUnseen) {
  auto store = open(1);
  const auto before = ask(*store, "select pg_backend_pid()")[0][0].integer();
  auto other = open(1);
  ask(*other, "select pg_terminate_backend($1::int)", {before});
  const auto after = ask(*store, "select pg_backend_pid()")[0][0].integer();
  EXPECT_NE(after, before);
  EXPECT_TRUE(store->stats().reachable);
}

TEST_F(Postgres, D1_AStatementThatTakesTooLongIsEndedByTheServer) {
  auto store = open(1, 100ms);
  auto slow = query(*store, "select pg_sleep(30)");
  ASSERT_FALSE(slow.ok());
  EXPECT_EQ(slow.error().code, "unavailable");
  EXPECT_THAT(slow.error().message, HasSubstr("57014"));
  EXPECT_TRUE(query(*store, "select 1").ok()) << "the connection lives on";
}

TEST_F(Postgres, D1_AServerThatHangsIsGivenUp) {
  auto store = open(1, 100ms);
  const auto session = static_cast<pid_t>(ask(*store, "select pg_backend_pid()")[0][0].integer());
  ASSERT_EQ(::kill(session, SIGSTOP), 0);
  auto hung = query(*store, "select 1");
  ::kill(session, SIGCONT);
  EXPECT_TRUE(hung.ok()) << "the work was repeated on a fresh connection: " << hung.error().message;
  EXPECT_NE(ask(*store, "select pg_backend_pid()")[0][0].integer(), session);
}

TEST_F(Postgres, D4_OfTwoTransactionsInADeadlockBothAreDone) {
  auto store = open(2);
  const std::string ids[] = {add_player(*store, "ada"), add_player(*store, "bob")};
  std::latch both_hold_one(2);
  std::atomic<int> done = 0;
  const auto touch_both = [&](int first) {
    bool again = false;
    auto outcome = store->transact([&](Connection& db) -> base::Result<Rows> {
      auto one = db.query("update players set wins = wins + 1 where player_id = $1", {ids[first]});
      if (!one.ok()) return one;
      if (!again) both_hold_one.arrive_and_wait();
      again = true;
      return db.query("update players set wins = wins + 1 where player_id = $1", {ids[1 - first]});
    });
    if (outcome.ok()) ++done;
  };
  std::thread other([&] { touch_both(1); });
  touch_both(0);
  other.join();
  EXPECT_EQ(done, 2);
  EXPECT_EQ(ask(*store, "select sum(wins) from players")[0][0].integer(), 4);
}

TEST_F(Postgres, NobodyThereIsAnErrorOfUseNotOfStart) {
  store::Options options;
  options.url = "postgresql://trespasser@127.0.0.1:1/none";  // port 1: nothing listens there
  auto store = store::Store::open(options);
  ASSERT_TRUE(store.ok());
  auto outcome = query(**store, "select 1");
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, "unavailable");
  EXPECT_FALSE((*store)->stats().reachable);
}

TEST_F(Postgres, NulInATextIsRefused) {
  auto store = open(1);
  auto outcome = store->transact(
      [](Connection& db) { return db.query("select $1::text", {std::string("a\0b", 3)}); });
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, "invalid");
}

// 200 matches end while the server is killed and restarted again and again.
TEST_F(Postgres, D4_KilledUnderLoadResultsArriveExactlyOnce) {
  TempFolder folder;
  auto store = open(4);
  const auto red = add_player(*store, "red");
  const auto blue = add_player(*store, "blue");
  store::RecorderOptions options;
  options.outbox.path = folder.path("outbox.db");
  options.outbox.first_pause = 2ms;
  options.outbox.longest_pause = 20ms;
  auto recorder = store::DatabaseRecorder::open(options, *store);
  ASSERT_TRUE(recorder.ok()) << recorder.error().message;

  std::set<std::string> ended;
  std::atomic<int> durable = 0;
  for (int match = 0; match < 200; ++match) {
    auto result = sample_match(red, blue);
    ended.insert(result.match_id);
    (*recorder)->match_finished(std::move(result), [&](bool ok) { durable += ok ? 1 : 0; });
    if (match % 50 == 25) {
      while ((*recorder)->stats().results.delivered == 0) std::this_thread::sleep_for(1ms);
      server_.kill_now();
    }
    if (match % 50 == 40) server_.start();
    std::this_thread::sleep_for(500us);
  }
  while ((*recorder)->stats().results.waiting > 0) std::this_thread::sleep_for(2ms);
  EXPECT_EQ(durable, 200) << "the outbox does not need the database";

  std::set<std::string> stored;
  for (const auto& row : ask(*store, "select match_id from match_results"))
    stored.insert(row[0].text());
  EXPECT_EQ(stored, ended);
  const auto totals = ask(
      *store, "select total_kills, total_matches, wins from players where player_id = $1", {red});
  EXPECT_EQ(totals[0][0].integer(), 1000);
  EXPECT_EQ(totals[0][1].integer(), 200);
  EXPECT_EQ(totals[0][2].integer(), 200);
  EXPECT_TRUE(store->stats().reachable);
}

}  // namespace
}  // namespace contract
