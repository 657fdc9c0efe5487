#include "api/metrics_answer.h"

#include <gtest/gtest.h>

#include <future>

namespace api {
namespace {

const std::vector<std::string> kInside = {"127.0.0.0/8", "::1", "10.0.0.0/8", "fc00::/7"};

net::HttpRequest from(std::string_view peer,
                      std::vector<std::pair<std::string_view, std::string_view>> headers = {}) {
  net::HttpRequest request;
  request.method = "GET";
  request.path = "/metrics";
  request.remote_address = peer;
  request.headers = std::move(headers);
  return request;
}

MetricsAccess access(const std::string& token = "") {
  return MetricsAccess::make(kInside, token).value();
}

TEST(MetricsAccessTest, O2_only_addresses_of_the_list_may_read) {
  for (const char* peer : {"127.0.0.1", "::1", "10.9.8.7", "::ffff:10.1.2.3", "fd00::5"})
    EXPECT_TRUE(access().allowed(from(peer))) << peer;
  for (const char* peer : {"11.0.0.1", "203.0.113.9", "2001:db8::1", "", "nonsense"})
    EXPECT_FALSE(access().allowed(from(peer))) << peer;
  EXPECT_FALSE(MetricsAccess().allowed(from("127.0.0.1")));
}

TEST(MetricsAccessTest, O2_what_a_proxy_inside_forwards_comes_from_outside) {
  EXPECT_FALSE(access().allowed(from("10.0.0.2", {{"X-Forwarded-For", "203.0.113.9"}})));
  EXPECT_FALSE(access().allowed(from("10.0.0.2", {{"Forwarded", "for=127.0.0.1"}})));
}

TEST(MetricsAccessTest, O2_a_token_opens_from_anywhere_and_no_other_does) {
  const MetricsAccess guarded = access("right-token");
  EXPECT_TRUE(guarded.allowed(from("203.0.113.9", {{"Authorization", "Bearer right-token"}})));
  for (const char* wrong : {"Bearer right-tokem", "Bearer right-token2", "Bearer ", "right-token"})
    EXPECT_FALSE(guarded.allowed(from("203.0.113.9", {{"Authorization", wrong}}))) << wrong;
  EXPECT_FALSE(access().allowed(from("203.0.113.9", {{"Authorization", "Bearer "}})))
      << "no token is set";
}

TEST(MetricsAccessTest, O2_an_entry_that_is_no_network_is_named) {
  const auto made = MetricsAccess::make({"10.0.0.0/8", "everybody"}, "");
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.error().message.find("everybody"), std::string::npos);
}

net::HttpResponse ask(metrics::Exporter* exporter, const net::HttpRequest& request) {
  std::promise<net::HttpResponse> answer;
  answer_metrics(access(), exporter, request,
                 [&answer](net::HttpResponse response) { answer.set_value(std::move(response)); });
  return answer.get_future().get();
}

TEST(MetricsAnswerTest, O2_text_for_Prometheus_JSON_for_who_asks_for_it) {
  metrics::Exporter exporter(
      {[](metrics::Sheet& sheet) { sheet.gauge("uptime_seconds", "Since the start.", 5); }});
  const auto text = ask(&exporter, from("127.0.0.1"));
  EXPECT_EQ(text.status, 200u);
  EXPECT_EQ(text.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(text.body.find("uptime_seconds 5\n"), std::string::npos);
  const auto json = ask(&exporter, from("127.0.0.1", {{"Accept", "application/json"}}));
  EXPECT_EQ(json.content_type, "application/json");
  EXPECT_EQ(json.body, R"({"uptime_seconds":5})");
  EXPECT_EQ(ask(&exporter, from("127.0.0.1", {{"Accept", "application/json, text/plain;q=0.5"}}))
                .content_type,
            text.content_type);
  EXPECT_EQ(ask(&exporter, from("203.0.113.9")).status, 404u);
  EXPECT_EQ(ask(nullptr, from("127.0.0.1")).status, 503u);
}

}  // namespace
}  // namespace api
