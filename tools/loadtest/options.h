#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace loadtest {

struct Options {
  std::string host = "127.0.0.1";  // IPv4 address of the server
  std::uint16_t port = 3000;
  int players = 100;
  int threads = 1;
  double ramp = 5;  // seconds over which the players connect
  double settle =
      40;  // seconds after the ramp in which all must be playing, or the window opens without them
  double duration = 60;  // seconds of the window in which traffic and snapshots are counted
  double inputs = 30;    // player:input a second and player
  double shots = 1;      // weapon:fire a second and player, on average
  int server_pid = 0;    // its CPU time and memory are read from /proc and reported; 0 = not
  std::string report;    // file for the JSON report; "" = none
  bool quiet = false;    // no progress lines

  sockaddr_in address() const;
  std::string authority() const { return host + ":" + std::to_string(port); }
};

// Flags as --players 400 or --players=400. The Error names the flag.
base::Result<Options> parse_options(std::span<const std::string_view> arguments);
std::string options_help();

}  // namespace loadtest
