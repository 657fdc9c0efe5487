// trespasser-loadtest: see options_help(). Ends with 0 when no player met an error.

#include <sys/resource.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include "loadtest/loop.h"
#include "loadtest/report.h"

namespace loadtest {
namespace {

using std::chrono::duration;
using std::chrono::milliseconds;

// Each player is a descriptor.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

class Run {
 public:
  explicit Run(const Options& options) : options_(options) {
    for (int i = 0; i < options.threads; ++i) {
      loops_.push_back(std::make_unique<Loop>(options_, stage_, i, options.threads));
    }
  }

  Report go() {
    const Time start = Clock::now();
    for (const auto& loop : loops_) threads_.emplace_back([&loop, start] { loop->run(start); });
    settle(start);
    Report report;
    report.options = options_;
    report.playing_at_start = total(&Loop::playing);
    measure(report);
    stage_.stop.store(true, std::memory_order_release);
    report.gone = total(&Loop::gone);
    for (std::thread& thread : threads_) thread.join();
    for (const auto& loop : loops_) report.stats.merge(loop->stats());
    return report;
  }

 private:
  int total(int (Loop::*what)() const) const {
    int sum = 0;
    for (const auto& loop : loops_) sum += (*loop.*what)();
    return sum;
  }

  void progress(const char* stage, Time since) const {
    if (options_.quiet) return;
    std::fprintf(stderr, "%-8s %6.1f s  connected %d  playing %d  gone %d\n", stage,
                 duration<double>(Clock::now() - since).count(), total(&Loop::connected),
                 total(&Loop::playing), total(&Loop::gone));
  }

  void settle(Time start) const {
    const Time latest = start + std::chrono::duration_cast<Clock::duration>(
                                    duration<double>(options_.ramp + options_.settle));
    for (int round = 0; Clock::now() < latest; ++round) {
      if (total(&Loop::playing) + total(&Loop::gone) >= options_.players) break;
      if (round % 50 == 0) progress("joining", start);
      std::this_thread::sleep_for(milliseconds(100));
    }
    // The first states after entering are no measure of the stream.
    std::this_thread::sleep_for(milliseconds(1'500));
  }

  void measure(Report& report) {
    const Time start = Clock::now();
    if (options_.server_pid > 0) report.server_before = process_usage(options_.server_pid);
    stage_.window_open.store(true, std::memory_order_release);
    const Time end =
        start + std::chrono::duration_cast<Clock::duration>(duration<double>(options_.duration));
    Time last = start;
    for (int round = 1; last < end; ++round) {
      std::this_thread::sleep_until(std::min(end, start + round * milliseconds(1'000)));
      const Time now = Clock::now();
      report.player_seconds += duration<double>(now - last).count() * total(&Loop::connected);
      last = now;
      if (round % 10 == 0) {
        progress("playing", start);
        if (const auto usage = process_usage(options_.server_pid))
          report.server_rss.push_back(usage->rss_bytes);
      }
    }
    stage_.window_open.store(false, std::memory_order_release);
    report.window_s = duration<double>(Clock::now() - start).count();
    if (options_.server_pid > 0) report.server_after = process_usage(options_.server_pid);
  }

  const Options& options_;
  Stage stage_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::thread> threads_;
};

int run(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  if (arguments.size() == 1 && arguments[0] == "--help") {
    std::fputs(options_help().c_str(), stdout);
    return 0;
  }
  const auto options = parse_options(arguments);
  if (!options) {
    std::fprintf(stderr, "trespasser-loadtest: %s\n", options.error().message.c_str());
    return 2;
  }
  raise_descriptor_limit();
  const Report report = Run(*options).go();
  const std::string json = report.json();
  std::fputs(json.c_str(), stdout);
  if (!options->report.empty()) {
    std::ofstream out(options->report);
    out << json;
    if (!out.flush()) {
      std::fprintf(stderr, "trespasser-loadtest: cannot write %s\n", options->report.c_str());
      return 2;
    }
  }
  return report.stats.errors.empty() ? 0 : 1;
}

}  // namespace
}  // namespace loadtest

int main(int argc, char** argv) { return loadtest::run(argc, argv); }
