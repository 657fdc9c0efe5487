#pragma once

// One tick of a world in the order of rules 11.2, with damage applied at the end (decision 6).

#include <span>

#include "sim/command.h"
#include "sim/turn.h"

namespace sim {

// A world on a map, with all walls whole and nobody in it.
World make_world(std::shared_ptr<const Map> map, std::uint64_t seed);

// Advances the world by one tick and appends what happened. Commands are taken by slot, then in
// their order; start and abandon are the match's and ignored here, as is anything that makes no
// sense now. Allocates only to grow `events`.
void step(World& world, const StepRules& rules, std::span<const Command> commands,
          std::vector<Event>& events);

}  // namespace sim
