#include "sim/trig.h"

#include <array>
#include <cmath>

namespace sim {
namespace {

// pi/2 in three parts; the first two have 33 bits, so that their products with a quadrant number
// below 2^20 are exact.
constexpr double kHalfPi1 = 1.5707963267341256;
constexpr double kHalfPi2 = 6.077100506303966e-11;
constexpr double kHalfPi3 = 2.0222662487959506e-21;
constexpr double kHalfPi = 1.5707963267948966;
constexpr double kHalfPiLow = 6.123233995736766e-17;
constexpr double kPiLow = 1.2246467991473532e-16;
constexpr double kTwoOverPi = 0.6366197723675814;
constexpr double kLargest = 1e6;

struct Reduced {
  double angle;  // in [-pi/4, pi/4]
  int quadrant;  // 0..3
};

Reduced reduce(double angle) {
  if (angle > kLargest || angle < -kLargest) angle = std::fmod(angle, 2.0 * kPi);
  if (angle <= 0.7853981633974483 && angle >= -0.7853981633974483) return {angle, 0};
  const double turns = std::floor(angle * kTwoOverPi + 0.5);
  const double rest = ((angle - turns * kHalfPi1) - turns * kHalfPi2) - turns * kHalfPi3;
  return {rest, static_cast<int>(static_cast<long long>(turns) & 3)};
}

// Taylor series: at pi/4 the first term left out is below 1e-19.
double sin_small(double x) {
  const double s = x * x;
  double sum = 1.0 / 355687428096000.0;
  sum = sum * s - 1.0 / 1307674368000.0;
  sum = sum * s + 1.0 / 6227020800.0;
  sum = sum * s - 1.0 / 39916800.0;
  sum = sum * s + 1.0 / 362880.0;
  sum = sum * s - 1.0 / 5040.0;
  sum = sum * s + 1.0 / 120.0;
  sum = sum * s - 1.0 / 6.0;
  return x + x * (s * sum);
}

double cos_small(double x) {
  const double s = x * x;
  double sum = -1.0 / 6402373705728000.0;
  sum = sum * s + 1.0 / 20922789888000.0;
  sum = sum * s - 1.0 / 87178291200.0;
  sum = sum * s + 1.0 / 479001600.0;
  sum = sum * s - 1.0 / 3628800.0;
  sum = sum * s + 1.0 / 40320.0;
  sum = sum * s - 1.0 / 720.0;
  sum = sum * s + 1.0 / 24.0;
  const double half = 0.5 * s;
  const double whole = 1.0 - half;
  return whole + (((1.0 - whole) - half) + s * s * sum);
}

// atan(k/8) as a sum of two doubles.
constexpr std::array<double, 9> kAtan = {0.0,
                                         0.12435499454676144,
                                         0.24497866312686414,
                                         0.35877067027057225,
                                         0.4636476090008061,
                                         0.5585993153435624,
                                         0.6435011087932844,
                                         0.7188299996216245,
                                         0.7853981633974483};
constexpr std::array<double, 9> kAtanLow = {0.0,
                                            -3.1253241424539383e-18,
                                            1.0698755618734451e-17,
                                            -2.4623815582638635e-17,
                                            2.2698777452961687e-17,
                                            -5.4556305485916264e-18,
                                            1.5834785051444286e-17,
                                            -2.1478388444456983e-17,
                                            3.061616997868383e-17};

struct Sum {
  double high;
  double low;
};

// atan(small/large) for 0 <= small <= large, large > 0.
Sum atan_of_ratio(double small, double large) {
  const int step = static_cast<int>(small / large * 8.0 + 0.5);
  const double near = 0.125 * step;
  const double t = (small - near * large) / (large + near * small);  // |t| <= 1/16
  const double s = t * t;
  double sum = 1.0 / 13.0;
  sum = sum * s - 1.0 / 11.0;
  sum = sum * s + 1.0 / 9.0;
  sum = sum * s - 1.0 / 7.0;
  sum = sum * s + 1.0 / 5.0;
  sum = sum * s - 1.0 / 3.0;
  const auto index = static_cast<std::size_t>(step);
  if (step == 0) return {t, t * (s * sum)};
  return {kAtan[index], kAtanLow[index] + (t + t * (s * sum))};
}

}  // namespace

double sin(double angle) {
  const Reduced r = reduce(angle);
  switch (r.quadrant) {
    case 0:
      return sin_small(r.angle);
    case 1:
      return cos_small(r.angle);
    case 2:
      return -sin_small(r.angle);
    default:
      return -cos_small(r.angle);
  }
}

double cos(double angle) { return direction(angle).x; }

Vec2 direction(double angle) {
  const Reduced r = reduce(angle);
  const double s = sin_small(r.angle);
  const double c = cos_small(r.angle);
  switch (r.quadrant) {
    case 0:
      return {c, s};
    case 1:
      return {-s, c};
    case 2:
      return {-c, -s};
    default:
      return {s, -c};
  }
}

double atan2(double y, double x) {
  const double up = std::fabs(y);
  const double across = std::fabs(x);
  if (up == 0.0) return x < 0.0 ? kPi : 0.0;
  double angle;
  if (up <= across) {
    const Sum a = atan_of_ratio(up, across);
    angle = x < 0.0 ? (kPi - a.high) + (kPiLow - a.low) : a.high + a.low;
  } else {
    const Sum a = atan_of_ratio(across, up);
    angle = x < 0.0 ? (kHalfPi + a.high) + (kHalfPiLow + a.low)
                    : (kHalfPi - a.high) + (kHalfPiLow - a.low);
  }
  return y < 0.0 ? -angle : angle;
}

double asin(double x) {
  if (x >= 1.0) return kHalfPi;
  if (x <= -1.0) return -kHalfPi;
  return atan2(x, std::sqrt((1.0 - x) * (1.0 + x)));
}

double normalised(double angle) {
  if (angle > -kPi && angle <= kPi) return angle;
  if (angle > kLargest || angle < -kLargest) angle = std::fmod(angle, 2.0 * kPi);
  const double turns = std::floor(angle / (2.0 * kPi) + 0.5);
  const double rest = angle - turns * (2.0 * kPi);
  if (rest > kPi) return rest - 2.0 * kPi;
  return rest <= -kPi ? rest + 2.0 * kPi : rest;
}

double pow_four_fifths(double x) {
  if (x <= 1e-20) return 0.0;  // the true value is below 1e-16
  if (x >= 1.0) return 1.0;
  // Fifth root of x^4 by Newton from above: the first guess 1 is never below the root, the sequence
  // falls to it.
  const double square = x * x;
  const double target = square * square;
  double root = 1.0;
  for (int i = 0; i < 200; ++i) {
    const double fourth = (root * root) * (root * root);
    const double next = root - (root - target / fourth) * 0.2;
    if (next >= root) break;
    root = next;
  }
  return root;
}

}  // namespace sim
