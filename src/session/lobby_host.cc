#include "session/lobby_host.h"

#include "base/clock.h"

namespace session {

LobbyHost::LobbyHost(net::Shard& shard, lobby::LobbyContext context)
    : shard_(shard), engine_(std::move(context), base::steady_now()) {
  gauge_.lateness = &engine_.lateness();
  gauge_.durations = &engine_.durations();
}

void LobbyHost::start() { beat(); }

void LobbyHost::beat() {
  const auto now = base::steady_now();
  gauge_.beat_ms.store(base::steady_ms(), std::memory_order_relaxed);
  shard_.at(now + lobby::kBeat, [this] { beat(); });
}

void LobbyHost::join(const lobby::Directory::Place& place, const lobby::LobbyOptions& options,
                     const lobby::JoinRequest& request) {
  engine_.join(place, options, request, base::steady_now());
  arm();
}

base::Result<void> LobbyHost::adopt(const lobby::Directory::Place& place, std::string_view save) {
  const auto adopted = engine_.adopt(place, save, base::steady_now());
  arm();
  return adopted;
}

void LobbyHost::lose(lobby::LobbyNumber lobby) {
  engine_.lose(lobby);
  shard_.flush();
}

void LobbyHost::drain() {
  engine_.drain();
  shard_.flush();
}

void LobbyHost::arm() {
  if (armed_) return;
  const auto deadline = engine_.next_deadline();
  if (!deadline) return;
  armed_ = true;
  shard_.at(*deadline, [this] { run(); });
}

void LobbyHost::run() {
  armed_ = false;
  engine_.run(base::steady_now(), [this] { shard_.flush(); });
  const lobby::TickStats stats = engine_.stats();
  gauge_.ticks.store(stats.ticks, std::memory_order_relaxed);
  gauge_.dropped.store(stats.dropped, std::memory_order_relaxed);
  gauge_.busy_ns.store(stats.busy_ns, std::memory_order_relaxed);
  arm();
}

}  // namespace session
