// LINK: lobby metrics
// What figures cost. Where ticks run: tick_figures, once a tick of a lobby; the tally, when
// something happens. On a thread of its own: the writing of a scrape.

#include <benchmark/benchmark.h>

#include "base/clock.h"
#include "base/tally.h"
#include "lobby/lateness.h"
#include "metrics/sheet.h"

namespace {

void histogram_record(benchmark::State& state) {
  lobby::Lateness histogram;
  std::uint64_t value = 20'000;
  for (auto _ : state) {
    histogram.record(value);
    value = value * 5 / 4 % 50'000'000 + 1;
  }
}
BENCHMARK(histogram_record);

// What the engine does for each tick of a lobby besides the tick.
void tick_figures(benchmark::State& state) {
  lobby::Lateness histogram;
  auto begun = base::steady_now();
  for (auto _ : state) {
    const auto ended = base::steady_now();
    histogram.record(static_cast<std::uint64_t>((ended - begun).count()));
    begun = ended;
  }
}
BENCHMARK(tick_figures);

void tally_count(benchmark::State& state) {
  for (auto _ : state) base::tally::count(base::tally::Event::login);
}
BENCHMARK(tally_count);

void tally_duration(benchmark::State& state) {
  for (auto _ : state)
    base::tally::took(base::tally::Duration::join, std::chrono::microseconds(700));
}
BENCHMARK(tally_duration);

// As many series as a node has.
void scrape_text(benchmark::State& state) {
  metrics::Sheet sheet;
  for (int i = 0; i < 100; ++i)
    sheet.counter("some_figure_total", "About it.", i * 1234.5, {{"kind", std::to_string(i)}});
  for (int i = 0; i < 10; ++i) {
    metrics::Histogram histogram;
    for (int end = 1; end <= 15; ++end) histogram.ends.push_back(end * 0.001);
    histogram.counts.assign(16, 12'345);
    sheet.histogram("some_seconds", "About it.", histogram, {{"kind", std::to_string(i)}});
  }
  for (auto _ : state) benchmark::DoNotOptimize(sheet.text());
}
BENCHMARK(scrape_text);

}  // namespace
