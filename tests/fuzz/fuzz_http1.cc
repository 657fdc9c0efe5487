// LINK: net
// HTTP request heads. What is accepted must lie within the bytes and keep the promises the rooms
// above rely on.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/ascii.h"
#include "net/http1.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

bool inside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A copy of exactly this size, so that the sanitizer sees every byte read beyond it.
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const net::Limits limits;
  net::HttpRequest request;
  std::size_t scanned = 0;
  const net::HttpHead head = net::parse_head(bytes, limits, scanned, request);
  if (head.status == net::HttpHead::Status::bad)
    check(head.error_status >= 400 && head.error_status < 600);
  if (head.status == net::HttpHead::Status::complete) {
    check(head.head_bytes <= size && head.head_bytes <= limits.head_bytes);
    check(inside(request.method, bytes) && inside(request.target, bytes) &&
          request.target.front() == '/');
    check(request.headers.size() <= limits.headers);
    for (const auto& [name, value] : request.headers) {
      check(!name.empty() && inside(name, bytes) && inside(value, bytes));
      check(value.find_first_of("\r\n") == std::string_view::npos);
      check(!net::equal_ignoring_case(name, "Transfer-Encoding"));
    }
    net::is_websocket_request(request);
  }
  // The same bytes a piece at a time come to the same end.
  net::HttpRequest again;
  std::size_t resumed = 0;
  net::HttpHead second;
  for (std::size_t end = 0; end <= size && second.status == net::HttpHead::Status::incomplete;
       end += 1 + size / 16) {
    second = net::parse_head({bytes.data(), end}, limits, resumed, again);
  }
  if (second.status == net::HttpHead::Status::incomplete)
    second = net::parse_head(bytes, limits, resumed, again);
  check((second.status == net::HttpHead::Status::complete) ==
        (head.status == net::HttpHead::Status::complete));
  return 0;
}
