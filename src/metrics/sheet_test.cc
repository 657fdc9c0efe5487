#include "metrics/sheet.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace metrics {
namespace {

using ::testing::HasSubstr;

Sheet sample() {
  Sheet sheet;
  sheet.counter("requests_total", "Requests.", 12, {{"kind", "http"}});
  sheet.counter("requests_total", "Requests.", 9'007'199'254, {{"kind", "message"}});
  sheet.gauge("uptime_seconds", "Since the start.", 1.5);
  sheet.histogram("tick_seconds", "Ticks.", {{0.001, 0.002}, {3, 4, 5}, 0.25});
  return sheet;
}

TEST(SheetTest, O2_text_is_what_Prometheus_reads) {
  const std::string text = sample().text();
  EXPECT_THAT(text, HasSubstr("# HELP requests_total Requests.\n# TYPE requests_total counter\n"));
  EXPECT_THAT(text, HasSubstr("requests_total{kind=\"http\"} 12\n"));
  EXPECT_THAT(text, HasSubstr("requests_total{kind=\"message\"} 9007199254\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE uptime_seconds gauge\nuptime_seconds 1.5\n"));
  EXPECT_THAT(text, HasSubstr("tick_seconds_bucket{le=\"0.001\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("tick_seconds_bucket{le=\"0.002\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("tick_seconds_bucket{le=\"+Inf\"} 12\n"));
  EXPECT_THAT(text, HasSubstr("tick_seconds_count 12\n"));
  EXPECT_THAT(text, HasSubstr("tick_seconds_sum 0.25\n"));
  EXPECT_EQ(text.find("# HELP requests_total"), text.rfind("# HELP requests_total")) << "once";
}

TEST(SheetTest, O2_JSON_has_the_same_figures) {
  const boost::json::value body = boost::json::parse(sample().json());
  EXPECT_EQ(body.at("requests_total").at(0).at("kind"), "http");
  EXPECT_EQ(body.at("requests_total").at(0).at("value"), 12);
  EXPECT_EQ(body.at("requests_total").at(1).at("value"), 9'007'199'254);
  EXPECT_DOUBLE_EQ(body.at("uptime_seconds").as_double(), 1.5);
  const boost::json::value& ticks = body.at("tick_seconds");
  EXPECT_EQ(ticks.at("count"), 12);
  EXPECT_EQ(ticks.at("buckets").as_array().size(), 2u);
  EXPECT_DOUBLE_EQ(ticks.at("buckets").at(1).at("le").as_double(), 0.002);
  EXPECT_EQ(ticks.at("buckets").at(1).at("count"), 7);
}

TEST(SheetTest, O2_an_empty_sheet_and_odd_label_values_are_still_well_formed) {
  EXPECT_EQ(Sheet().text(), "");
  EXPECT_EQ(Sheet().json(), "{}");
  Sheet sheet;
  sheet.gauge("node_info", "Who.", 1, {{"node", "a\"b\\c\nd"}});
  EXPECT_THAT(sheet.text(), HasSubstr(R"(node_info{node="a\"b\\c\nd"} 1)"));
  EXPECT_EQ(boost::json::parse(sheet.json()).at("node_info").at(0).at("node"), "a\"b\\c\nd");
}

}  // namespace
}  // namespace metrics
