#include "metrics/exporter.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>

namespace metrics {
namespace {

std::string ask(Exporter& exporter, Format format) {
  std::promise<std::string> answer;
  exporter.ask(format, [&answer](std::string text) { answer.set_value(std::move(text)); });
  return answer.get_future().get();
}

TEST(ExporterTest, O2_each_scrape_asks_every_source_anew_and_in_order) {
  int scrapes = 0;
  Exporter exporter({[&scrapes](Sheet& sheet) { sheet.gauge("a", "A.", ++scrapes); },
                     [](Sheet& sheet) { sheet.gauge("b", "B.", 7); }});
  EXPECT_EQ(ask(exporter, Format::json), R"({"a":1,"b":7})");
  EXPECT_EQ(ask(exporter, Format::json), R"({"a":2,"b":7})");
  EXPECT_NE(ask(exporter, Format::text).find("a 3\n"), std::string::npos);
}

TEST(ExporterTest, O2_more_questions_than_it_takes_are_answered_at_once_with_nothing) {
  std::promise<void> go_on;
  std::shared_future<void> waiting = go_on.get_future().share();
  std::promise<void> begun;
  std::once_flag once;
  auto exporter = std::make_unique<Exporter>(std::vector<Exporter::Source>{[&](Sheet&) {
    std::call_once(once, [&] { begun.set_value(); });
    waiting.wait();
  }});
  std::atomic<int> answered = 0;
  const auto count = [&answered](const std::string&) { ++answered; };
  exporter->ask(Format::text, count);
  begun.get_future().wait();
  for (int i = 0; i < 16; ++i) exporter->ask(Format::text, count);
  EXPECT_EQ(answered, 0);
  std::string refused = "not called";
  exporter->ask(Format::text, [&refused](std::string text) { refused = std::move(text); });
  EXPECT_EQ(refused, "");
  go_on.set_value();
  exporter.reset();
  EXPECT_EQ(answered, 17) << "every question has its answer, those that were given up too";
}

}  // namespace
}  // namespace metrics
