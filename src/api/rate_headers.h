#pragma once

#include "base/rate_limit.h"
#include "net/http.h"

namespace api {

// RateLimit-Limit, -Remaining, -Reset, and Retry-After when refused (S1).
void add_rate_headers(net::HttpResponse& response, const base::RateLimit& limit,
                      const base::RateLimit::Verdict& verdict);

}  // namespace api
