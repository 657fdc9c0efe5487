#include "loadtest/server_figures.h"

#include <gtest/gtest.h>

namespace loadtest {
namespace {

constexpr const char* kText = R"(# HELP active_lobbies Lobbies.
active_lobbies 3
active_lobbies_of_others 9
process_cpu_seconds_total 1.25
logins_total{result="succeeded"} 7
logins_total{result="failed"} 2
tick_lateness_seconds_bucket{le="0.001"} 90
tick_lateness_seconds_bucket{le="0.002"} 99
tick_lateness_seconds_bucket{le="0.004"} 100
tick_lateness_seconds_bucket{le="+Inf"} 100
)";

TEST(ServerFigures, KnownNamesAreTaken) {
  const auto figures = parse_figures(kText);
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->lobbies, 3);
  EXPECT_EQ(figures->cpu_seconds, 1.25);
  EXPECT_EQ(figures->logins, 7);
  ASSERT_EQ(figures->lateness.size(), 3u);
  EXPECT_EQ(figures->lateness[1].first, 0.002);
  EXPECT_FALSE(parse_figures("<html>\nnothing 1\n"));
}

TEST(ServerFigures, LatenessIsThatOfTheTicksBetween) {
  ServerFigures begin = *parse_figures(kText);
  ServerFigures end = begin;
  EXPECT_EQ(lateness_between(begin, end, 0.5), 0);
  for (auto& [edge, count] : end.lateness) count += edge == 0.001 ? 0 : 100;  // all within 2 ms
  EXPECT_EQ(lateness_between(begin, end, 0.99), 0.002);
  EXPECT_EQ(lateness_between(ServerFigures{}, begin, 0.5), 0.001);
}

}  // namespace
}  // namespace loadtest
