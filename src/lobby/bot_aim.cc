#include "lobby/bot_aim.h"

#include <algorithm>
#include <cmath>

#include "sim/trig.h"

namespace lobby {
namespace {

constexpr int kWobblePeriod = 9;     // ticks between two twitches of the hand
constexpr double kWobbleEase = 0.2;  // share of the way to the next twitch taken each tick
constexpr double kTurnEase =
    0.35;  // share of the remaining turn taken each tick, up to the turn rate
constexpr double kLookRate = 0.7;  // looking around is slower than snapping to a target

}  // namespace

double bell(sim::Random& random) {
  double sum = -2.0;
  for (int i = 0; i < 4; ++i) sum += random.uniform();
  return sum * 1.7320508;  // sqrt(12 / 4)
}

void BotAim::reset(double angle) {
  *this = {};
  angle_ = angle;
}

void BotAim::acquire(const SkillTraits& traits, sim::Random& random) {
  first_ = traits.first_error * bell(random);
  until_new_goal_ = 0;
}

void BotAim::track(double bearing, double motion, double unrest, const SkillTraits& traits,
                   sim::Random& random) {
  first_ *= traits.settle;
  if (--until_new_goal_ <= 0) {
    until_new_goal_ = kWobblePeriod;
    wobble_goal_ = bell(random) * (traits.wobble + traits.tracking * std::abs(motion)) * unrest;
  }
  wobble_ += (wobble_goal_ - wobble_) * kWobbleEase;
  turn_to(bearing + first_ + wobble_, traits.turn_rate);
}

void BotAim::look(double bearing, const SkillTraits& traits) {
  turn_to(bearing, traits.turn_rate * kLookRate);
}

void BotAim::turn_to(double wanted, double rate) {
  const double rest = sim::turn(angle_, wanted);
  const double step = std::clamp(rest * kTurnEase, -rate, rate);
  angle_ = sim::normalised(angle_ + step);
  off_ = std::abs(rest - step);
}

}  // namespace lobby
