#pragma once

// Glicko-2 by Mark Glickman, "Example of the Glicko-2 system" (2022): pure functions over values.

#include <span>

namespace accounts {

// On Glicko's scale. The defaults are a newcomer's.
struct Rating {
  double rating = 1500;
  double deviation = 350;    // RD
  double volatility = 0.06;  // sigma
};

struct Game {
  Rating opponent;   // before the rating period
  double score = 0;  // 1 won, 0.5 drawn, 0 lost
};

// How much volatility may change in a period: small values keep improbable results from moving
// ratings much.
inline constexpr double kTau = 0.5;

// The rating after one period with these games; without games only the deviation grows (step 6).
Rating rate(const Rating& before, std::span<const Game> games);

// The rating after `periods` (>= 0, fractions too) without a game: the deviation grows, to a
// newcomer's at most.
Rating after_rest(const Rating& before, double periods);

}  // namespace accounts
