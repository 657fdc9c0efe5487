#include "api/tick_watch.h"

#include <gtest/gtest.h>

#include <memory>

namespace api {
namespace {

TEST(TickWatch, TellsOfTheLastMinuteOnly) {
  const auto lateness = std::make_unique<lobby::Lateness>();
  const auto watch = std::make_unique<TickWatch>();
  EXPECT_EQ(watch->last_minute().count, 0u);
  const auto second = [&] {
    lobby::Lateness::Counts sum{};
    lateness->add_to(sum);
    watch->sample(sum);
  };
  second();
  lateness->record(50'000'000);
  second();
  EXPECT_EQ(watch->last_minute().count, 1u);
  EXPECT_GE(watch->last_minute().max_ns, 50'000'000u);
  for (int s = 0; s < 59; ++s) {
    lateness->record(100'000);
    second();
  }
  EXPECT_EQ(watch->last_minute().count, 60u) << "the bad tick was just within a minute";
  EXPECT_GE(watch->last_minute().max_ns, 50'000'000u);
  lateness->record(100'000);
  second();
  EXPECT_EQ(watch->last_minute().count, 60u);
  EXPECT_LT(watch->last_minute().max_ns, 200'000u) << "forgotten after a minute";
}

}  // namespace
}  // namespace api
