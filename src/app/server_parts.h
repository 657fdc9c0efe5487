#pragma once

// What the server is made of, and how its parts are put together: server.cc the shards and the
// listening, server_cluster.cc the other nodes, server_watch.cc health, metrics and staff.

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <mutex>
#include <vector>

#include "accounts/rate_match.h"
#include "api/metrics_answer.h"
#include "api/routes.h"
#include "app/account_system.h"
#include "app/admin_system.h"
#include "app/business_system.h"
#include "app/core_count.h"
#include "app/database.h"
#include "app/doors.h"
#include "app/drain_command.h"
#include "app/figures.h"
#include "app/memory_return.h"
#include "app/moderation_system.h"
#include "app/open_cluster.h"
#include "app/open_queue.h"
#include "app/origin_rule.h"
#include "app/recent_lateness.h"
#include "app/server.h"
#include "base/client_address.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/rate_limit.h"
#include "base/version.h"
#include "lobby/map_pool.h"
#include "lobby/replay_archive.h"
#include "session/address_limits.h"
#include "session/elsewhere.h"
#include "session/frames.h"
#include "session/gateway.h"
#include "session/lobby_host.h"
#include "session/lobby_keeper.h"
#include "session/match_queue.h"
#include "session/node_link.h"
#include "session/presence.h"
#include "session/return_id.h"
#include "session/router.h"
#include "sio/node.h"
#include "store/database_recorder.h"
#include "store/store.h"

namespace app {

// What belongs to one shard. The gateway is owned by the node.
struct ShardParts {
  std::unique_ptr<session::Router> router;
  std::unique_ptr<session::LobbyHost> host;
  session::Gateway* gateway = nullptr;
};

// Of this node: the setting, or one a core.
unsigned shard_count(const base::Config& config);

struct Server::Parts {
  base::Config config;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::DatabaseRecorder> recorder;
  std::unique_ptr<lobby::ReplayArchive> replays;
  std::unique_ptr<lobby::MapPool> maps;
  std::unique_ptr<lobby::Directory> directory;
  std::unique_ptr<api::StaticFiles> pages;
  std::vector<ShardParts> shards;
  std::vector<session::Router*> routers;
  session::Presence presence;
  base::ClientAddress client_address;
  std::unique_ptr<net::TlsContext> tls;                    // none = no TLS_PORT
  std::unique_ptr<base::RateLimit> opens;                  // of sockets; none = no limit
  std::unique_ptr<net::AddressCount> connections;          // the same
  std::unique_ptr<session::AddressLimits> address_limits;  // none = no limit
  std::unique_ptr<session::MatchQueue> queue;              // ends after the cluster
  std::unique_ptr<session::LobbyKeeper> keeper;            // ends after the cluster
  std::unique_ptr<cluster::Cluster> cluster;               // outlives the accounts
  std::atomic<bool> draining{false};
  std::atomic<bool> drain_wanted{false};
  std::atomic<bool> stopping{false};
  std::atomic<bool> handing_over{false};  // the lobbies here are left to other nodes
  // Only when there can be other nodes. Both end after the cluster, whose thread uses them.
  std::unique_ptr<session::NodeLink> nodes;
  std::unique_ptr<session::Elsewhere> elsewhere;
  RecentLateness lateness;                    // of this node's ticks, for the others to know
  std::atomic<std::int64_t> node_lost_ms{0};  // steady clock, of the last node that died
  // What the cluster's thread brings is heard, and posted to the shards, while these run. Held
  // during the hearing, which may post.
  std::recursive_mutex news_mutex;
  bool hears_news = false;
  std::unique_ptr<AccountSystem> accounts;
  std::unique_ptr<ModerationSystem> moderation;
  std::unique_ptr<session::ReturnIds> return_ids;
  std::unique_ptr<BusinessSystem> business;
  std::unique_ptr<MemoryReturn> memory_return;  // ends before the node
  std::unique_ptr<api::AdminApi> admin_api;
  std::atomic<api::AdminApi*> admin{nullptr};  // the same, set once the shards run
  std::unique_ptr<api::Health> health;
  api::Site site;
  std::atomic<std::uint64_t> faults{0};  // exceptions that reached an event loop, and 500 answers
  std::atomic<std::uint64_t> unavailable{0};  // 503 answers of the API
  std::unique_ptr<metrics::Exporter> exporter;
  std::atomic<metrics::Exporter*> metrics{nullptr};  // the same, set once the shards run
  api::MetricsAccess metrics_access;
  std::unique_ptr<sio::Node> node;

  base::Result<void> open_store();
  base::Result<void> join_cluster();
  base::Result<void> open_accounts();
  bool may_open(const sio::Handshake& hello);
  base::Result<void> read_files();
  void listen_to_cluster();
  void make_keeper();
  cluster::NodeReport own_report() const;
  void report_node();
  void drain();
  template <class Fn>
  void on_every_shard(Fn fn);
  void hear_frames();
  void read_frame(std::string_view from, std::string_view frame);
  void watch_nodes();
  void lose_node(lobby::NodeIndex lost, bool died);
  void publish_lobbies();
  void make_queue();
  std::chrono::milliseconds seek_patience() const;
  void leave_cluster();
  base::Result<void> listen();
  std::unique_ptr<sio::Handler> make_shard(net::Shard& shard);
  void start_health();
  base::Result<void> start_admin();
  void start_metrics();
  BusinessSources::Online online() const;
  store::DayTally counted_ever() const;
  void start_business();
  void start_memory_return();
  void answer_http(net::Shard& shard, const net::HttpRequest& request, net::HttpReply reply);
};

// For news of the cluster, from any thread.
template <class Fn>
void Server::Parts::on_every_shard(Fn fn) {
  const std::lock_guard lock(news_mutex);
  if (!hears_news) return;
  for (unsigned i = 0; i < node->shard_count(); ++i) {
    node->shard(i).post([fn, &parts = shards[i]] { fn(parts); });
  }
}

}  // namespace app
