#pragma once

#include "sim/random.h"
#include "sim/types.h"

namespace lobby {

// One of a dozen sensible, legal choices.
sim::Loadout bot_loadout(sim::Random& random);

}  // namespace lobby
