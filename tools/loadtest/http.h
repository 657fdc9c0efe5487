#pragma once

// As much of HTTP/1.1 as signing in and reading figures takes: a request as text, and the whole
// response out of what has come so far. Bytes only, no sockets.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace loadtest {

// A POST of JSON; the connection stays open.
std::string post_request(std::string_view host, std::string_view path, std::string_view json);
// A GET; the connection is closed by the server. `bearer` "" = none.
std::string get_request(std::string_view host, std::string_view path, std::string_view bearer);

struct Response {
  int status = 0;
  int retry_after = 0;    // seconds; 0 = not said
  std::string_view body;  // into the bytes given
  std::size_t size = 0;   // of the whole response
};

// Nothing while it is incomplete. An Error when it is no HTTP or says no Content-Length, which our
// server always does for these.
base::Result<std::optional<Response>> parse_response(std::string_view bytes);

}  // namespace loadtest
