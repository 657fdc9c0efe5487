#pragma once

// How good a bot is. Times in ticks (1/60 s), angles in radians.

#include <optional>
#include <string_view>

#include "sim/types.h"

namespace lobby {

enum class BotSkill : std::uint8_t { easy, normal, hard };

// "easy", "normal" or "hard"; anything else is none of them.
std::optional<BotSkill> bot_skill_from(std::string_view name);

struct SkillTraits {
  sim::Tick reaction;     // from first sight of an enemy to the first aimed move
  double first_error;     // aim error when an enemy is first aimed at, one standard deviation
  double settle;          // share of that error that is left after each tick of aiming
  double wobble;          // aim error that stays, one standard deviation
  double tracking;        // further error per rad/tick of the target's apparent motion
  double turn_rate;       // fastest turn of the view per tick
  double steadiness;      // chance to stand still while shooting at a distant enemy
  bool aims_down_sights;  // uses ADS at a distance
  sim::Tick pause;        // mean pause between two bursts
  double throws;          // chance to use a thrown weapon when there is an occasion
  double cover_health;    // below this health it breaks off once to take cover
};

const SkillTraits& traits_of(BotSkill skill);

}  // namespace lobby
