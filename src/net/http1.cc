#include "net/http1.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>
#include <limits>

#include "net/ascii.h"
#include "net/websocket.h"

namespace net {

namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;

std::string_view view(string_view text) { return {text.data(), text.size()}; }

// Collects the head as views. Body callbacks are never reached: the parser is fed the head alone.
class HeadParser final : public http::basic_parser<true> {
 public:
  HeadParser(HttpRequest& request, const Limits& limits) : request_(request), limits_(limits) {
    skip(true);
    header_limit(static_cast<std::uint32_t>(limits.head_bytes));
    body_limit(std::numeric_limits<std::uint64_t>::max());
  }
  int version() const { return version_; }

 private:
  using Code = boost::beast::error_code;

  void on_request_impl(http::verb, string_view method, string_view target, int version,
                       Code&) override {
    request_.method = view(method);
    request_.target = view(target);
    version_ = version;
  }
  void on_field_impl(http::field, string_view name, string_view value, Code& error) override {
    if (request_.headers.size() >= limits_.headers) {
      error = http::error::header_limit;
      return;
    }
    request_.headers.emplace_back(view(name), view(value));
  }
  void on_response_impl(int, string_view, int, Code&) override {}
  void on_header_impl(Code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(string_view body, Code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, string_view, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, Code&) override {
    return body.size();
  }
  void on_finish_impl(Code&) override {}

  HttpRequest& request_;
  const Limits& limits_;
  int version_ = 11;
};

HttpHead bad(unsigned status) {
  HttpHead head;
  head.status = HttpHead::Status::bad;
  head.error_status = status;
  return head;
}

// A line that begins with white space continues the one before (obsolete folding); the parser would
// rewrite it into memory of its own, and our views would dangle. A bare CR or LF is how requests
// are smuggled past a proxy.
bool has_odd_line(std::string_view head) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (head[i] == '\r') {
      if (i + 1 >= head.size() || head[i + 1] != '\n') return true;
    } else if (head[i] == '\n') {
      if (i == 0 || head[i - 1] != '\r') return true;
      if (i + 1 < head.size() && (head[i + 1] == ' ' || head[i + 1] == '\t')) return true;
    }
  }
  return false;
}

void split_target(HttpRequest& request) {
  const std::size_t mark = request.target.find('?');
  request.path = request.target.substr(0, mark);
  request.query =
      mark == std::string_view::npos ? std::string_view{} : request.target.substr(mark + 1);
}

// The length when it is there and sound; more than one field counts as unsound, equal or not.
bool read_length(const HttpRequest& request, std::size_t& length) {
  bool seen = false;
  for (const auto& [name, value] : request.headers) {
    if (!equal_ignoring_case(name, "Content-Length")) continue;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (seen || value.empty() || error != std::errc{} || end != value.data() + value.size())
      return false;
    seen = true;
  }
  return true;
}

unsigned check(const HttpRequest& request, int version, std::size_t length) {
  if (version != 10 && version != 11) return 505;
  if (request.target.empty() || request.target.front() != '/') return 400;
  std::size_t hosts = 0;
  for (const auto& [name, value] : request.headers) {
    if (equal_ignoring_case(name, "Transfer-Encoding")) return 501;
    if (equal_ignoring_case(name, "Host")) ++hosts;
  }
  if (hosts > 1 || (hosts == 0 && version == 11)) return 400;
  if (version == 10 && length > 0) return 400;
  return 0;
}

}  // namespace

HttpHead parse_head(std::string_view bytes, const Limits& limits, std::size_t& scanned,
                    HttpRequest& request) {
  const std::size_t from = scanned > 3 ? scanned - 3 : 0;
  const std::size_t end = bytes.substr(0, limits.head_bytes + 4).find("\r\n\r\n", from);
  if (end == std::string_view::npos) {
    if (bytes.size() > limits.head_bytes) return bad(431);
    scanned = bytes.size();
    return {};
  }
  const std::string_view text = bytes.substr(0, end + 4);
  if (text.size() > limits.head_bytes) return bad(431);
  if (has_odd_line(text)) return bad(400);

  request.headers.clear();
  request.body = {};
  HeadParser parser(request, limits);
  boost::beast::error_code error;
  parser.put(boost::asio::buffer(text.data(), text.size()), error);
  if (error == http::error::header_limit) return bad(431);
  if (error || !parser.is_header_done()) return bad(400);

  std::size_t length = 0;
  if (!read_length(request, length)) return bad(400);
  if (const unsigned status = check(request, parser.version(), length)) return bad(status);

  split_target(request);
  const std::string_view connection = request.header("Connection");
  request.keep_alive = parser.version() == 11 ? !has_token(connection, "close")
                                              : has_token(connection, "keep-alive");
  HttpHead head;
  head.status = HttpHead::Status::complete;
  head.head_bytes = text.size();
  head.body_bytes = length;
  head.expects_continue = equal_ignoring_case(request.header("Expect"), "100-continue");
  return head;
}

bool is_websocket_request(const HttpRequest& request) {
  return request.method == "GET" && has_token(request.header("Upgrade"), "websocket") &&
         has_token(request.header("Connection"), "upgrade") &&
         request.header("Sec-WebSocket-Version") == "13" &&
         ws::valid_key(request.header("Sec-WebSocket-Key"));
}

std::string_view status_text(unsigned status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

void write_response(std::string& out, const HttpResponse& response, bool keep_alive,
                    bool head_only) {
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += status_text(response.status);
  if (!response.content_type.empty() && response.status != 204) {
    out += "\r\nContent-Type: ";
    out += response.content_type;
  }
  for (const auto& [name, value] : response.headers) {
    out += "\r\n";
    out += name;
    out += ": ";
    out += value;
  }
  out += "\r\nContent-Length: ";
  out += std::to_string(response.body.size());
  out += keep_alive ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
  if (!head_only) out += response.body;
}

}  // namespace net
