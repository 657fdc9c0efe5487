#include "accounts/rate_match.h"

#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "accounts/rating.h"

namespace accounts {
namespace {

using store::Connection;
using store::MatchPlayer;
using store::MatchResult;
using store::Side;

constexpr double kPeriodSeconds = 24 * 3600;

struct Rated {
  const MatchPlayer* player = nullptr;  // the seat joined last
  bool has_account = false;
  Rating rating;  // grown by rest
};

base::Result<std::optional<Rating>> load(Connection& db, const std::string& player_id,
                                         store::Time now) {
  auto rows = db.query(
      "select r.rating, r.deviation, r.volatility, r.rated_at from players p"
      " left join player_ratings r on r.player_id = p.player_id where p.player_id = $1 and "
      "p.is_active",
      {player_id});
  if (!rows.ok()) return rows.error();
  if (rows->empty()) return std::optional<Rating>();
  const auto& row = rows->front();
  if (row[0].is_null()) return std::optional<Rating>(Rating());
  const Rating last{row[0].real(), row[1].real(), row[2].real()};
  const double rest = std::chrono::duration<double>(now - row[3].time()).count() / kPeriodSeconds;
  return std::optional<Rating>(after_rest(last, rest));
}

base::Result<void> save(Connection& db, const std::string& player_id, const Rating& rating,
                        store::Time now) {
  auto saved = db.query(
      "insert into player_ratings (player_id, rating, deviation, volatility, matches, rated_at)"
      " values ($1, $2, $3, $4, 1, $5) on conflict (player_id) do update set rating = "
      "excluded.rating,"
      " deviation = excluded.deviation, volatility = excluded.volatility, matches = "
      "player_ratings.matches + 1,"
      " rated_at = excluded.rated_at",
      {player_id, rating.rating, rating.deviation, rating.volatility, now});
  return saved.ok() ? base::Result<void>() : base::Result<void>(saved.error());
}

// One entry a person: of several seats of an account the last one counts.
std::vector<Rated> people_of(const MatchResult& result) {
  std::vector<Rated> people;
  std::map<std::string, std::size_t> place;
  for (const MatchPlayer& player : result.players) {
    const bool known = player.player_id && place.contains(*player.player_id);
    if (!known) {
      if (player.player_id) place[*player.player_id] = people.size();
      people.push_back({&player, false, Rating()});
      continue;
    }
    Rated& earlier = people[place[*player.player_id]];
    if (earlier.player->joined_at <= player.joined_at) earlier.player = &player;
  }
  return people;
}

std::optional<Rating> as_one(const std::vector<Rated>& people, Side side) {
  double sum = 0;
  double squares = 0;
  int count = 0;
  for (const Rated& person : people) {
    if (person.player->team != side) continue;
    sum += person.rating.rating;
    squares += person.rating.deviation * person.rating.deviation;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return Rating{sum / count, std::sqrt(squares / count), Rating().volatility};
}

double score_of(const MatchResult& result, const MatchPlayer& player) {
  if (player.left_at) return 0;
  if (result.winning_team == store::Winner::draw) return 0.5;
  return player.won ? 1 : 0;
}

}  // namespace

base::Result<void> rate_match(Connection& db, const MatchResult& result) {
  if (result.reason == "aborted") return {};
  std::vector<Rated> people = people_of(result);
  for (Rated& person : people) {
    if (!person.player->player_id) continue;
    auto rating = load(db, *person.player->player_id, result.completed_at);
    if (!rating.ok()) return rating.error();
    person.has_account = rating->has_value();
    if (*rating) person.rating = **rating;
  }
  const auto red = as_one(people, Side::red);
  const auto blue = as_one(people, Side::blue);
  if (!red || !blue) return {};
  for (const Rated& person : people) {
    if (!person.has_account) continue;
    const Game game{person.player->team == Side::red ? *blue : *red,
                    score_of(result, *person.player)};
    const Rating after = rate(person.rating, std::span(&game, 1));
    if (auto saved = save(db, *person.player->player_id, after, result.completed_at); !saved.ok())
      return saved;
  }
  return {};
}

}  // namespace accounts
