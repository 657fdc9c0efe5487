// O6: what a node brings to the store, and what it reads there.

#include "app/business_system.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "base/random.h"
#include "store/migrate.h"

namespace app {
namespace {

using namespace std::chrono_literals;

class Business : public testing::Test {
 protected:
  Business() : folder_(std::filesystem::temp_directory_path() / base::secure_id(12)) {
    std::filesystem::create_directories(folder_);
    store::Options options;
    options.url = "sqlite:" + (folder_ / "test.db").string();
    store_ = store::Store::open(options).value();
    EXPECT_TRUE(store_->transact([](store::Connection& db) { return store::migrate(db); }).ok());
  }
  ~Business() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  BusinessSources sources() {
    return {.store = *store_,
            .online = [] { return BusinessSources::Online{12, 3}; },
            .ever = [this] { return store::DayTally{guests_, 0, 0, 0, 0}; }};
  }
  std::int64_t number(const char* sql) {
    const auto rows = store_->transact([&](store::Connection& db) { return db.query(sql); });
    return rows && !rows->empty() ? rows->at(0).at(0).integer() : 0;
  }
  template <class Probe>
  static bool eventually(Probe probe) {
    for (int i = 0; i < 2000; ++i) {
      if (probe()) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }

  const std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
  std::atomic<std::uint64_t> guests_{0};
};

TEST_F(Business, O6_SamplesAndFiguresComeByThemselves) {
  BusinessSystem business(sources(), 20ms);
  ASSERT_TRUE(eventually([&] { return business.report() != nullptr; }));
  EXPECT_EQ(business.report()->days.size(), static_cast<std::size_t>(store::kBusinessDays));
  EXPECT_EQ(business.report()->days.back().peak_players, 12);
  EXPECT_EQ(number("select max(players) from player_samples"), 12);
}

TEST_F(Business, O6_WhatIsCountedIsBroughtOnce) {
  BusinessSystem business(sources(), 5ms);
  const char* const kGuests = "select sum(guests) from day_tallies";
  guests_ = 2;
  ASSERT_TRUE(eventually([&] { return number(kGuests) == 2; }));
  guests_ = 5;
  ASSERT_TRUE(eventually([&] { return number(kGuests) == 5; }));
  std::this_thread::sleep_for(50ms);  // several rounds more
  EXPECT_EQ(number(kGuests), 5);
}

TEST_F(Business, O6_WhatCouldNotBeBroughtComesWithTheNextLot) {
  const auto rename = [&](const char* from, const char* to) {
    const std::string sql = std::string("alter table ") + from + " rename to " + to;
    ASSERT_TRUE(store_->transact([&](store::Connection& db) { return db.script(sql); }).ok());
  };
  rename("day_tallies", "away");
  BusinessSystem business(sources(), 5ms);
  guests_ = 7;
  std::this_thread::sleep_for(50ms);
  rename("away", "day_tallies");
  EXPECT_TRUE(eventually([&] { return number("select sum(guests) from day_tallies") == 7; }));
}

}  // namespace
}  // namespace app
