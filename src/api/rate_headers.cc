#include "api/rate_headers.h"

#include <algorithm>
#include <string>

namespace api {

void add_rate_headers(net::HttpResponse& response, const base::RateLimit& limit,
                      const base::RateLimit::Verdict& verdict) {
  response.headers.emplace_back("RateLimit-Limit", std::to_string(limit.per_minute()));
  response.headers.emplace_back("RateLimit-Remaining", std::to_string(verdict.remaining));
  response.headers.emplace_back("RateLimit-Reset", std::to_string(verdict.reset_s));
  if (!verdict.allowed)
    response.headers.emplace_back("Retry-After", std::to_string(std::max(1, verdict.reset_s)));
}

}  // namespace api
