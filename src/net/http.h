#pragma once

// HTTP as the rooms above see it: a request as views, a response as a value, answered now or later.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net {

// Views into the connection's buffer: valid until the handler returns. Copy what is needed later.
struct HttpRequest {
  std::string_view method;  // "GET"
  std::string_view target;  // "/a/b?c=d"
  std::string_view path;    // "/a/b", as sent (not decoded)
  std::string_view query;   // "c=d" or ""
  std::string_view body;
  std::string_view remote_address;  // of the socket, textual, without port
  bool keep_alive = true;
  std::vector<std::pair<std::string_view, std::string_view>> headers;

  // First header of that name (case-insensitive), "" when absent.
  std::string_view header(std::string_view name) const;
  // All headers of that name joined by commas to one list, in their order (RFC 9110 5.3); "" when
  // absent. For lists that grow on the way: what a proxy adds may stand in a field of its own.
  std::string header_list(std::string_view name) const;
};

struct HttpResponse {
  unsigned status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
};

// Answers one request, once, from the shard it came in on. May be kept and called after the handler
// returned; calling it when the client is gone does nothing. Dropping it unanswered answers 500.
using HttpReply = std::function<void(HttpResponse)>;

// Called on the connection's shard for each request that Engine.IO does not take.
using HttpHandler = std::function<void(const HttpRequest&, HttpReply)>;

}  // namespace net
