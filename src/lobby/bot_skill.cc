#include "lobby/bot_skill.h"

#include <array>

namespace lobby {
namespace {

// Tuned by tools/botmatch: normal hits with about a third of its rifle bullets, as a practised
// person does.
constexpr std::array<SkillTraits, 3> kTraits = {{
    {.reaction = 54,
     .first_error = 0.50,
     .settle = 0.984,
     .wobble = 0.190,
     .tracking = 11.0,
     .turn_rate = 0.055,
     .steadiness = 0.15,
     .aims_down_sights = false,
     .pause = 70,
     .throws = 0.15,
     .cover_health = 20.0},
    {.reaction = 36,
     .first_error = 0.36,
     .settle = 0.976,
     .wobble = 0.120,
     .tracking = 7.5,
     .turn_rate = 0.080,
     .steadiness = 0.30,
     .aims_down_sights = true,
     .pause = 44,
     .throws = 0.30,
     .cover_health = 35.0},
    {.reaction = 19,
     .first_error = 0.18,
     .settle = 0.945,
     .wobble = 0.052,
     .tracking = 3.5,
     .turn_rate = 0.130,
     .steadiness = 0.50,
     .aims_down_sights = true,
     .pause = 20,
     .throws = 0.45,
     .cover_health = 45.0},
}};

}  // namespace

std::optional<BotSkill> bot_skill_from(std::string_view name) {
  if (name == "easy") return BotSkill::easy;
  if (name == "normal") return BotSkill::normal;
  if (name == "hard") return BotSkill::hard;
  return std::nullopt;
}

const SkillTraits& traits_of(BotSkill skill) { return kTraits[static_cast<std::size_t>(skill)]; }

}  // namespace lobby
