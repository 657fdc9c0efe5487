#pragma once

// What the wire must be told besides a match: who sits in which slot, and what time a tick is.

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/types.h"

namespace wire {

// The people of a lobby by slot. The views belong to the lobby and must live until the encoder has
// returned. A seat stays `used` until the events of the tick in which its player left are encoded:
// player:left names it.
struct Roster {
  struct Seat {
    std::string_view
        id;  // socket id of a person, or the lobby's id for a bot; the key of every packet
    std::string_view name;  // display name, already filtered
    bool used = false;
    bool bot = false;
    bool connected = false;
  };
  std::array<Seat, sim::kMaxPlayers> seats;
};

// Ticks of one match object to milliseconds since the Unix epoch, as all times on the wire are
// (contract 6).
struct Clock {
  std::int64_t wall_ms_at_tick0 = 0;

  std::int64_t ms(sim::Tick tick) const {
    return wall_ms_at_tick0 + static_cast<std::int64_t>(tick) * 1000 / sim::kTickRate;
  }
};

}  // namespace wire
