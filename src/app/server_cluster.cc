#include "app/server_parts.h"
#include "base/log.h"
#include "lobby/listing.h"

namespace app {

namespace log = base::log;

namespace {

constexpr std::chrono::seconds kReportEvery{1};        // of this node to the cluster
constexpr std::chrono::seconds kLeavePatience{1};      // for the cluster's last answer
constexpr std::chrono::milliseconds kWatchEvery{500};  // the other nodes
// What seek_patience() chooses from; a lobby is taken over within 2 to 6 s of its node's death.
constexpr std::chrono::milliseconds kSeekAlone{300};
constexpr std::chrono::milliseconds kSeekAmongNodes{2'000};
constexpr std::chrono::milliseconds kSeekAfterLoss{8'000};
constexpr std::chrono::milliseconds kTakeOverTime{15'000};

}  // namespace

base::Result<void> Server::Parts::join_cluster() {
  auto opened = open_cluster(config);
  if (!opened) return opened.error();
  cluster = std::move(opened).value();
  if (config.redis_url.empty()) return {};
  nodes = std::make_unique<session::NodeLink>(cluster->channel(), config.node_id);
  elsewhere = std::make_unique<session::Elsewhere>(
      *cluster, *nodes, config.region, [this](lobby::ShardIndex shard, std::function<void()> fn) {
        const std::lock_guard lock(news_mutex);
        if (hears_news) node->shard(shard).post(std::move(fn));
      });
  return {};
}

void Server::Parts::listen_to_cluster() {
  // A5, S8: a login that ended anywhere, or a ban of guests, closes its sockets on every shard.
  cluster->sessions().listen([this](const cluster::SessionEnd& end) {
    const std::lock_guard lock(news_mutex);
    if (!hears_news) return;
    if (!end.address.empty()) accounts->guest_bans().forget(end.address);
    on_every_shard([end](ShardParts& parts) {
      if (end.address.empty())
        return parts.gateway->end_login(end.player_id, end.session_id, end.reason);
      parts.gateway->end_guests(end.address, end.reason);
    });
  });
  cluster->channel().on_notice([this](std::string_view, std::string_view notice) {
    const std::lock_guard lock(news_mutex);
    if (!hears_news) return;
    if (const auto kick = moderation->hear(notice)) {
      // The lobbies first: a session that ends takes its seat along, and then nobody is known there
      // any more.
      on_every_shard([whom = lobby::Banished{kick->account_id, kick->connection_id, kick->network}](
                         ShardParts& parts) { parts.host->engine().banish(whom); });
      on_every_shard([kick](ShardParts& parts) { parts.gateway->end_kicked(*kick); });
    }
    if (notice == drain_notice(config.node_id)) drain_wanted = true;
  });
}

// What shards of other nodes say to ours.
void Server::Parts::hear_frames() {
  cluster->channel().on_frame(
      [this](std::string_view from, std::string_view frame) { read_frame(from, frame); });
  cluster->channel().on_unreachable([this](std::string_view id) {
    // With the cluster away nobody is dead for that.
    if (cluster->gauge().connected) lose_node(nodes->index_of(id), true);
  });
}

void Server::Parts::read_frame(std::string_view from, std::string_view frame) {
  if (api::AdminApi::owns_frame(frame)) {
    const std::lock_guard lock(news_mutex);
    if (api::AdminApi* const api = admin; hears_news && api != nullptr)
      api->hear_frame(from, frame);
    return;
  }
  session::frames::Address to;
  const lobby::NodeIndex sender = nodes->index_of(from);
  if (!session::frames::address_of(frame, to) || sender == session::NodeLink::kNobody) return;
  const auto bytes = std::make_shared<const std::string>(frame);
  const auto deliver = [sender, bytes](ShardParts& parts) {
    parts.router->read_frame(sender, *bytes);
  };
  if (to.shard == session::frames::kAllShards) return on_every_shard(deliver);
  const std::lock_guard lock(news_mutex);
  if (!hears_news) return;
  // Nodes may have different numbers of shards; questions to any shard reach one.
  const unsigned shard = to.shard % node->shard_count();
  const auto read = [deliver, &parts = shards[shard]] { deliver(parts); };
  if (to.hurried) {
    node->shard(shard).post(read);
  } else {
    node->shard(shard).post_unhurried(read);
  }
}

void Server::Parts::watch_nodes() {
  const std::lock_guard lock(news_mutex);
  if (!hears_news) return;
  cluster->nodes().list([this](const base::Result<std::vector<cluster::NodeEntry>>& known) {
    if (!known) return;  // the cluster is away: nobody is dead for that
    for (const auto& [lost, died] : nodes->learn(*known)) lose_node(lost, died);
  });
  cluster->after(kWatchEvery, [this] { watch_nodes(); });
}

void Server::Parts::lose_node(lobby::NodeIndex lost, bool died) {
  if (lost == session::NodeLink::kNobody) return;
  nodes->lost(lost);
  if (died) node_lost_ms = base::steady_ms();
  on_every_shard([lost](ShardParts& parts) {
    parts.gateway->node_lost(lost);
    parts.host->engine().node_lost(lost);
  });
}

// How long a player who comes back waits for word of his seat: while a dead node's lobbies are
// being taken over, longer.
std::chrono::milliseconds Server::Parts::seek_patience() const {
  if (nodes == nullptr) return kSeekAlone;
  const bool lately = base::steady_ms() - node_lost_ms < kTakeOverTime.count();
  return lately ? kSeekAfterLoss : kSeekAmongNodes;
}

// C2: the lobbies of this node in the directory of all.
void Server::Parts::publish_lobbies() {
  directory->watch({.changed =
                        [this](const lobby::DirectoryEntry& entry) {
                          cluster->lobbies().publish(lobby::listing_of(entry, config.region));
                        },
                    .gone =
                        [this](const std::string& id) {
                          if (!handing_over) cluster->lobbies().close(id);
                        }});
}

void Server::Parts::make_queue() {
  queue = open_queue(
      {.config = config,
       .cluster = *cluster,
       .directory = *directory,
       .store = *store,
       .nodes = nodes.get(),
       .shards = static_cast<lobby::ShardIndex>(shard_count(config)),
       .on_gateway = [this](lobby::ShardIndex shard, std::function<void(session::Gateway&)> fn) {
         const std::lock_guard lock(news_mutex);
         if (!hears_news) return;
         node->shard(shard).post([this, shard, fn = std::move(fn)] { fn(*shards[shard].gateway); });
       }});
}

void Server::Parts::make_keeper() {
  session::LobbyKeeper::Options options;
  options.shards = shard_count(config);
  options.max_lobbies = static_cast<std::uint32_t>(config.max_lobbies_per_node);
  options.keeps = !config.redis_url.empty();
  keeper = std::make_unique<session::LobbyKeeper>(
      *cluster, *directory, *recorder, options,
      [this](lobby::ShardIndex shard, std::function<void(session::LobbyHost&)> fn) {
        const std::lock_guard lock(news_mutex);
        if (!hears_news) return;
        node->shard(shard).post(
            [host = shards[shard].host.get(), fn = std::move(fn)] { fn(*host); });
      });
}

// C5.
void Server::Parts::drain() {
  if (draining.exchange(true)) return;
  health->set_draining(true);
  directory->drain();
  keeper->drain();
  queue->drain();
  cluster->nodes().report(own_report());
  on_every_shard([](ShardParts& parts) { parts.host->drain(); });
}

// C2: what this node says about itself.
cluster::NodeReport Server::Parts::own_report() const {
  const lobby::DirectoryCounts counts = directory->counts();
  cluster::NodeReport report;
  report.address = config.host + ":" + std::to_string(node->port());
  report.region = config.region;
  report.players = counts.players;
  report.max_players = static_cast<std::uint32_t>(config.max_players_per_node);
  report.lobbies = counts.lobbies;
  report.max_lobbies = static_cast<std::uint32_t>(config.max_lobbies_per_node);
  report.playing = counts.playing;
  for (unsigned i = 0; i < node->shard_count(); ++i)
    report.connections += static_cast<std::uint32_t>(node->counters(i).sockets.value());
  report.late_us = lateness.p99_us();
  report.version = base::version();
  report.draining = draining;
  return report;
}

// Once a second.
void Server::Parts::report_node() {
  const std::lock_guard lock(news_mutex);
  if (!hears_news) return;
  lobby::Lateness::Counts late{};
  for (const ShardParts& parts : shards) parts.host->gauge().lateness->add_to(late);
  lateness.read(late);
  cluster->nodes().report(own_report());
  cluster->after(kReportEvery, [this] { report_node(); });
}

// So that nobody takes this node for dead; not waited for when the cluster is away.
void Server::Parts::leave_cluster() {
  auto gone = std::make_shared<std::promise<void>>();
  cluster->nodes().leave([gone](const base::Result<void>&) { gone->set_value(); });
  if (gone->get_future().wait_for(kLeavePatience) != std::future_status::ready)
    log::warn("cluster_not_left");
}

}  // namespace app
