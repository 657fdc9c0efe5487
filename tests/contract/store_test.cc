// The contract of store::Store (D1, D3), on every database.

#include "store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "contract/backends.h"
#include "contract/samples.h"
#include "store/migrate.h"

namespace contract {
namespace {

using store::Connection;
using store::Rows;
using store::Value;
using testing::HasSubstr;

class StoreContract : public testing::TestWithParam<Backend> {
 protected:
  std::unique_ptr<Database> database_ = GetParam().create();
};

INSTANTIATE_TEST_SUITE_P(Databases, StoreContract, testing::ValuesIn(all_backends()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(StoreContract, D3_MigratesAnEmptyDatabaseOnce) {
  auto store = open_store(*database_, false);
  const auto migrate = [&] {
    return store->transact([](Connection& db) { return store::migrate(db); });
  };
  auto first = migrate();
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_EQ(first->from, 0);
  EXPECT_EQ(first->to, store::migrations().back().version);
  auto second = migrate();
  ASSERT_TRUE(second.ok()) << second.error().message;
  EXPECT_EQ(second->from, second->to);
  auto checked = store->transact([](Connection& db) { return store::check_schema(db); });
  EXPECT_TRUE(checked.ok());
}

TEST_P(StoreContract, D3_TwoMigratorsAtOnceAreSafe) {
  auto one = open_store(*database_, false);
  auto two = open_store(*database_, false);
  const auto migrate = [](store::Store& store) {
    return store.transact([](Connection& db) { return store::migrate(db); });
  };
  auto other = std::async(std::launch::async, [&] { return migrate(*two); });
  auto mine = migrate(*one);
  auto theirs = other.get();
  ASSERT_TRUE(mine.ok()) << mine.error().message;
  ASSERT_TRUE(theirs.ok()) << theirs.error().message;
  EXPECT_EQ(std::min(mine->from, theirs->from), 0);
  EXPECT_EQ(std::max(mine->from, theirs->from), store::migrations().back().version);
}

TEST_P(StoreContract, D3_AnOldProgramRefusesANewerSchema) {
  auto store = open_store(*database_);
  ask(*store,
      "insert into schema_migrations (version, name, applied_at) values (9999, 'from the future', "
      "$1)",
      {at(0)});
  auto migrated = store->transact([](Connection& db) { return store::migrate(db); });
  ASSERT_FALSE(migrated.ok());
  EXPECT_EQ(migrated.error().code, "conflict");
  EXPECT_THAT(migrated.error().message, HasSubstr("schema version 9999"));
  EXPECT_THAT(migrated.error().message, HasSubstr("newer trespasserd"));
  auto checked = store->transact([](Connection& db) { return store::check_schema(db); });
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.error().message, HasSubstr("schema version 9999"));
}

TEST_P(StoreContract, D3_AnUnmigratedDatabaseIsNamed) {
  auto store = open_store(*database_, false);
  auto checked = store->transact([](Connection& db) { return store::check_schema(db); });
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.error().message, HasSubstr("trespasserd migrate"));
}

TEST_P(StoreContract, D2_TablesAndIndexesAreThere) {
  auto store = open_store(*database_);
  for (const char* table : {"players", "lobbies", "lobby_players", "match_results", "match_players",
                            "schema_migrations", "login_sessions", "refresh_tokens",
                            "password_resets", "login_addresses", "player_ratings", "bans", "mutes",
                            "reports", "suspicious_events", "chat_log", "audit_log"}) {
    EXPECT_EQ(ask(*store, std::string("select count(*) from ") + table).size(), 1u) << table;
  }
  const auto sql = store->dialect() == store::Dialect::sqlite
                       ? "select count(*) from sqlite_master where name = $1"
                       : "select count(*) from pg_indexes where indexname = $1";
  for (const char* index :
       {"players_email", "lobbies_state", "lobbies_server_node", "lobby_players_lobby",
        "match_results_completed", "match_players_player", "bans_player", "bans_address",
        "reports_once", "reports_target", "reports_open", "suspicious_events_player",
        "chat_log_said", "audit_log_done"}) {
    EXPECT_EQ(ask(*store, sql, {index})[0][0].integer(), 1) << index;
  }
}

TEST_P(StoreContract, ValuesComeBackAsTheyWent) {
  auto store = open_store(*database_);
  const std::string id = add_player(*store, "Zoë \"'; drop table players; --");
  ask(*store,
      "update players set last_login = $2, is_active = $3, total_kills = $4, region = $5 where "
      "player_id = $1",
      {id, at(0) + std::chrono::milliseconds(7), false, std::int64_t{1} << 40,
       std::optional<std::string>("eu")});
  const auto row = ask(*store,
                       "select display_name, last_login, is_active, total_kills, password_hash, "
                       "player_id, region"
                       " from players where player_id = $1",
                       {id})
                       .at(0);
  EXPECT_EQ(row[0].text(), "Zoë \"'; drop table players; --");
  EXPECT_EQ(row[1].time(), at(0) + std::chrono::milliseconds(7));
  EXPECT_FALSE(row[2].flag());
  EXPECT_EQ(row[3].integer(), std::int64_t{1} << 40);
  EXPECT_TRUE(row[4].is_null());
  EXPECT_EQ(row[4].maybe_text(), std::nullopt);
  EXPECT_EQ(row[5].text(), id);
  EXPECT_EQ(row[6].text(), "eu");
}

TEST_P(StoreContract, D2_EmailIsUniqueWhateverItsCase) {
  auto store = open_store(*database_);
  add_player(*store, "ada");
  auto again = store->transact([](Connection& db) {
    return db.query(
        "insert into players (player_id, email, display_name, created_at) values ($1, $2, $3, $4)",
        {"00000000-0000-4000-8000-000000000001", "ADA@Example.org", "Ada", at(0)});
  });
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, "conflict");
}

TEST_P(StoreContract, AnErrorUndoesTheWholeTransaction) {
  auto store = open_store(*database_);
  const std::string id = add_player(*store, "ada");
  auto failed = store->transact([&](Connection& db) -> base::Result<void> {
    auto updated = db.query("update players set wins = 7 where player_id = $1", {id});
    if (!updated.ok()) return updated.error();
    return base::Error{"invalid", "changed my mind"};
  });
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().message, "changed my mind");
  EXPECT_EQ(ask(*store, "select wins from players")[0][0].integer(), 0);
}

TEST_P(StoreContract, AThrowUndoesTheTransactionAndSparesTheStore) {
  auto store = open_store(*database_);
  auto failed = store->transact(
      [&](Connection&) -> base::Result<void> { throw std::runtime_error("a bug"); });
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, "internal");
  EXPECT_EQ(ask(*store, "select count(*) from players")[0][0].integer(), 0);
}

TEST_P(StoreContract, BadStatementsAndValuesAreRefusedAndTheConnectionLivesOn) {
  auto store = open_store(*database_);
  const auto code_of = [&](std::string sql, std::vector<Value> values) {
    auto rows = store->transact([&](Connection& db) { return db.query(sql, std::span(values)); });
    return rows.ok() ? std::string("ok") : rows.error().code;
  };
  EXPECT_EQ(code_of("select no_such_column from players", {}), "internal");
  EXPECT_EQ(code_of("not sql", {}), "internal");
  EXPECT_EQ(code_of("insert into players (player_id, display_name, created_at) values ($1, $2, $3)",
                    {"00000000-0000-4000-8000-000000000001", Value(), at(0)}),
            "invalid");
  EXPECT_EQ(code_of("insert into match_players (match_id, seat, display_name, team, kills, deaths, "
                    "joined_at, won)"
                    " values ($1, 's', 'n', 'red', 0, 0, $2, true)",
                    {"00000000-0000-4000-8000-000000000001", at(0)}),
            "invalid")
      << "a player of no match";
  EXPECT_EQ(code_of("select count(*) from players", {}), "ok");
}

TEST_P(StoreContract, RunAnswersThroughThePostAndNeverBlocks) {
  auto store = open_store(*database_);
  std::promise<std::pair<std::thread::id, std::int64_t>> answered;
  std::promise<std::function<void()>> posted;
  store->run<Rows>(
      [](Connection& db) { return db.query("select 41 + 1"); },
      [&](std::function<void()> fn) { posted.set_value(std::move(fn)); },
      [&](base::Result<Rows> rows) {
        answered.set_value({std::this_thread::get_id(), rows.ok() ? (*rows)[0][0].integer() : -1});
      });
  posted.get_future().get()();  // the caller's own thread runs what was posted to it
  const auto [thread, value] = answered.get_future().get();
  EXPECT_EQ(thread, std::this_thread::get_id());
  EXPECT_EQ(value, 42);
}

TEST_P(StoreContract, TooManyWaitingAreRefusedAndClosingAnswersTheRest) {
  store::Options options;
  options.url = database_->url();
  options.pool = 1;
  options.queue = 4;
  auto store = open_store(options, true);
  std::promise<void> started;
  std::promise<void> release;
  std::atomic<int> refused = 0;
  std::atomic<int> answered = 0;
  const auto here = [](const std::function<void()>& fn) { fn(); };
  store->run<void>(
      [&](Connection&) -> base::Result<void> {
        started.set_value();
        release.get_future().wait();
        return {};
      },
      here, [&](base::Result<void>) { ++answered; });
  started.get_future().wait();
  for (int i = 0; i < 10; ++i) {
    store->run<void>([](Connection&) -> base::Result<void> { return {}; }, here,
                     [&](base::Result<void> outcome) {
                       ++answered;
                       if (!outcome.ok() && outcome.error().code == "unavailable") ++refused;
                     });
  }
  EXPECT_EQ(refused, 6) << "4 fit into the queue";
  EXPECT_EQ(store->stats().waiting, 4u);
  std::thread closing([&] { store.reset(); });
  release.set_value();
  closing.join();
  EXPECT_EQ(answered, 11) << "everybody got an answer";
}

TEST_P(StoreContract, ManyThreadsCountWithoutLosingOne) {
  auto store = open_store(*database_);
  const std::string id = add_player(*store, "ada");
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        auto added = store->transact([&](Connection& db) {
          return db.query("update players set total_kills = total_kills + 1 where player_id = $1",
                          {id});
        });
        if (!added.ok()) ++failures;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(ask(*store, "select total_kills from players")[0][0].integer(), 200);
}

}  // namespace
}  // namespace contract
