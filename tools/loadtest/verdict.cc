#include "loadtest/verdict.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace loadtest {
namespace {

constexpr double kConnectionShare = 0.999;
constexpr double kCompletionShare = 0.99;
constexpr double kJoinMs = 20;
constexpr double kLoginMs = 200;
constexpr double kSnapshotMs = 10;
// With fewer, what the server costs without any would be most of it.
constexpr double kLeastLobbies = 20;
constexpr double kCpuPerLobby = 0.004;         // of a core
constexpr double kMemoryPerLobby = 1'000'000;  // bytes

std::string text(const char* format, double value) {
  std::array<char, 64> out;
  std::snprintf(out.data(), out.size(), format, value);
  return out.data();
}

void add_share(std::vector<Verdict>& out, std::string what, std::uint64_t good, std::uint64_t bad,
               double least) {
  if (good + bad == 0) return;
  const double share = static_cast<double>(good) / static_cast<double>(good + bad);
  out.push_back({std::move(what), text("> %.4g %%", 100 * least),
                 text("%.3f %%", 100 * share) + " of " + std::to_string(good + bad),
                 share > least});
}

void add_time(std::vector<Verdict>& out, std::string what, const Histogram& times, double share,
              double most_ms) {
  if (times.count() == 0) return;
  const double found = static_cast<double>(times.quantile(share)) / 1000;
  out.push_back(
      {std::move(what), text("< %.0f ms", most_ms), text("%.2f ms", found), found < most_ms});
}

void add_server(std::vector<Verdict>& out, const ServerLog& log, const std::string& of) {
  if (log.window_end <= log.window_begin || log.window_end >= log.readings.size()) return;
  const ServerFigures& begin = log.readings[log.window_begin];
  const ServerFigures& end = log.readings[log.window_end];
  const double dropped = end.ticks_dropped - begin.ticks_dropped;
  out.push_back({"Ticks left out" + of, "0",
                 text("%.0f", dropped) + text(" of %.0f", end.ticks - begin.ticks), dropped == 0});
  const double lobbies = std::min(begin.lobbies, end.lobbies);
  const double seconds = end.t - begin.t;
  if (lobbies < kLeastLobbies || seconds <= 0) return;
  const double cpu = (end.cpu_seconds - begin.cpu_seconds) / seconds / lobbies;
  out.push_back({"Server CPU per lobby" + of, text("< %.1f %% of a core", 100 * kCpuPerLobby),
                 text("%.3f %%", 100 * cpu), cpu < kCpuPerLobby});
  const double bytes = (end.memory_bytes - log.readings.front().memory_bytes) / lobbies;
  out.push_back({"Server memory per lobby" + of, text("< %.0f MB", kMemoryPerLobby / 1e6),
                 text("%.3f MB", bytes / 1e6), bytes < kMemoryPerLobby});
}

}  // namespace

std::vector<Verdict> verdicts(const Report& report) {
  const Stats& stats = report.stats;
  std::vector<Verdict> out;
  const StepFigures& connect = stats.of(Step::connect);
  const StepFigures& reconnect = stats.of(Step::reconnect);
  add_share(out, "Connection success", connect.done + reconnect.done,
            connect.failed + reconnect.failed, kConnectionShare);
  const StepFigures& match = stats.of(Step::match);
  add_share(out, "Match completion", match.done, match.failed, kCompletionShare);
  add_time(out, "Get a seat, p95", stats.of(Step::join).time, 0.95, kJoinMs);
  add_time(out, "Log in, p95", stats.of(Step::login).time, 0.95, kLoginMs);
  add_time(out, "Snapshots off their 50 ms, p99", stats.snapshot_skew, 0.99, kSnapshotMs);
  for (const ServerLog& log : report.servers) {
    add_server(out, log, report.servers.size() > 1 ? ", " + log.server : "");
  }
  return out;
}

bool passed(const Report& report) {
  if (!report.stats.errors.empty()) return false;
  const auto all = verdicts(report);
  return std::all_of(all.begin(), all.end(), [](const Verdict& one) { return one.passed; });
}

}  // namespace loadtest
