#include "sim/trig.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sim/random.h"

namespace sim {
namespace {

constexpr double kUlp = std::numeric_limits<double>::epsilon();

TEST(Trig, SinAndCosAreWithinTwoUnitsOfTheTrueValue) {
  Random random(1);
  for (int i = 0; i < 200000; ++i) {
    const double x = (random.uniform() - 0.5) * (i % 2 == 0 ? 7.0 : 2000.0);
    ASSERT_NEAR(sin(x), std::sin(x), 2 * kUlp * std::max(std::fabs(std::sin(x)), 1e-3)) << x;
    ASSERT_NEAR(cos(x), std::cos(x), 2 * kUlp * std::max(std::fabs(std::cos(x)), 1e-3)) << x;
    const Vec2 d = direction(x);
    ASSERT_EQ(d.x, cos(x));
    ASSERT_EQ(d.y, sin(x));
  }
}

TEST(Trig, HugeArgumentsAreReduced) {
  for (const double x : {1e7, -3e9, 1e100, -1e300}) {
    EXPECT_LE(std::fabs(sin(x)), 1.0) << x;
    EXPECT_LE(std::fabs(cos(x)), 1.0) << x;
    EXPECT_LE(std::fabs(normalised(x)), kPi) << x;
  }
}

TEST(Trig, Atan2IsWithinTwoUnitsOfTheTrueValue) {
  Random random(2);
  for (int i = 0; i < 300000; ++i) {
    const double scale = i % 3 == 0 ? 1e-6 : 500.0;
    const double y = (random.uniform() - 0.5) * scale;
    const double x = (random.uniform() - 0.5) * 500.0;
    ASSERT_NEAR(atan2(y, x), std::atan2(y, x), 2 * kUlp * std::fabs(std::atan2(y, x)))
        << y << ' ' << x;
  }
}

TEST(Trig, Atan2OfTheAxesAndDiagonalsIsExact) {
  EXPECT_EQ(atan2(0, 0), 0.0);
  EXPECT_EQ(atan2(0, 5), 0.0);
  EXPECT_EQ(atan2(0, -5), kPi);
  EXPECT_EQ(atan2(-0.0, -5), kPi);
  EXPECT_EQ(atan2(5, 0), kPi / 2);
  EXPECT_EQ(atan2(-5, 0), -kPi / 2);
  EXPECT_EQ(atan2(60, 60), kPi / 4);
  EXPECT_EQ(atan2(60, -60), 3 * kPi / 4);
  EXPECT_EQ(atan2(-60, 60), -kPi / 4);
}

TEST(Trig, AsinAndNormalised) {
  for (double x = -1.0; x <= 1.0; x += 1.0 / 1024) ASSERT_NEAR(asin(x), std::asin(x), 4e-16) << x;
  EXPECT_EQ(asin(2.0), kPi / 2);
  EXPECT_EQ(normalised(kPi), kPi);
  EXPECT_NEAR(normalised(-kPi - 0.5), kPi - 0.5, 1e-15);
  EXPECT_NEAR(normalised(20.0), 20.0 - 6 * kPi, 1e-14);
  EXPECT_NEAR(turn(3.0, -3.0), 2 * kPi - 6.0, 1e-15);
}

TEST(Trig, PowFourFifths) {
  for (double x = 0.0; x <= 1.0; x += 1.0 / 4096)
    ASSERT_NEAR(pow_four_fifths(x), std::pow(x, 0.8), 4e-16) << x;
  EXPECT_NEAR(pow_four_fifths(1e-19), 6.309573444801943e-16, 1e-28);
  EXPECT_EQ(pow_four_fifths(1e-60), 0.0);
}

}  // namespace
}  // namespace sim
