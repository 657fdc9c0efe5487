#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/types.h"

namespace lobby {

inline constexpr sim::Tick kMaxViewDelay = 12;  // 200 ms (decision 5)

// How old the picture is that a shooter aims at, in ticks, when his shot takes effect: states go
// out at the end of every third tick and travel half a round trip, the shot travels the other half,
// so he aimed at the newest state that was sent at least a round trip before. `since_snapshot`:
// from the tick of the last state to the one in which the shot counts.
inline std::uint16_t view_delay(sim::Tick round_trip, sim::Tick since_snapshot) {
  sim::Tick age = since_snapshot;
  while (age < round_trip + 1 && age < kMaxViewDelay) age += sim::kSnapshotEvery;
  return static_cast<std::uint16_t>(std::min(age, kMaxViewDelay));
}

}  // namespace lobby
