#include "net/http1.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/ascii.h"

namespace net {
namespace {

struct Parsed {
  HttpHead head;
  HttpRequest request;
};

Parsed parse(std::string_view bytes, Limits limits = {}) {
  Parsed parsed;
  std::size_t scanned = 0;
  parsed.head = parse_head(bytes, limits, scanned, parsed.request);
  return parsed;
}

TEST(Http1, ReadsARequestAsViews) {
  const std::string text =
      "POST /a/b?c=d&e HTTP/1.1\r\nHost: h\r\nX-One:  v w \r\nContent-Length: 3\r\nConnection: x, "
      "CLOSE\r\n\r\nabcGET";
  const Parsed got = parse(text);
  ASSERT_EQ(got.head.status, HttpHead::Status::complete);
  EXPECT_EQ(got.head.head_bytes, text.size() - 6);
  EXPECT_EQ(got.head.body_bytes, 3u);
  EXPECT_EQ(got.request.method, "POST");
  EXPECT_EQ(got.request.target, "/a/b?c=d&e");
  EXPECT_EQ(got.request.path, "/a/b");
  EXPECT_EQ(got.request.query, "c=d&e");
  EXPECT_EQ(got.request.header("x-ONE"), "v w");
  EXPECT_EQ(got.request.header("absent"), "");
  EXPECT_FALSE(got.request.keep_alive);
  EXPECT_GE(got.request.method.data(), text.data());
  EXPECT_LT(got.request.header("host").data(), text.data() + text.size());
}

TEST(Http1, KeepAliveFollowsVersionAndConnection) {
  const std::vector<std::pair<std::string, bool>> table = {
      {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false},
      {"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, keep-alive\r\n\r\n", true},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
  };
  for (const auto& [text, keep] : table) EXPECT_EQ(parse(text).request.keep_alive, keep) << text;
}

TEST(Http1, EveryPrefixIsIncompleteAndTheScanGoesOnWhereItStopped) {
  const std::string text = "GET /x HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n";
  std::size_t scanned = 0;
  HttpRequest request;
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(parse_head({text.data(), size}, {}, scanned, request).status,
              HttpHead::Status::incomplete)
        << size;
  }
  EXPECT_EQ(parse_head(text, {}, scanned, request).status, HttpHead::Status::complete);
}

// libraries.md 3.1: what Beast 1.81 lets through is refused here; S2: limits.
TEST(Http1, RefusesWhatCannotBeTrusted) {
  const std::string host = "Host: a\r\n";
  const std::vector<std::pair<std::string, unsigned>> table = {
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked, identity\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\n" + host + "transfer-encoding: gzip\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: +1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 1, 1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n", 400},
      {"POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      {"GET * HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + "A: b\r\n\tc\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + "A: b\rc\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + "A: b\nC: d\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + "A : b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + ": b\r\n\r\n", 400},
      {"GE(T / HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /\x01 HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET / HTTP/1.2\r\n" + host + "\r\n", 400},
      {" GET / HTTP/1.1\r\n" + host + "\r\n", 400},
      {"\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" + host + "A: " + std::string(9000, 'b') + "\r\n\r\n", 431},
      {std::string(9000, 'b'), 431},
  };
  for (const auto& [text, status] : table) {
    const Parsed got = parse(text);
    EXPECT_EQ(got.head.status, HttpHead::Status::bad) << text.substr(0, 100);
    EXPECT_EQ(got.head.error_status, status) << text.substr(0, 100);
  }
}

TEST(Http1, LimitsTheNumberOfHeaders) {
  Limits limits;
  limits.headers = 3;
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nA: b\r\n\r\n", limits).head.status,
            HttpHead::Status::complete);
  EXPECT_EQ(
      parse("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nA: b\r\nA: b\r\n\r\n", limits).head.error_status,
      431u);
}

TEST(Http1, AHeadOfExactlyTheLimitPasses) {
  std::string text = "GET / HTTP/1.1\r\nHost: a\r\nA: ";
  text.append(8192 - text.size() - 4, 'x');
  text += "\r\n\r\n";
  EXPECT_EQ(parse(text).head.status, HttpHead::Status::complete);
  text.insert(30, "y");
  EXPECT_EQ(parse(text).head.error_status, 431u);
}

TEST(Http1, KnowsAWebSocketRequest) {
  const std::string good =
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  EXPECT_TRUE(is_websocket_request(parse(good).request));
  for (const std::string part :
       {"Upgrade: WebSocket", "Version: 13", "keep-alive, Upgrade", "ZQ==", "GET"}) {
    std::string bad = good;
    bad.replace(bad.find(part), part.size(), "PUT" + std::string(part.size() > 3 ? ": x" : ""));
    EXPECT_FALSE(is_websocket_request(parse(bad).request)) << bad;
  }
}

TEST(Http1, S1_AListInSeveralFieldsIsOne) {
  const Parsed got = parse(
      "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6, 7.7.7.7\r\nX-Real: no\r\n"
      "x-forwarded-for: 10.0.0.9\r\nX-FORWARDED-FOR: 10.0.0.1\r\n\r\n");
  EXPECT_EQ(got.request.header_list("X-Forwarded-For"), "6.6.6.6, 7.7.7.7,10.0.0.9,10.0.0.1");
  EXPECT_EQ(got.request.header_list("absent"), "");
}

TEST(Http1, WritesResponses) {
  HttpResponse response;
  response.status = 404;
  response.body = "{}";
  response.headers.emplace_back("X-A", "b");
  std::string out;
  write_response(out, response, true, false);
  EXPECT_EQ(
      out,
      "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nX-A: b\r\nContent-Length: 2\r\n"
      "Connection: keep-alive\r\n\r\n{}");
  out.clear();
  write_response(out, response, false, true);
  EXPECT_TRUE(out.ends_with("Content-Length: 2\r\nConnection: close\r\n\r\n")) << out;
}

TEST(Ascii, TokensOfAList) {
  EXPECT_TRUE(has_token("a, B ,c", "b"));
  EXPECT_TRUE(has_token("upgrade", "Upgrade"));
  EXPECT_FALSE(has_token("upgraded, up", "upgrade"));
  EXPECT_FALSE(has_token("", "a"));
  EXPECT_FALSE(has_token(",,", "a"));
}

}  // namespace
}  // namespace net
