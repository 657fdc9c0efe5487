#pragma once

// What a server says of itself on /metrics, as far as the report shows it.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "loadtest/target.h"

namespace loadtest {

struct ServerFigures {
  double t = 0;            // s since the begin of the run
  double cpu_seconds = 0;  // since the server's start, as all totals are
  double memory_bytes = 0;
  double lobbies = 0;
  double players = 0;
  double ticks = 0;
  double ticks_dropped = 0;
  double matches_started = 0;
  double matches_completed = 0;
  double matches_aborted = 0;
  double registrations = 0;
  double logins = 0;
  double recovered = 0;  // connections
  double snapshots_skipped = 0;
  std::vector<std::pair<double, double>> lateness;  // of ticks: edge in s, how many up to it
};

// Nothing when the text has none of the figures.
std::optional<ServerFigures> parse_figures(std::string_view text);

// How late `share` of the ticks between two readings were at most, s; 0 when there were none. As
// coarse as the server's buckets.
double lateness_between(const ServerFigures& begin, const ServerFigures& end, double share);

// Asks a server; blocks, at most some seconds.
base::Result<ServerFigures> read_figures(const Target& target, const std::string& token);

// All readings of one server.
struct ServerLog {
  std::string server;
  std::vector<ServerFigures> readings;
  std::size_t window_begin = 0;  // which of them were made when the window opened
  std::size_t window_end = 0;    // and closed
  std::string trouble;           // why there are none, or no more; "" = none
};

}  // namespace loadtest
