#include "api/health.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <regex>
#include <thread>

#include "base/clock.h"

namespace api {
namespace {

class HealthTest : public ::testing::Test {
 protected:
  HealthSources sources() {
    HealthSources made;
    made.directory = &directory;
    made.gauges = {&gauge};
    made.connections = [] { return std::uint64_t{3}; };
    made.requests = [] { return std::uint64_t{1000}; };
    made.errors = [] { return std::uint64_t{0}; };
    made.memory_limit = std::uint64_t{1} << 40;
    return made;
  }
  HealthTest() {
    gauge.beat_ms = base::steady_ms();
    gauge.lateness = &lateness;
  }

  lobby::Directory directory{10, 100, 1};
  lobby::Lateness lateness;
  lobby::TickGauge gauge;
};

TEST_F(HealthTest, O1_is_JSON_whose_numbers_are_plain_decimals) {
  const Health health(sources());
  const HealthReport report = health.report();
  const boost::json::value body = boost::json::parse(report.body);
  EXPECT_EQ(body.at("connections"), 3);
  EXPECT_EQ(body.at("memory").at("total"), std::int64_t{1} << 40);
  for (const char* name :
       {"memory", "uptime", "database", "redis", "errorRate", "disk", "descriptors", "tick"})
    EXPECT_EQ(body.at("checks").at(name).at("status"), "healthy") << name;
  EXPECT_TRUE(body.at("checks").at("tick").at("lastMinute").is_object());
  EXPECT_FALSE(std::regex_search(report.body, std::regex("[0-9][eE][-+0-9]"))) << report.body;
  EXPECT_TRUE(report.healthy);
}

TEST_F(HealthTest, O1_a_shard_that_gives_no_sign_of_life_is_ill) {
  gauge.beat_ms = base::steady_ms() - 1000;
  const Health health(sources());
  const HealthReport report = health.report();
  EXPECT_FALSE(report.healthy);
  EXPECT_EQ(boost::json::parse(report.body).at("checks").at("tick").at("status"), "unhealthy");
}

TEST_F(HealthTest, O1_a_draining_node_is_well_but_says_so) {
  Health health(sources());
  EXPECT_FALSE(health.draining());
  health.set_draining(true);
  EXPECT_TRUE(health.draining());
  EXPECT_TRUE(health.report().healthy);
}

bool becomes(const Health& health, bool healthy) {
  const auto end = base::steady_now() + std::chrono::seconds(10);
  while (base::steady_now() < end) {
    if (health.report().healthy == healthy) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

TEST_F(HealthTest, O1_a_lost_link_to_Redis_is_ill_after_a_moment_and_well_when_it_is_back) {
  std::atomic<bool> linked = true;
  HealthSources made = sources();
  made.redis_connected = [&linked] { return linked.load(); };
  // The shard of this test gives no sign of life by itself.
  gauge.beat_ms = base::steady_ms() + 60'000;
  const Health health(made);
  EXPECT_TRUE(health.report().healthy);
  linked = false;
  EXPECT_TRUE(health.report().healthy) << "links break and are made again";
  EXPECT_TRUE(becomes(health, false));
  EXPECT_EQ(boost::json::parse(health.report().body).at("checks").at("redis").at("status"),
            "unhealthy");
  linked = true;
  EXPECT_TRUE(becomes(health, true));
}

TEST_F(HealthTest, O1_a_data_folder_that_cannot_be_written_is_ill) {
  HealthSources made = sources();
  made.data_dir = "/nonexistent/folder";
  gauge.beat_ms = base::steady_ms() + 60'000;
  const Health health(made);
  EXPECT_TRUE(becomes(health, false));
  EXPECT_FALSE(health.findings().disk_ok);
  EXPECT_TRUE(health.findings().database_ok);
}

TEST_F(HealthTest, O1_too_much_memory_and_too_many_errors_are_ill) {
  HealthSources made = sources();
  made.memory_limit = 1000;
  std::atomic<std::uint64_t> asked = 0;
  made.requests = [&asked] { return std::uint64_t{asked += 100}; };
  made.errors = [&asked] { return std::uint64_t{asked / 10}; };
  gauge.beat_ms = base::steady_ms() + 60'000;
  const Health health(made);
  EXPECT_FALSE(health.findings().memory_ok);
  const auto end = base::steady_now() + std::chrono::seconds(10);
  while (health.findings().errors_ok && base::steady_now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_NEAR(health.findings().error_rate, 0.1, 0.01);
}

}  // namespace
}  // namespace api
