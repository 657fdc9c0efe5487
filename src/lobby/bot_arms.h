#pragma once

// What a bot does with its weapons: which one suits, when to pull the trigger, how to throw.

#include <optional>

#include "lobby/bot_skill.h"
#include "sim/random.h"
#include "sim/world.h"

namespace lobby {

// The distance at which a weapon is at its best, px.
double ideal_distance(sim::WeaponId weapon);

// Could the weapon fire as soon as its cooldown is over?
bool loaded(const sim::Player& player, const sim::WeaponState& weapon);

// The loaded gun that suits the distance best, the held one if it is nearly as good; none when all
// are empty. Never an explosive one so near that it would kill its owner.
sim::WeaponId best_gun(const sim::Player& player, double distance);

// The loaded gun that opens wood soonest; none when all are empty.
sim::WeaponId wall_opener(const sim::Player& player);

// The first gun that wants and can be reloaded while nobody is about; none when there is nothing to
// do.
sim::WeaponId gun_to_reload(const sim::Player& player);

bool is_explosive(sim::WeaponId weapon);

// Bursts and pauses.
class Trigger {
 public:
  void reset() { *this = {}; }
  // May the held weapon fire in this tick? Counts the shot if so.
  bool pull(const sim::Player& player, const sim::WeaponState& weapon, sim::Tick now,
            const SkillTraits& traits, sim::Random& random);

 private:
  int left_ = 0;  // shots of this burst
  sim::Tick rest_until_ = 0;
};

// A throw in preparation: the weapon is in the hand and charged until `release`.
struct Throw {
  sim::WeaponId weapon = sim::WeaponId::none;
  sim::Vec2 at;
  std::uint8_t charge = 1;
  sim::Tick begin = 0;
  sim::Tick release = 0;
};

// A throw of this weapon from `from` to `at`; none when it is not carried or not so far.
std::optional<Throw> plan_throw(const sim::Player& player, sim::WeaponId weapon, sim::Vec2 from,
                                sim::Vec2 at, sim::Tick now);

}  // namespace lobby
