#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "loadtest/histogram.h"

namespace loadtest {

// What the players of one thread saw. Counts marked (w) only grow while the window is open; the
// others from the start.
struct Stats {
  Histogram connect;        // from connect() to the Socket.IO id
  Histogram join;           // from find_match to lobby_joined
  Histogram enter;          // from player:join to player:join:success
  Histogram snapshot_gap;   // (w) between two states of one player in a running match
  Histogram snapshot_skew;  // (w) how far a gap is from 50 ms, either way

  std::uint64_t snapshots = 0;       // (w)
  std::uint64_t snapshot_bytes = 0;  // (w) payload of states alone
  std::uint64_t messages_in = 0;     // (w)
  std::uint64_t bytes_in = 0;        // (w) frames, with headers
  std::uint64_t messages_out = 0;    // (w)
  std::uint64_t bytes_out = 0;       // (w)
  std::uint64_t inputs = 0;          // (w)
  std::uint64_t shots = 0;           // (w)
  std::uint64_t deaths = 0;          // (w)
  std::uint64_t matches_started = 0;
  std::uint64_t matches_ended = 0;
  std::map<std::string, std::uint64_t> errors;  // by what happened

  void merge(const Stats& other);
};

}  // namespace loadtest
