#pragma once

// What anybody may know about players (D5): profiles, matches, the leaderboard. No e-mail ever.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/players.h"
#include "base/error.h"

namespace accounts {

struct Profile {
  std::string id;
  std::string display_name;
  std::string region;
  Time created_at{};
  Stats stats;
};

// wins / matches, 0 without matches.
double win_rate(const Stats& stats);
// kills / deaths, with no death counted as one.
double kill_ratio(const Stats& stats);

// Nothing when there is no such account (any more), or the text is no id.
base::Result<std::optional<Profile>> public_profile(Connection& db, const std::string& player_id);

struct PlayedMatch {
  std::string match_id;
  std::string mode;
  std::string map;
  std::string team;
  std::int64_t kills = 0;
  std::int64_t deaths = 0;
  bool won = false;
  std::string winning_team;
  std::int64_t red_score = 0;
  std::int64_t blue_score = 0;
  std::string reason;
  std::int64_t duration_seconds = 0;
  Time completed_at{};
  std::string node_id;  // that played it
};

inline constexpr std::size_t kMaxPage = 100;

struct History {
  std::vector<PlayedMatch> matches;  // newest first
  std::string next;                  // cursor of the next page, "" = this was the last
};
// A player's matches, at most `size` (1..100) of them. `cursor` is "" or the `next` of the page
// before; any other text is "invalid".
base::Result<History> history(Connection& db, const std::string& player_id,
                              const std::string& cursor, std::size_t size);

enum class Order : std::uint8_t { wins, kills, ratio, rating };
std::optional<Order> parse_order(const std::string& name);  // "wins", "kills", "ratio", "rating"

inline constexpr std::size_t kDeepest = 10'000;      // ranks beyond are not listed
inline constexpr std::int64_t kMatchesForRatio = 5;  // so that nobody leads by one lucky match

struct Leaderboard {
  std::size_t first_rank = 1;
  std::vector<Profile> players;
  bool more = false;
};
// Page 0 is the top. Players with at least one match; by ratio with at least five. Equals are in
// the order of their ids.
base::Result<Leaderboard> leaderboard(Connection& db, Order order, std::size_t page,
                                      std::size_t size);

}  // namespace accounts
