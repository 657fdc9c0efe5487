#pragma once

// HTTP/1.1 over bytes: heads in, responses out. No I/O. The parser is Boost.Beast's with what it
// lets through taken out (libraries.md 3.1): one message framing only, Content-Length.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.h"
#include "net/limits.h"

namespace net {

struct HttpHead {
  enum class Status {
    incomplete,  // more bytes are needed
    complete,
    bad,  // `error_status` says how to answer; nothing after it on this connection can be trusted
  };
  Status status = Status::incomplete;
  unsigned error_status = 400;
  std::size_t head_bytes = 0;  // including the empty line
  std::size_t body_bytes = 0;  // from Content-Length
  bool expects_continue = false;
};

// Reads a request head from the start of `bytes` into `request` (views into `bytes`; body and
// remote_address are left alone). `scanned` remembers between calls how far the end was looked for;
// 0 for a new head.
HttpHead parse_head(std::string_view bytes, const Limits& limits, std::size_t& scanned,
                    HttpRequest& request);

// Appends a whole response. `head_only` leaves the body out but tells its length (HEAD).
void write_response(std::string& out, const HttpResponse& response, bool keep_alive,
                    bool head_only);

// Whether the request asks for a WebSocket as RFC 6455 4.2.1 demands.
bool is_websocket_request(const HttpRequest& request);

std::string_view status_text(unsigned status);

}  // namespace net
