#include "lobby/bot_skill.h"

#include <array>

namespace lobby {
namespace {

// Tuned by tools/botmatch: normal hits with about a third of its rifle bullets, as a practised person does.
constexpr std::array<SkillTraits, 3> kTraits = {{
    {.reaction = 45, .first_error = 0.42, .settle = 0.980, .wobble = 0.150, .tracking = 9.0,
     .turn_rate = 0.065, .steadiness = 0.15, .aims_down_sights = false, .pause = 50,
     .throws = 0.15, .cover_health = 20.0},
    {.reaction = 30, .first_error = 0.30, .settle = 0.970, .wobble = 0.095, .tracking = 6.0,
     .turn_rate = 0.090, .steadiness = 0.30, .aims_down_sights = true, .pause = 32,
     .throws = 0.30, .cover_health = 35.0},
    {.reaction = 17, .first_error = 0.16, .settle = 0.940, .wobble = 0.045, .tracking = 3.0,
     .turn_rate = 0.140, .steadiness = 0.50, .aims_down_sights = true, .pause = 16,
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
