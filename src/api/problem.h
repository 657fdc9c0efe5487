#pragma once

// Errors of the HTTP API as RFC 9457 problem documents.

#include <string>
#include <string_view>

#include "base/error.h"
#include "net/http.h"

namespace api {

// {"type":"about:blank","title":...,"status":...,"detail":...,"code":...}
net::HttpResponse problem(unsigned status, std::string_view code, std::string_view detail);

// The status of an error by its code: invalid 400, unauthorized 401, banned and forbidden 403,
// not_found 404, conflict 409, limited 429, unavailable 503; anything else 500, whose message stays
// in the log, under the id of the request.
net::HttpResponse problem(const base::Error& error, std::string_view request_id);

}  // namespace api
