#include "accounts/rating.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace accounts {
namespace {

constexpr double kScale = 173.7178;  // of Glicko to Glicko-2
constexpr double kCenter = 1500;
constexpr double kTolerance = 0.000001;  // epsilon of step 5

double g(double phi) {
  return 1 / std::sqrt(1 + 3 * phi * phi / (std::numbers::pi * std::numbers::pi));
}

double expected(double mu, double opponent_mu, double opponent_phi) {
  return 1 / (1 + std::exp(-g(opponent_phi) * (mu - opponent_mu)));
}

// Step 5: the root of f by the Illinois algorithm, as published.
double new_volatility(double sigma, double phi, double v, double delta) {
  const double a = std::log(sigma * sigma);
  const auto f = [&](double x) {
    const double e = std::exp(x);
    const double d = phi * phi + v + e;
    return e * (delta * delta - d) / (2 * d * d) - (x - a) / (kTau * kTau);
  };
  double A = a;
  double B = 0;
  if (delta * delta > phi * phi + v) {
    B = std::log(delta * delta - phi * phi - v);
  } else {
    double k = 1;
    while (f(a - k * kTau) < 0) ++k;
    B = a - k * kTau;
  }
  double fA = f(A);
  double fB = f(B);
  while (std::abs(B - A) > kTolerance) {
    const double C = A + (A - B) * fA / (fB - fA);
    const double fC = f(C);
    if (fC * fB <= 0) {
      A = B;
      fA = fB;
    } else {
      fA /= 2;
    }
    B = C;
    fB = fC;
  }
  return std::exp(A / 2);
}

}  // namespace

Rating rate(const Rating& before, std::span<const Game> games) {
  if (games.empty()) return after_rest(before, 1);
  const double mu = (before.rating - kCenter) / kScale;
  const double phi = before.deviation / kScale;
  double information = 0;  // 1 / v
  double surprise = 0;     // delta / v
  for (const Game& game : games) {
    const double opponent_mu = (game.opponent.rating - kCenter) / kScale;
    const double weight = g(game.opponent.deviation / kScale);
    const double e = expected(mu, opponent_mu, game.opponent.deviation / kScale);
    information += weight * weight * e * (1 - e);
    surprise += weight * (game.score - e);
  }
  constexpr double kNothingLearnt =
      1e-12;  // an opponent thousands of points away: the result was certain
  if (information < kNothingLearnt) return after_rest(before, 1);
  const double v = 1 / information;
  const double sigma = new_volatility(before.volatility, phi, v, v * surprise);
  const double phi_star = std::sqrt(phi * phi + sigma * sigma);
  const double new_phi = 1 / std::sqrt(1 / (phi_star * phi_star) + information);
  const double new_mu = mu + new_phi * new_phi * surprise;
  return {new_mu * kScale + kCenter, new_phi * kScale, sigma};
}

Rating after_rest(const Rating& before, double periods) {
  const double phi = before.deviation / kScale;
  const double grown =
      std::sqrt(phi * phi + before.volatility * before.volatility * std::max(periods, 0.0));
  return {before.rating, std::min(grown * kScale, std::max(Rating().deviation, before.deviation)),
          before.volatility};
}

}  // namespace accounts
