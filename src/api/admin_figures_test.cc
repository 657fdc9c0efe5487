#include "api/admin_figures.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace api {
namespace {

// O5: rates are of the time between two samples, whatever was counted before the first.
TEST(AdminFigures, SamplesBeginAtOnceAndGoOn) {
  lobby::Directory directory(10, 100, 1);
  std::atomic<std::uint64_t> requests{5};
  Figures figures({.directory = &directory,
                   .gauges = {},
                   .connections = [] { return std::uint64_t{7}; },
                   .requests = [&] { return requests.load(); },
                   .errors = [] { return std::uint64_t{0}; }});
  const auto wait_for = [&](std::size_t count) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (figures.since(0).size() < count && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return figures.since(0);
  };
  ASSERT_EQ(wait_for(1).size(), 1u);
  requests = 25;
  const auto both = wait_for(2);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[1].requests, 20u);
  EXPECT_EQ(both[1].connections, 7u);
  EXPECT_EQ(figures.since(both[0].at_ms).size(), 1u);
  EXPECT_TRUE(figures.since(both[1].at_ms).empty());
}

}  // namespace
}  // namespace api
