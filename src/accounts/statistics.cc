#include "accounts/statistics.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace accounts {
namespace {

using store::Row;

const std::string kSelectProfile =
    "select p.player_id, p.display_name, p.region, p.created_at, p.total_kills, p.total_deaths, "
    "p.total_matches,"
    " p.wins, r.rating, r.deviation from players p left join player_ratings r on r.player_id = "
    "p.player_id"
    " where p.is_active";

Profile profile_from(const Row& row) {
  Profile profile;
  profile.id = row[0].text();
  profile.display_name = row[1].text();
  profile.region = row[2].text();
  profile.created_at = row[3].time();
  profile.stats.kills = row[4].integer();
  profile.stats.deaths = row[5].integer();
  profile.stats.matches = row[6].integer();
  profile.stats.wins = row[7].integer();
  if (!row[8].is_null()) profile.stats.rating = row[8].real();
  if (!row[9].is_null()) profile.stats.deviation = row[9].real();
  return profile;
}

PlayedMatch match_from(const Row& row) {
  PlayedMatch match;
  match.match_id = row[0].text();
  match.mode = row[1].text();
  match.map = row[2].text();
  match.team = row[3].text();
  match.kills = row[4].integer();
  match.deaths = row[5].integer();
  match.won = row[6].flag();
  match.winning_team = row[7].text();
  match.red_score = row[8].integer();
  match.blue_score = row[9].integer();
  match.reason = row[10].text();
  match.duration_seconds = row[11].integer();
  match.completed_at = row[12].time();
  match.node_id = row[13].text();
  return match;
}

// cursor := time "_" match id, of the last match shown
struct Cursor {
  Time before{};
  std::string match_id;
};

std::string to_text(const Cursor& cursor) {
  return store::to_text(cursor.before) + "_" + cursor.match_id;
}

std::optional<Cursor> parse_cursor(std::string_view text) {
  const auto bar = text.find('_');
  if (bar == std::string_view::npos) return std::nullopt;
  const auto before = store::parse_time(text.substr(0, bar));
  const std::string match_id(text.substr(bar + 1));
  if (!before || !store::is_uuid(match_id)) return std::nullopt;
  return Cursor{*before, match_id};
}

std::string order_sql(Order order) {
  switch (order) {
    case Order::wins:
      return "p.wins desc";
    case Order::kills:
      return "p.total_kills desc";
    case Order::ratio:
      return "p.total_kills * 1.0 / (case when p.total_deaths = 0 then 1 else p.total_deaths end) "
             "desc";
    case Order::rating:
      break;
  }
  return "r.rating desc";
}

}  // namespace

double win_rate(const Stats& stats) {
  return stats.matches == 0 ? 0
                            : static_cast<double>(stats.wins) / static_cast<double>(stats.matches);
}

double kill_ratio(const Stats& stats) {
  return static_cast<double>(stats.kills) /
         static_cast<double>(std::max<std::int64_t>(stats.deaths, 1));
}

base::Result<std::optional<Profile>> public_profile(Connection& db, const std::string& player_id) {
  if (!store::is_uuid(player_id)) return std::optional<Profile>();
  auto rows = db.query(kSelectProfile + " and p.player_id = $1", {player_id});
  if (!rows.ok()) return rows.error();
  if (rows->empty()) return std::optional<Profile>();
  return std::optional<Profile>(profile_from(rows->front()));
}

base::Result<History> history(Connection& db, const std::string& player_id,
                              const std::string& cursor, std::size_t size) {
  Cursor from{store::now() + std::chrono::hours(24), "ffffffff-ffff-ffff-ffff-ffffffffffff"};
  if (!cursor.empty()) {
    const auto parsed = parse_cursor(cursor);
    if (!parsed) return base::Error{"invalid", "cursor is not one of ours"};
    from = *parsed;
  }
  if (!store::is_uuid(player_id)) return History();
  size = std::clamp<std::size_t>(size, 1, kMaxPage);
  auto rows = db.query(
      "select m.match_id, m.game_mode, m.map, p.team, p.kills, p.deaths, p.won, m.winning_team, "
      "m.red_score,"
      " m.blue_score, m.reason, m.duration_seconds, m.completed_at, m.server_node_id from "
      "match_players p"
      " join match_results m on m.match_id = p.match_id"
      " where p.player_id = $1 and (m.completed_at, m.match_id) < ($2, $3)"
      " order by m.completed_at desc, m.match_id desc, p.seat limit $4",
      {player_id, from.before, from.match_id, static_cast<std::int64_t>(size) + 1});
  if (!rows.ok()) return rows.error();
  History page;
  for (const Row& row : *rows) page.matches.push_back(match_from(row));
  if (page.matches.size() > size) {
    page.matches.pop_back();
    page.next = to_text(Cursor{page.matches.back().completed_at, page.matches.back().match_id});
  }
  return page;
}

std::optional<Order> parse_order(const std::string& name) {
  if (name == "wins") return Order::wins;
  if (name == "kills") return Order::kills;
  if (name == "ratio") return Order::ratio;
  if (name == "rating") return Order::rating;
  return std::nullopt;
}

base::Result<Leaderboard> leaderboard(Connection& db, Order order, std::size_t page,
                                      std::size_t size) {
  size = std::clamp<std::size_t>(size, 1, kMaxPage);
  Leaderboard board;
  if (page >= kDeepest / size) {
    board.first_rank = kDeepest + 1;
    return board;
  }
  const std::size_t offset = page * size;
  board.first_rank = offset + 1;
  const std::int64_t least = order == Order::ratio ? kMatchesForRatio : 1;
  auto rows =
      db.query(kSelectProfile + " and p.total_matches >= $1" +
                   (order == Order::rating ? " and r.rating is not null" : "") + " order by " +
                   order_sql(order) + ", p.player_id limit $2 offset $3",
               {least, static_cast<std::int64_t>(size) + 1, static_cast<std::int64_t>(offset)});
  if (!rows.ok()) return rows.error();
  for (const Row& row : *rows) board.players.push_back(profile_from(row));
  board.more = board.players.size() > size;
  if (board.more) board.players.pop_back();
  return board;
}

}  // namespace accounts
