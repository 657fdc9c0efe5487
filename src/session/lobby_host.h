#pragma once

// Keeps the lobbies of a shard ticking: the engine's deadlines on the shard's timer, packets
// written after each slot.

#include "lobby/engine.h"
#include "lobby/tick_gauge.h"
#include "net/shard.h"

namespace session {

// One a shard, on its thread.
class LobbyHost {
 public:
  LobbyHost(net::Shard& shard, lobby::LobbyContext context);

  // Begins the signs of life; from the shard's thread.
  void start();

  void join(const lobby::Directory::Place& place, const lobby::LobbyOptions& options,
            const lobby::JoinRequest& request);
  // The three ways in which a lobby is not its players' business alone; see Engine.
  base::Result<void> adopt(const lobby::Directory::Place& place, std::string_view save);
  void lose(lobby::LobbyNumber lobby);
  void drain();

  lobby::Engine& engine() { return engine_; }
  const lobby::TickGauge& gauge() const { return gauge_; }

 private:
  void arm();
  void run();
  void beat();

  net::Shard& shard_;
  lobby::Engine engine_;
  lobby::TickGauge gauge_;
  bool armed_ = false;
};

}  // namespace session
