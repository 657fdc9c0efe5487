// O7: the report as JSON, the targets (O8), the page.

#include "loadtest/report.h"

#include <gmock/gmock.h>

#include "loadtest/page.h"
#include "loadtest/plot.h"
#include "loadtest/progress.h"
#include "loadtest/test_report.h"
#include "loadtest/verdict.h"

namespace loadtest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Verdict& verdict(const std::vector<Verdict>& all, const std::string& what) {
  for (const Verdict& one : all) {
    if (one.what == what) return one;
  }
  throw std::out_of_range(what);
}

TEST(Verdicts, AGoodRunReachesAll) {
  const Report report = testing::good_report();
  const auto all = verdicts(report);
  EXPECT_EQ(all.size(), 8u);
  for (const Verdict& one : all) EXPECT_TRUE(one.passed) << one.what << " " << one.found;
  EXPECT_TRUE(passed(report));
  EXPECT_EQ(verdict(all, "Server CPU per lobby").found, "0.100 %");
  EXPECT_EQ(verdict(all, "Server memory per lobby").found, "0.500 MB");
}

TEST(Verdicts, EachTargetCanBeMissed) {
  const std::vector<std::pair<std::string, std::function<void(Report&)>>> faults = {
      {"Connection success", [](Report& r) { r.stats.of(Step::reconnect).failed = 1; }},
      {"Match completion", [](Report& r) { r.stats.of(Step::match).failed = 1; }},
      {"Get a seat, p95",
       [](Report& r) {
         for (int i = 0; i < 5; ++i) r.stats.of(Step::join).time.add(21'000);
       }},
      {"Log in, p95",
       [](Report& r) {
         for (int i = 0; i < 5; ++i) r.stats.of(Step::login).time.add(210'000);
       }},
      {"Snapshots off their 50 ms, p99",
       [](Report& r) {
         for (int i = 0; i < 5; ++i) r.stats.snapshot_skew.add(11'000);
       }},
      {"Ticks left out", [](Report& r) { r.servers[0].readings[2].ticks_dropped = 1; }},
      {"Server CPU per lobby", [](Report& r) { r.servers[0].readings[2].cpu_seconds = 31; }},
      {"Server memory per lobby", [](Report& r) { r.servers[0].readings[2].memory_bytes = 121e6; }},
  };
  for (const auto& [what, fault] : faults) {
    Report report = testing::good_report();
    fault(report);
    EXPECT_FALSE(verdict(verdicts(report), what).passed) << what;
    EXPECT_FALSE(passed(report)) << what;
  }
}

TEST(Verdicts, AnErrorOfAPlayerFailsTheRunAndWhatWasNotMeasuredHasNone) {
  Report report = testing::good_report();
  report.stats.error("no seat", "full");
  EXPECT_FALSE(passed(report));
  EXPECT_TRUE(verdicts(Report{}).empty());
}

TEST(Report, JsonKeepsWhatTheBenchesRead) {
  Report report = testing::good_report();
  report.stats.error("no seat", "The \"lobby\" is full");
  const std::string json = report.json();
  for (const char* part :
       {"\"schema\":1,\"begun\":\"2026-11-22T", "\"passed\":false", "\"players\":100,",
        "\"errors\":{\"no seat\":1}", R"("error_examples":{"no seat":"The \"lobby\" is full"})",
        "\"login\":{\"begun\":40,\"done\":40,\"failed\":0,\"cancelled\":0,\"ms\":{\"count\":40,",
        "\"snapshot_off_by_ms\":{\"count\":100,", "\"per_player_second\":{\"inputs\":",
        "\"series\":{\"columns\":[\"t\",", "\"tick_lateness_p999_ms\":1"}) {
    EXPECT_THAT(json, HasSubstr(part));
  }
  EXPECT_THAT(json, Not(HasSubstr("nan")));
}

TEST(Page, IsOneFileThatAsksForNothing) {
  Report report = testing::good_report();
  report.stats.error("<script>", "a & b");
  const std::string html = page(report);
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(html, HasSubstr("a &amp; b"));
  for (const char* never : {"<script", "src=", "@import", "url("})
    EXPECT_THAT(html, Not(HasSubstr(never)));
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(html, HasSubstr("Connection success"));
  EXPECT_THAT(html, HasSubstr("Ticks begun late by"));
  EXPECT_THAT(html, HasSubstr("<b>Log in</b>"));
}

TEST(Page, ARunOfNothingHasAPageToo) { EXPECT_THAT(page(Report{}), HasSubstr("</html>")); }

TEST(Plot, AxesEndAtRoundNumbers) {
  EXPECT_EQ(axis_end(0), 1);
  EXPECT_EQ(axis_end(1), 1);
  EXPECT_EQ(axis_end(1.1), 2);
  EXPECT_EQ(axis_end(37), 40);
  EXPECT_EQ(axis_end(0.021), 0.04);
  EXPECT_EQ(axis_end(81), 100);
}

TEST(Plot, NumbersAreShort) {
  EXPECT_EQ(short_number(0.254), "0.254");
  EXPECT_EQ(short_number(12.34), "12.3");
  EXPECT_EQ(short_number(1'234), "1234");
  EXPECT_EQ(short_number(52'021), "52 k");
  EXPECT_EQ(short_number(1'620'000), "1.62 M");
}

TEST(Plot, NoPointsNoFigure) {
  Plot plot{.title = "t", .unit = "", .curves = {{"c", {}}}, .x_max = 10};
  EXPECT_EQ(figure(plot), "");
  plot.curves[0].points = {{0, 1}, {10, 3}};
  EXPECT_THAT(figure(plot), HasSubstr("<path class=\"c0\" d=\"M52 149L552 55"));
}

TEST(Progress, TheLineTellsCountsLatenciesAndErrors) {
  Report report = testing::good_report();
  report.stats.error("no seat", "full");
  const std::string line = progress_line("playing", 12.3, 40, 38, 1, report.stats);
  EXPECT_THAT(line, HasSubstr("playing    12.3 s  connected 40  playing 38"));
  EXPECT_THAT(line, HasSubstr("login 40 50."));
  EXPECT_THAT(line, HasSubstr("matches 10/10"));
  EXPECT_THAT(line, HasSubstr("errors 1  gave up 1"));
}

}  // namespace
}  // namespace loadtest
