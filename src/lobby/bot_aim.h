#pragma once

// The view of a bot: turns no faster than a hand, misses like one, settles with time.

#include "lobby/bot_skill.h"
#include "sim/random.h"
#include "sim/types.h"

namespace lobby {

class BotAim {
 public:
  // Looks along this angle, at nothing.
  void reset(double angle);

  double angle() const { return angle_; }

  // A new target: the first guess is off.
  void acquire(const SkillTraits& traits, sim::Random& random);
  // One tick of following a target whose bearing changes by `motion` rad per tick; `unrest` >= 1
  // multiplies all errors.
  void track(double bearing, double motion, double unrest, const SkillTraits& traits,
             sim::Random& random);
  // One tick of looking somewhere without aiming.
  void look(double bearing, const SkillTraits& traits);

  // How far the view is from where the bot believes the target to be, rad.
  double off() const { return off_; }

 private:
  void turn_to(double wanted, double rate);

  double angle_ = 0.0;
  double off_ = 0.0;
  double first_ = 0.0;  // error of the first guess, what is left of it
  double wobble_ = 0.0;
  double wobble_goal_ = 0.0;
  int until_new_goal_ = 0;  // ticks
};

// About normal with deviation 1, within +-3.5: four draws.
double bell(sim::Random& random);

}  // namespace lobby
