#include "api/request_limit.h"

#include <gtest/gtest.h>

namespace api {
namespace {

TEST(RequestLimit, S1_a_hundred_a_minute_each) {
  RequestLimit limit(100);
  const RequestLimit::Clock::time_point now{};
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(limit.take("a", now).allowed);
  const auto refused = limit.take("a", now);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.reset_s, 1);
  EXPECT_TRUE(limit.take("b", now).allowed);
  EXPECT_TRUE(limit.take("a", now + std::chrono::seconds(1)).allowed);
}

TEST(RequestLimit, S1_tells_what_is_left) {
  RequestLimit limit(100);
  const RequestLimit::Clock::time_point now{};
  net::HttpResponse response;
  limit.add_headers(response, limit.take("a", now));
  EXPECT_EQ(response.headers[1].second, "99");
  for (int i = 0; i < 100; ++i) limit.take("a", now);
  net::HttpResponse refused;
  limit.add_headers(refused, limit.take("a", now));
  EXPECT_EQ(refused.headers.back().first, "Retry-After");
}

}  // namespace
}  // namespace api
