#include "api/rate_headers.h"

#include <gtest/gtest.h>

namespace api {
namespace {

TEST(RateHeaders, S1_tell_what_is_left) {
  base::RateLimit limit(100);
  const base::RateLimit::Clock::time_point now{};
  net::HttpResponse response;
  add_rate_headers(response, limit, limit.take("10.0.0.1", now));
  EXPECT_EQ(response.headers[1].second, "99");
  for (int i = 0; i < 100; ++i) limit.take("10.0.0.1", now);
  net::HttpResponse refused;
  add_rate_headers(refused, limit, limit.take("10.0.0.1", now));
  EXPECT_EQ(refused.headers.back().first, "Retry-After");
}

}  // namespace
}  // namespace api
