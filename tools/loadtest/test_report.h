#pragma once

// A report of a small run, for tests.

#include "loadtest/report.h"

namespace loadtest::testing {

// 100 connections, 40 logins of 50 ms, 40 seats of 5 ms, 10 matches, states 0.2 ms off; one server
// with 100 lobbies, 0.1 % of a core and 0.5 MB each; two minutes of it measured.
inline Report good_report() {
  Report report;
  report.options.targets.push_back({"127.0.0.1", 3000, {}});
  report.options.accounts = true;
  report.begun_wall_ms = 1'795'341'669'508;
  report.elapsed_s = 130;
  report.window_begin_s = 5;
  report.window_s = 120;
  report.player_seconds = 1'000;
  Stats& stats = report.stats;
  const auto add = [&](Step step, int count, std::int64_t micros) {
    StepFigures& figures = stats.of(step);
    for (int i = 0; i < count; ++i) figures.time.add(micros);
    figures.begun = figures.done = static_cast<std::uint64_t>(count);
  };
  add(Step::connect, 100, 1'000);
  add(Step::login, 40, 50'000);
  add(Step::join, 40, 5'000);
  add(Step::match, 10, 60'000'000);
  for (int i = 0; i < 100; ++i) {
    stats.snapshot_gap.add(50'200);
    stats.snapshot_skew.add(200);
  }
  for (int i = 0; i < 3; ++i) {
    Point point;
    point.t = i * 60.0;
    point.connected = 40;
    point.playing = 30 + i;
    point.snapshots = 30;
    point.skew_p50_ms = point.skew_p99_ms = 0.2;
    point.steps[static_cast<std::size_t>(Step::login)] = {20, 0, 50, 55};
    report.points.push_back(point);
  }
  ServerLog log{.server = "http://127.0.0.1:3000", .readings = {}, .trouble = {}};
  for (int i = 0; i < 3; ++i) {
    ServerFigures figures;
    figures.t = 60.0 * i;
    figures.lobbies = i == 0 ? 0 : 100;
    figures.cpu_seconds = 6.0 * i;
    figures.memory_bytes = i == 0 ? 20e6 : 70e6;
    figures.ticks = 360'000.0 * i;
    figures.lateness = {{0.001, 1'000.0 * i}, {0.002, 1'001.0 * i}};
    log.readings.push_back(figures);
  }
  log.window_begin = 1;
  log.window_end = 2;
  report.servers.push_back(log);
  return report;
}

}  // namespace loadtest::testing
