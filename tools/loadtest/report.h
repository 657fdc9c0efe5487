#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loadtest/options.h"
#include "loadtest/series.h"
#include "loadtest/server_figures.h"
#include "loadtest/server_process.h"
#include "loadtest/stats.h"

namespace loadtest {

// A run in figures.
struct Report {
  Options options;
  std::uint64_t seed = 0;          // that was used
  std::int64_t begun_wall_ms = 0;  // since 1970
  double elapsed_s = 0;            // of the whole run
  bool interrupted = false;        // by a signal
  Stats stats;
  std::vector<Point> points;
  double window_begin_s = 0;                  // since the begin
  double window_s = 0;                        // measured length of the window
  int playing_at_start = 0;                   // players in a match when the window opened
  int gone = 0;                               // players who gave up
  double player_seconds = 0;                  // connected players times seconds, in the window
  std::optional<ProcessUsage> server_before;  // --server-pid: at the window's begin
  std::optional<ProcessUsage> server_after;   // and its end
  std::vector<std::uint64_t> server_rss;      // every 10 s of the window
  std::vector<ServerLog> servers;             // from /metrics
  double client_cpu_s = 0;                    // of this program, in the window
  std::uint64_t client_rss = 0;               // bytes, at the end

  // CPU time of this program for one connected player's second, us.
  double client_us_per_player_second() const {
    return player_seconds > 0 ? 1e6 * client_cpu_s / player_seconds : 0;
  }
  // docs/operations/loadtest.md describes it.
  std::string json() const;
};

}  // namespace loadtest
