// The published example of Glicko-2 (Glickman, "Example of the Glicko-2 system"), and what must
// hold besides.

#include "accounts/rating.h"

#include <gtest/gtest.h>

#include <cmath>

namespace accounts {
namespace {

TEST(Rating, D5_ThePublishedExample) {
  const Game games[] = {{{1400, 30, 0.06}, 1}, {{1550, 100, 0.06}, 0}, {{1700, 300, 0.06}, 0}};
  const Rating after = rate({1500, 200, 0.06}, games);
  EXPECT_NEAR(after.rating, 1464.06, 0.01);
  EXPECT_NEAR(after.deviation, 151.52, 0.01);
  EXPECT_NEAR(after.volatility, 0.05999, 0.00001);
}

TEST(Rating, WithoutGamesOnlyTheDeviationGrows) {
  const Rating after = rate({1500, 200, 0.06}, {});
  EXPECT_EQ(after.rating, 1500);
  EXPECT_NEAR(after.deviation, std::sqrt(200 * 200 + 0.06 * 0.06 * 173.7178 * 173.7178), 0.001);
  EXPECT_EQ(after.volatility, 0.06);
  EXPECT_EQ(after_rest({1500, 200, 0.06}, 0).deviation, 200);
  EXPECT_EQ(after_rest({1500, 200, 0.06}, 1e6).deviation, 350)
      << "never less sure than of a newcomer";
  EXPECT_EQ(after_rest({1500, 200, 0.06}, -5).deviation, 200) << "a clock that was set back";
}

TEST(Rating, WinningRaisesLosingLowersADrawOfEqualsKeeps) {
  const Rating player{1500, 80, 0.06};
  const auto against_equal = [&](double score) {
    const Game game{player, score};
    return rate(player, std::span(&game, 1)).rating;
  };
  EXPECT_GT(against_equal(1), 1500);
  EXPECT_LT(against_equal(0), 1500);
  EXPECT_NEAR(against_equal(0.5), 1500, 1e-9);
  EXPECT_NEAR(against_equal(1) - 1500, 1500 - against_equal(0), 1e-9);
}

TEST(Rating, UpsetsOfAllSizesEndInFiniteNumbers) {
  for (double mine = 0; mine <= 6000; mine += 250) {
    for (double theirs = 0; theirs <= 6000; theirs += 250) {
      for (const double deviation : {1.0, 30.0, 350.0}) {
        for (const double score : {0.0, 0.5, 1.0}) {
          const Game game{{theirs, deviation, 0.06}, score};
          const Rating after = rate({mine, deviation, 0.06}, std::span(&game, 1));
          ASSERT_TRUE(std::isfinite(after.rating) && std::isfinite(after.deviation) &&
                      std::isfinite(after.volatility));
          ASSERT_GT(after.deviation, 0);
          ASSERT_GT(after.volatility, 0);
        }
      }
    }
  }
}

}  // namespace
}  // namespace accounts
