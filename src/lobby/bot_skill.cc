#include "lobby/bot_skill.h"

#include <array>

namespace lobby {
namespace {

// Tuned by tools/botmatch: normal hits with about a third of its rifle bullets, as a practised person does.
constexpr std::array<SkillTraits, 3> kTraits = {{
    {.reaction = 34, .first_error = 0.30, .settle = 0.975, .wobble = 0.085, .tracking = 5.0,
     .turn_rate = 0.075, .steadiness = 0.15, .aims_down_sights = false, .pause = 34,
     .throws = 0.15, .cover_health = 20.0},
    {.reaction = 21, .first_error = 0.20, .settle = 0.955, .wobble = 0.050, .tracking = 3.0,
     .turn_rate = 0.110, .steadiness = 0.35, .aims_down_sights = true, .pause = 20,
     .throws = 0.30, .cover_health = 35.0},
    {.reaction = 13, .first_error = 0.11, .settle = 0.920, .wobble = 0.022, .tracking = 1.5,
     .turn_rate = 0.160, .steadiness = 0.55, .aims_down_sights = true, .pause = 10,
     .throws = 0.45, .cover_health = 45.0},
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
