#include "loadtest/run.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/clock.h"

namespace loadtest {
namespace {

using std::chrono::duration;
using std::chrono::milliseconds;

constexpr double kMostPoints = 200;
constexpr auto kBeat = milliseconds(100);

// Whole seconds, so that the report has no more than some hundred points.
double slice_seconds(const Options& options) {
  return std::max(1.0, std::ceil(options.longest() / kMostPoints));
}

double cpu_now() {
  const auto usage = process_usage(static_cast<int>(::getpid()));
  return usage ? usage->cpu_seconds : 0;
}

}  // namespace

Run::Run(const Options& options, std::vector<Account> accounts, std::uint64_t seed,
         const volatile std::sig_atomic_t& stop)
    : options_(options),
      stop_(stop),
      accounts_(std::move(accounts)),
      series_(slice_seconds(options), static_cast<std::size_t>(options.threads)),
      progress_(options.quiet),
      slice_(
          std::chrono::duration_cast<Clock::duration>(duration<double>(slice_seconds(options)))) {
  report_.options = options;
  report_.seed = seed;
  for (const Target& target : options.targets) {
    report_.servers.push_back(
        {.server = "http://" + target.authority(), .readings = {}, .trouble = {}});
  }
  for (int i = 0; i < options.threads; ++i) {
    loops_.push_back(std::make_unique<Loop>(options_, accounts_, seed, stage_, i, options.threads));
  }
}

int Run::total(int (Loop::*what)() const) const {
  int sum = 0;
  for (const auto& loop : loops_) sum += (*loop.*what)();
  return sum;
}

double Run::seconds() const { return duration<double>(Clock::now() - start_).count(); }

Report Run::go() {
  report_.begun_wall_ms = base::wall_ms();
  start_ = Clock::now();
  read_servers();
  start_ = Clock::now();
  for (const auto& loop : loops_) {
    threads_.emplace_back([&loop, this] { loop->run(start_, slice_); });
  }
  settle();
  if (options_.profile != Profile::accounts && !stopped()) measure();
  end();
  return report_;
}

void Run::take_slices() {
  const int connected = total(&Loop::connected);
  const int playing = total(&Loop::playing);
  for (const auto& loop : loops_) {
    for (const Slice& slice : loop->take_slices()) series_.add(slice, connected, playing);
  }
}

std::size_t Run::read_servers() {
  std::size_t number = 0;
  if (options_.scrape <= 0) return number;
  for (std::size_t i = 0; i < report_.servers.size(); ++i) {
    ServerLog& log = report_.servers[i];
    // One that never answered is not asked again and again; one that did may come back.
    if (!log.trouble.empty() && log.readings.empty()) continue;
    auto figures = read_figures(options_.targets[i], options_.metrics_token);
    if (figures) {
      figures->t = seconds();
      log.readings.push_back(std::move(figures).value());
      number = log.readings.size() - 1;
    } else {
      log.trouble = figures.error().message;
    }
  }
  next_reading_ = seconds() + options_.scrape;
  return number;
}

void Run::tend(const char* stage) {
  std::this_thread::sleep_for(kBeat);
  take_slices();
  const double now = seconds();
  if (progress_.due(now)) {
    progress_.show(now, progress_line(stage, now, total(&Loop::connected), total(&Loop::playing),
                                      total(&Loop::gave_up), series_.total()));
  }
  if (options_.scrape > 0 && now >= next_reading_) read_servers();
}

void Run::settle() {
  const bool only_accounts = options_.profile == Profile::accounts;
  const double latest = options_.ramp + options_.settle;
  while (!stopped() && !all_gone() && (only_accounts || seconds() < latest)) {
    if (total(&Loop::in_place) + total(&Loop::gone) >= options_.players) break;
    tend(only_accounts ? "signing" : "joining");
  }
  // The first states after entering are no measure of the stream.
  const double rested = seconds() + 1.5;
  while (!stopped() && !only_accounts && seconds() < rested) tend("joining");
}

void Run::measure() {
  const double begin = seconds();
  report_.window_begin_s = begin;
  report_.playing_at_start = total(&Loop::playing);
  if (options_.server_pid > 0) report_.server_before = process_usage(options_.server_pid);
  const double cpu = cpu_now();
  read_servers();
  for (ServerLog& log : report_.servers) {
    log.window_begin = log.readings.empty() ? 0 : log.readings.size() - 1;
  }
  stage_.window_open.store(true, std::memory_order_release);
  double last = begin;
  double next_rss = begin + 10;
  while (!stopped() && seconds() < begin + options_.duration) {
    tend("playing");
    const double now = seconds();
    report_.player_seconds += (now - last) * total(&Loop::connected);
    last = now;
    if (now < next_rss) continue;
    next_rss += 10;
    if (const auto usage = process_usage(options_.server_pid))
      report_.server_rss.push_back(usage->rss_bytes);
  }
  stage_.window_open.store(false, std::memory_order_release);
  report_.window_s = seconds() - begin;
  report_.client_cpu_s = cpu_now() - cpu;
  if (options_.server_pid > 0) report_.server_after = process_usage(options_.server_pid);
  read_servers();
  for (ServerLog& log : report_.servers) {
    log.window_end = log.readings.empty() ? 0 : log.readings.size() - 1;
  }
}

void Run::end() {
  const double latest = seconds() + options_.finish;
  if (options_.finish > 0 && !stopped()) {
    stage_.finish.store(true, std::memory_order_release);
    while (!stopped() && !all_gone() && seconds() < latest) tend("ending");
  }
  report_.interrupted = stopped();
  if (const auto usage = process_usage(static_cast<int>(::getpid()))) {
    report_.client_rss = usage->rss_bytes;
  }
  stage_.stop.store(true, std::memory_order_release);
  for (std::thread& thread : threads_) thread.join();
  report_.gone = total(&Loop::gave_up);
  read_servers();
  take_slices();
  series_.close();
  report_.elapsed_s = seconds();
  report_.stats = series_.total();
  report_.points = series_.points();
}

}  // namespace loadtest
