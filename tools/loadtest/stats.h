#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "loadtest/histogram.h"

namespace loadtest {

// The steps of a player's way. Each is begun, and then done, failed, or cancelled because the
// player went away or lost the connection meanwhile.
enum class Step : std::uint8_t {
  register_,  // registration asked for -> account made
  login,      // sign-in asked for -> token
  connect,    // TCP opened -> Socket.IO id
  join,       // find_match, join_lobby or create_private_lobby -> seat
  queue,      // queue:join -> seat
  start,      // seat -> match_started
  enter,      // player:join -> player:join:success
  match,      // in the world -> match_ended
  chat,       // chat:message -> the own line comes back
  vote,       // vote_cast -> counted
  rematch,    // match_ended -> the next match_started
  reconnect,  // TCP opened anew -> the same Socket.IO id
  resume,     // last state before a cut -> first state after it
  leave,      // leave_lobby -> left_lobby
};
inline constexpr std::size_t kStepCount = 14;

struct StepText {
  std::string_view name;   // in the JSON report
  std::string_view title;  // on the page
};
inline constexpr std::array<StepText, kStepCount> kStepTexts = {{
    {"register", "Register"},
    {"login", "Log in"},
    {"connect", "Connect"},
    {"join", "Get a seat"},
    {"queue", "Queue until seated"},
    {"start", "Wait for the match"},
    {"enter", "Enter the world"},
    {"match", "Match"},
    {"chat", "Chat line comes back"},
    {"vote", "Vote counted"},
    {"rematch", "Wait for the next match"},
    {"reconnect", "Reconnect as the same player"},
    {"resume", "Silence around a cut"},
    {"leave", "Leave"},
}};

struct StepFigures {
  std::uint64_t begun = 0;
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  std::uint64_t cancelled = 0;
  Histogram time;  // of those done

  void merge(const StepFigures& other);
};

// A kind of error, with the words of the first one.
struct ErrorCount {
  std::uint64_t count = 0;
  std::string example;
};

// What players saw, of one thread and one stretch of time, or merged. Counts marked (w) only grow
// while the window is open; the others always.
struct Stats {
  std::array<StepFigures, kStepCount> steps;
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
  std::uint64_t all_bytes_in = 0;    // since the begin, of the game's connections
  std::uint64_t all_bytes_out = 0;
  std::uint64_t matches_started = 0;
  std::uint64_t matches_ended = 0;
  std::uint64_t cuts = 0;     // connections cut on purpose
  std::uint64_t retries = 0;  // tries again, as told by Retry-After or after a refusal
  std::map<std::string, ErrorCount> errors;  // by kind

  StepFigures& of(Step step) { return steps[static_cast<std::size_t>(step)]; }
  const StepFigures& of(Step step) const { return steps[static_cast<std::size_t>(step)]; }
  void error(const std::string& kind, std::string_view example);
  std::uint64_t error_count() const;
  void merge(const Stats& other);
};

}  // namespace loadtest
