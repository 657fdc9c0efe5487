#include "app/account_system.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include "accounts/login_sessions.h"
#include "accounts/players.h"
#include "app/periodic.h"
#include "base/random.h"
#include "cluster/memory_attempts.h"
#include "cluster/memory_sessions.h"
#include "store/migrate.h"

namespace app {
namespace {

using namespace std::chrono_literals;

TEST(Periodic, runs_again_and_again_and_not_after_its_end) {
  std::atomic<int> runs{0};
  {
    const Periodic chore(1ms, [&runs] { ++runs; });
    for (int i = 0; i < 5000 && runs < 5; ++i) std::this_thread::sleep_for(1ms);
    EXPECT_GE(runs, 5);
  }
  const int after = runs;
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(runs, after);
}

TEST(Periodic, ends_at_once_when_the_next_time_is_far) {
  std::atomic<int> runs{0};
  const Periodic chore(1h, [&runs] { ++runs; });
  EXPECT_EQ(runs, 0);
}

class AccountSystemTest : public ::testing::Test {
 protected:
  AccountSystemTest() {
    folder = std::filesystem::temp_directory_path() / ("trespasser-accounts-" + base::uuid_v4());
    std::filesystem::create_directories(folder);
    config.data_dir = folder;
    config.bcrypt_cost = 4;
    store::Options options;
    options.url = "sqlite:" + (folder / "trespasser.db").string();
    database = store::Store::open(options).value();
    EXPECT_TRUE(database->transact([](store::Connection& db) { return store::migrate(db); }).ok());
  }
  ~AccountSystemTest() override {
    database.reset();
    std::filesystem::remove_all(folder);
  }

  std::size_t sessions() {
    auto rows = database->transact(
        [](store::Connection& db) { return db.query("select session_id from login_sessions"); });
    return rows.ok() ? rows->size() : 99;
  }

  std::filesystem::path folder;
  base::Config config;
  std::unique_ptr<store::Store> database;
  std::unique_ptr<cluster::Sessions> logins = cluster::make_memory_sessions();
  cluster::MemoryAttempts tries;
};

TEST_F(AccountSystemTest, A4_expired_sessions_are_forgotten_while_the_node_runs) {
  accounts::Account account;
  account.player.id = base::uuid_v4();
  account.player.email = "ada@example.org";
  account.player.display_name = "ada";
  account.player.created_at = store::now();
  const auto kept = database->transact([&](store::Connection& db) {
    auto inserted = accounts::insert_player(db, account);
    EXPECT_TRUE(inserted.ok());
    const auto old =
        accounts::insert_session(db, account.player.id, store::now() - 48h, store::now() - 1h);
    EXPECT_TRUE(old.ok());
    return accounts::insert_session(db, account.player.id, store::now(), store::now() + 1h);
  });
  ASSERT_TRUE(kept.ok());
  ASSERT_EQ(sessions(), 2u);
  auto system = AccountSystem::make(
      config, *database, *logins, tries, [](std::string_view) { return true; }, 5ms);
  ASSERT_TRUE(system.ok()) << system.error().message;
  for (int i = 0; i < 5000 && sessions() != 1; ++i) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(sessions(), 1u);
}

TEST_F(AccountSystemTest, S8_a_guest_s_ban_is_looked_up_on_the_pool) {
  const auto banned = database->transact([](store::Connection& db) {
    return store::insert_ban(db, {0, std::nullopt, "10.0.0.1", "cheating", "system", store::now(),
                                  std::nullopt, std::nullopt});
  });
  ASSERT_TRUE(banned.ok());
  auto system =
      AccountSystem::make(config, *database, *logins, tries, [](std::string_view) { return true; });
  ASSERT_TRUE(system.ok()) << system.error().message;
  for (const auto& [address, words] :
       {std::pair{"10.0.0.1", "cheating (for good)"}, std::pair{"10.0.0.2", "free"}}) {
    std::promise<std::string> heard;
    system.value()->guest_bans().ask(address, [&](const auto& ban) {
      heard.set_value(ban.ok() ? ban->value_or("free") : ban.error().code);
    });
    EXPECT_EQ(heard.get_future().get(), words);
  }
}

}  // namespace
}  // namespace app
