#pragma once

// The node's figures for GET /metrics (O2): what each room counts, under its name there.
// docs/operations/metrics.md lists them.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "api/health.h"
#include "app/account_system.h"
#include "base/config.h"
#include "cluster/gauge.h"
#include "lobby/directory.h"
#include "lobby/tick_gauge.h"
#include "metrics/exporter.h"
#include "net/counters.h"
#include "session/gateway.h"
#include "session/lobby_keeper.h"
#include "session/queue_gauge.h"
#include "store/business.h"
#include "store/database_recorder.h"
#include "store/store.h"

namespace app {

// All of it is read from the exporter's thread and outlives the exporter.
struct FigureSources {
  const base::Config& config;
  const lobby::Directory& directory;
  const store::Store& store;
  const store::DatabaseRecorder& recorder;
  const AccountSystem& accounts;
  const api::Health& health;
  const cluster::Gauge* redis = nullptr;  // null = this node is alone
  const session::QueueGauge& queue;
  const session::LobbyKeeper& keeper;
  std::function<std::shared_ptr<const store::BusinessReport>()> business;  // null = not yet
  // One each a shard.
  std::vector<const net::Counters*> wires;
  std::vector<const lobby::TickGauge*> ticks;
  std::vector<const session::GatewayCounters*> gateways;
  const std::atomic<std::uint64_t>& faults;       // of our own: exceptions, answers 500
  const std::atomic<std::uint64_t>& unavailable;  // answers 503 of the API
};

std::vector<metrics::Exporter::Source> figure_sources(FigureSources sources);

// Its parts, by room.
void add_process(metrics::Sheet& sheet, const FigureSources& from);  // process, machine, health
void add_wire(metrics::Sheet& sheet, const FigureSources& from);     // connections, packets
void add_ticks(metrics::Sheet& sheet, const FigureSources& from);    // lobbies and their ticks
void add_people(metrics::Sheet& sheet, const FigureSources& from);   // accounts, matches, safety
void add_matchmaking(metrics::Sheet& sheet, const FigureSources& from);
void add_business(metrics::Sheet& sheet, const FigureSources& from);  // of all nodes together
void add_backends(metrics::Sheet& sheet, const FigureSources& from);  // database, Redis, queues

}  // namespace app
