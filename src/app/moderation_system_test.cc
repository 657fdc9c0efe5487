// What lobbies tell of their people, put together with what is kept of it (S4, S6).

#include "app/moderation_system.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/clock.h"
#include "base/random.h"
#include "base/tally.h"
#include "cluster/memory_cluster.h"
#include "moderation/notices.h"
#include "store/migrate.h"

namespace app {
namespace {

class ModerationSystemTest : public ::testing::Test {
 protected:
  ModerationSystemTest() {
    folder_ = std::filesystem::temp_directory_path() / ("trespasser-moderation-" + base::uuid_v4());
    std::filesystem::create_directories(folder_);
    store::Options options;
    options.url = "sqlite:" + (folder_ / "trespasser.db").string();
    store_ = store::Store::open(options).value();
    EXPECT_TRUE(store_->transact([](store::Connection& db) { return store::migrate(db); }).ok());
    store::RecorderOptions recording;
    recording.outbox.path = (folder_ / "outbox.db").string();
    recorder_ = store::DatabaseRecorder::open(recording, *store_).value();
    system_ = std::make_unique<ModerationSystem>(base::Config(), *store_, cluster_->sessions(),
                                                 cluster_->channel(), *recorder_);
  }
  ~ModerationSystemTest() override {
    end();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  // All that was told is written down then.
  void end() {
    system_.reset();
    recorder_.reset();
  }

  // Findings of guests who come again and again under another seat.
  void guests(const std::string& address, int times) {
    for (int i = 0; i < times; ++i) {
      lobby::Suspect suspect;
      suspect.person = {"", address + "/" + std::to_string(i), "Nobody", address};
      suspect.lobby_id = "LOBBY";
      suspect.match_id = match_;
      suspect.kind = "input_flood";
      suspect.evidence = "{}";
      system_->suspect(suspect);
    }
  }
  std::int64_t rows(const std::string& where) {
    return store_
        ->transact([&](store::Connection& db) {
          return db.query("select count(*) from suspicious_events where " + where);
        })
        .value()[0][0]
        .integer();
  }

  const std::string match_ = base::uuid_v4();
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::DatabaseRecorder> recorder_;
  std::unique_ptr<cluster::Cluster> cluster_ = cluster::make_memory_cluster("n1");
  std::unique_ptr<ModerationSystem> system_;
};

TEST_F(ModerationSystemTest, S4_GuestsOfANetworkFillNeitherTableNorLogAndAllAreCounted) {
  const auto counted = [] { return base::tally::counted(base::tally::Suspicion::input_flood); };
  const std::uint64_t before = counted();
  guests("192.0.2.1", 50);
  guests("192.0.2.2", 5);
  guests("2001:db8:1:2::1", 15);
  guests("2001:db8:1:2::2", 15);
  EXPECT_EQ(counted() - before, 85U);
  end();
  EXPECT_EQ(rows("address = '192.0.2.1'"), 20);
  EXPECT_EQ(rows("address = '192.0.2.2'"), 5);
  EXPECT_EQ(rows("address = '2001:db8:1:2::/64'"), 20);
}

TEST_F(ModerationSystemTest, S4_FindingsOfAccountsAreAllKept) {
  for (int i = 0; i < 50; ++i) {
    lobby::Suspect suspect;
    suspect.person = {base::uuid_v4(), "seat", "Somebody", "192.0.2.1"};
    suspect.lobby_id = "LOBBY";
    suspect.match_id = match_;
    suspect.kind = "movement";
    suspect.evidence = "{}";
    system_->suspect(suspect);
  }
  guests("192.0.2.1", 1);
  end();
  EXPECT_EQ(rows("kind = 'movement'"), 50);
  EXPECT_EQ(rows("kind = 'input_flood'"), 1) << "accounts take nothing from the guests' share";
}

TEST_F(ModerationSystemTest, S2_NoticesThatCannotBeReadOrAreOldDoNothing) {
  EXPECT_FALSE(system_->hear("drain n1"));
  EXPECT_FALSE(system_->hear("moderation kick {"));
  EXPECT_FALSE(system_->hear(moderation::encode(moderation::Kick{"", "seat", "", "rude", 1})));
  const auto kick =
      system_->hear(moderation::encode(moderation::Kick{"", "seat", "", "rude", base::wall_ms()}));
  ASSERT_TRUE(kick);
  EXPECT_EQ(kick->connection_id, "seat");
}

}  // namespace
}  // namespace app
