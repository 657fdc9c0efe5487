#include "loadtest/series.h"

#include <gtest/gtest.h>

namespace loadtest {
namespace {

Slice slice(std::size_t number, std::int64_t login_micros) {
  Slice made{.number = number, .stats = {}};
  StepFigures& login = made.stats.of(Step::login);
  login.done = 1;
  login.time.add(login_micros);
  made.stats.all_bytes_in = 300;
  made.stats.error("no seat", "full");
  return made;
}

TEST(Series, APointIsMadeOfAllThreadsSlices) {
  Series series(2, 2);
  series.add(slice(0, 10'000), 5, 4);
  EXPECT_TRUE(series.points().empty());
  series.add(slice(1, 30'000), 6, 5);  // one thread is ahead
  series.add(slice(0, 20'000), 7, 6);
  ASSERT_EQ(series.points().size(), 1u);
  const Point& point = series.points()[0];
  EXPECT_EQ(point.t, 0);
  EXPECT_EQ(point.connected, 7);
  EXPECT_EQ(point.playing, 6);
  EXPECT_EQ(point.bytes_in, 300);  // 600 in two seconds
  EXPECT_EQ(point.errors, 2u);
  EXPECT_EQ(point.steps[static_cast<std::size_t>(Step::login)].done, 2u);
  EXPECT_NEAR(point.steps[static_cast<std::size_t>(Step::login)].p95_ms, 20, 0.5);

  series.close();
  ASSERT_EQ(series.points().size(), 2u);
  EXPECT_EQ(series.points()[1].t, 2);
  EXPECT_EQ(series.total().of(Step::login).done, 3u);
  EXPECT_EQ(series.total().errors.at("no seat").count, 3u);
  EXPECT_EQ(series.total().errors.at("no seat").example, "full");
}

}  // namespace
}  // namespace loadtest
