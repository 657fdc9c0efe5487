#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "lobby/lateness.h"

namespace lobby {

// How often a shard gives a sign of life, whether it has lobbies or not.
inline constexpr std::chrono::milliseconds kBeat{50};

// Figures of a shard's ticks, readable from any thread (health, metrics).
struct TickGauge {
  std::atomic<std::int64_t> beat_ms{0};  // steady clock of the last sign of life
  std::atomic<std::uint64_t> ticks{0};   // lobby ticks run
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint64_t> busy_ns{0};
  // Of the shard's engine, set before any thread starts.
  const Lateness* lateness = nullptr;
  const Lateness* durations = nullptr;
};

}  // namespace lobby
