#pragma once

// Keeps the lobbies of a shard ticking: the engine's deadlines on the shard's timer, packets written after each slot.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include "lobby/engine.h"
#include "net/shard.h"

namespace session {

// Figures of a shard's ticks, readable from any thread (health, metrics).
struct TickGauge {
  std::atomic<std::int64_t> beat_ms{0};       // steady clock of the last sign of life
  std::atomic<std::uint64_t> ticks{0};        // lobby ticks run
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint64_t> busy_ns{0};
  std::atomic<std::uint64_t> worst_late_ns{0};
};

// One a shard, on its thread.
class LobbyHost {
 public:
  static constexpr std::chrono::milliseconds kBeat{50};

  LobbyHost(net::Shard& shard, lobby::LobbyContext context);

  // Begins the signs of life; from the shard's thread.
  void start();

  void join(const lobby::Directory::Place& place, const lobby::LobbyOptions& options,
            const lobby::JoinRequest& request);
  lobby::Engine& engine() { return engine_; }
  const TickGauge& gauge() const { return gauge_; }

 private:
  void arm();
  void run();
  void beat();

  net::Shard& shard_;
  lobby::Engine engine_;
  TickGauge gauge_;
  bool armed_ = false;
};

}  // namespace session
