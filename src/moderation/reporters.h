#pragma once

#include <cstddef>
#include <span>

#include "store/reports.h"

namespace moderation {

// How many different people made these reports, as far as can be told (S7): reports of one account,
// of one network, or of players who queued as a party, count once; so do those that hang together
// by way of a third.
std::size_t different_reporters(std::span<const store::Report> reports);

}  // namespace moderation
