#pragma once

#include <cstdint>

#include "loadtest/options.h"
#include "loadtest/player.h"

namespace loadtest {

// Seconds from the begin of the run at which a player comes: evenly over the ramp.
double begin_of(const Options& options, int player);

// What kind of player a profile makes of this one; the same each time.
Player::Role role_of(Profile profile, std::uint64_t player);

}  // namespace loadtest
