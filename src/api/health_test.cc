#include "api/health.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <regex>

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
  for (const char* name : {"memory", "uptime", "database", "redis", "errorRate", "tick"})
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

}  // namespace
}  // namespace api
