#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loadtest/options.h"
#include "loadtest/server_process.h"
#include "loadtest/stats.h"

namespace loadtest {

// A run in figures.
struct Report {
  Options options;
  Stats stats;
  double window_s = 0;                        // measured length of the window
  int playing_at_start = 0;                   // players in a match when the window opened
  int gone = 0;                               // players whose connection was over at the end
  double player_seconds = 0;                  // connected players times seconds, in the window
  std::optional<ProcessUsage> server_before;  // at the window's begin
  std::optional<ProcessUsage> server_after;   // and its end
  std::vector<std::uint64_t> server_rss;      // every 10 s of the window

  std::string json() const;
};

}  // namespace loadtest
