#pragma once

// What is kept of a finished match. A value: the lobby fills it at the end of a match and hands it
// to Recorder.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace store {

// A moment in UTC, to the millisecond; both databases keep it with its zone.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

enum class Side : std::uint8_t { red, blue };
enum class Winner : std::uint8_t { red, blue, draw };

// One person's part in one match. Bots are left out (L10). A person who left and came back on
// another seat has two.
struct MatchPlayer {
  std::string seat;  // seat id, unique within the match, 1..64 bytes
  std::optional<std::string>
      player_id;  // uuid of the account; none = guest, of whom only this row is kept (A6)
  std::string display_name;  // as shown in the match, 1..128 bytes of UTF-8
  Side team = Side::red;
  std::uint32_t kills = 0;
  std::uint32_t deaths = 0;
  Time joined_at{};
  std::optional<Time> left_at;  // none = stayed to the end
  bool won = false;             // the lobby's decision: of the winning team, and there at the end
};

struct MatchResult {
  std::string
      match_id;  // uuid (base::uuid_v7): the key by which the row is written exactly once (D4)
  std::string lobby_id;
  std::string node_id;
  std::string mode;  // "tdm"
  std::string map;   // name without folder and ending
  Winner winning_team = Winner::draw;
  std::uint32_t red_score = 0;
  std::uint32_t blue_score = 0;
  std::string reason;  // "score_limit", "time_limit", "forfeit", "aborted"
  Time started_at{};
  Time completed_at{};
  std::uint32_t duration_seconds = 0;
  std::vector<MatchPlayer> players;
};

// Is the text a uuid in lower case, with hyphens?
bool is_uuid(const std::string& text);

const char* name_of(Side side);      // "red", "blue"
const char* name_of(Winner winner);  // "red", "blue", "draw"

// Is this a result that a database takes: ids well formed, seats unique, names and counters in
// range? The error says what is wrong ("invalid").
base::Result<void> check(const MatchResult& result);

// The outbox's form of a result: JSON text. decode() gives back what encode() was given, or
// "invalid".
std::string encode(const MatchResult& result);
base::Result<MatchResult> decode(const std::string& text);

}  // namespace store
