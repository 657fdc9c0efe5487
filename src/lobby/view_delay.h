#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/types.h"

namespace lobby {

inline constexpr sim::Tick kMaxViewDelay = 12;  // 200 ms (decision 5)

// How old the picture is that a shooter aims at, in ticks, when his shot arrives: states go out every third tick and
// travel half a round trip, the shot travels the other half, so he aimed at the newest state that is at least a round
// trip old. `since_snapshot`: ticks since the last state was sent.
inline std::uint16_t view_delay(sim::Tick round_trip, sim::Tick since_snapshot) {
  sim::Tick age = since_snapshot;
  while (age < round_trip && age < kMaxViewDelay) age += sim::kSnapshotEvery;
  return static_cast<std::uint16_t>(std::min(age, kMaxViewDelay));
}

}  // namespace lobby
