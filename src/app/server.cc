#include "app/server.h"

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
#include "app/core_count.h"
#include "app/database.h"
#include "app/doors.h"
#include "app/drain_command.h"
#include "app/figures.h"
#include "app/moderation_system.h"
#include "app/open_cluster.h"
#include "app/open_queue.h"
#include "app/origin_rule.h"
#include "base/client_address.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/rate_limit.h"
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

namespace fs = std::filesystem;
namespace log = base::log;

namespace {

constexpr std::chrono::seconds kStatementPatience{5};
constexpr std::chrono::seconds kReportEvery{1};        // of this node to the cluster
constexpr std::chrono::seconds kLeavePatience{1};      // for the cluster's last answer
constexpr std::chrono::milliseconds kWatchEvery{500};  // the other nodes
// What seek_patience() chooses from; a lobby is taken over within 2 to 6 s of its node's death.
constexpr std::chrono::milliseconds kSeekAlone{300};
constexpr std::chrono::milliseconds kSeekAmongNodes{2'000};
constexpr std::chrono::milliseconds kSeekAfterLoss{8'000};
constexpr std::chrono::milliseconds kTakeOverTime{15'000};

// What belongs to one shard. The gateway is owned by the node.
struct ShardParts {
  std::unique_ptr<session::Router> router;
  std::unique_ptr<session::LobbyHost> host;
  session::Gateway* gateway = nullptr;
};

lobby::Timing timing_from(const base::Config& config) {
  const auto ticks = [](std::chrono::seconds span) {
    return static_cast<sim::Tick>(span.count()) * sim::kTickRate;
  };
  lobby::Timing timing;
  timing.countdown = ticks(config.countdown);
  timing.alone = std::min(timing.alone, timing.countdown);
  timing.vote = std::min(ticks(config.vote_time), ticks(config.results_time));
  timing.results = ticks(config.results_time) - timing.vote;
  return timing;
}

unsigned shard_count(const base::Config& config) {
  if (config.shards > 0) return static_cast<unsigned>(config.shards);
  return core_count();
}

// Sessions and lobbies are numbered from here, so that a word to one of before a restart does not
// reach another.
std::uint64_t random_beginning() { return base::secure_u64() >> 16; }

OriginRule origin_rule(const base::Config& config) {
  return {config.cors_origins, !config.production()};
}

}  // namespace

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
  std::atomic<std::int64_t> node_lost_ms{0};  // steady clock, of the last node that died
  // What the cluster's thread brings is heard, and posted to the shards, while these run. Held
  // during the hearing, which may post.
  std::recursive_mutex news_mutex;
  bool hears_news = false;
  std::unique_ptr<AccountSystem> accounts;
  std::unique_ptr<ModerationSystem> moderation;
  std::unique_ptr<session::ReturnIds> return_ids;
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
  void lose_node(lobby::NodeIndex lost);
  void publish_lobbies();
  void make_queue();
  std::chrono::milliseconds seek_patience() const;
  void leave_cluster();
  base::Result<void> listen();
  std::unique_ptr<sio::Handler> make_shard(net::Shard& shard);
  void start_health();
  base::Result<void> start_admin();
  void start_metrics();
  void answer_http(net::Shard& shard, const net::HttpRequest& request, net::HttpReply reply);
};

base::Result<void> Server::Parts::open_store() {
  auto opened = open_database(config, kStatementPatience);
  if (!opened) return opened.error();
  store = std::move(opened).value();
  if (const auto settled = settle_schema(config, *store); !settled) return settled.error();
  store::RecorderOptions recording;
  recording.outbox.path = config.data_dir + "/outbox.db";
  recording.outbox.on_match = accounts::rate_match;
  recording.node_id = config.node_id;
  auto recording_to = store::DatabaseRecorder::open(recording, *store);
  if (!recording_to) return recording_to.error();
  recorder = std::move(recording_to).value();
  return {};
}

base::Result<void> Server::Parts::read_files() {
  auto pool = lobby::MapPool::load(config.maps_dir, config.default_map);
  if (!pool) return pool.error();
  maps = std::make_unique<lobby::MapPool>(std::move(pool).value());
  auto files = api::StaticFiles::load(fs::path(config.web_dir), "/");
  if (!files) return files.error();
  pages = std::make_unique<api::StaticFiles>(std::move(files).value());
  if (config.replay_days > 0) {
    replays = std::make_unique<lobby::ReplayArchive>(lobby::ReplayArchive::Options{
        .folder = fs::path(config.data_dir) / "replays",
        .keep = std::chrono::hours(24 * config.replay_days),
        .max_bytes = static_cast<std::uint64_t>(config.replay_megabytes) * 1'000'000});
  }
  if (pages->empty()) log::warn("no_pages", {{"web_dir", config.web_dir}});
  return {};
}

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

base::Result<void> Server::Parts::open_accounts() {
  auto made = AccountSystem::make(config, *store, cluster->sessions(), origin_rule(config));
  if (!made) return made.error();
  accounts = std::move(made).value();
  moderation = std::make_unique<ModerationSystem>(config, *store, cluster->sessions(),
                                                  cluster->channel(), *recorder);
  return_ids = std::make_unique<session::ReturnIds>(accounts->secret());
  auto addresses = base::ClientAddress::make(config.trusted_proxies);
  if (!addresses) return addresses.error();
  client_address = std::move(addresses).value();
  auto readers = api::MetricsAccess::make(config.metrics_allow, config.metrics_token);
  if (!readers) return readers.error();
  metrics_access = std::move(readers).value();
  if (config.socket_opens_per_minute > 0)
    opens = std::make_unique<base::RateLimit>(config.socket_opens_per_minute);
  if (config.connections_per_address > 0)
    connections = std::make_unique<net::AddressCount>(
        static_cast<std::size_t>(config.connections_per_address), client_address);
  if (config.address_requests_per_minute > 0) {
    address_limits = std::make_unique<session::AddressLimits>(config.address_requests_per_minute);
  }
  return {};
}

// S1. This machine's own addresses are limited like any other.
bool Server::Parts::may_open(const sio::Handshake& hello) {
  const std::string address = client_address.of(hello.address, hello.forwarded_for);
  return opens->take(address, base::steady_now()).allowed;
}

// For news of the cluster, from any thread.
template <class Fn>
void Server::Parts::on_every_shard(Fn fn) {
  const std::lock_guard lock(news_mutex);
  if (!hears_news) return;
  for (unsigned i = 0; i < node->shard_count(); ++i) {
    node->shard(i).post([fn, &parts = shards[i]] { fn(parts); });
  }
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
    if (const auto kick = moderation->hear(notice))
      on_every_shard([kick](ShardParts& parts) { parts.gateway->end_kicked(*kick); });
    if (notice == drain_notice(config.node_id)) drain_wanted = true;
  });
}

// What shards of other nodes say to ours.
void Server::Parts::hear_frames() {
  cluster->channel().on_frame(
      [this](std::string_view from, std::string_view frame) { read_frame(from, frame); });
  cluster->channel().on_unreachable([this](std::string_view id) {
    // With the cluster away nobody is dead for that.
    if (cluster->gauge().connected) lose_node(nodes->index_of(id));
  });
}

void Server::Parts::read_frame(std::string_view from, std::string_view frame) {
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
    for (const lobby::NodeIndex lost : nodes->learn(*known)) lose_node(lost);
  });
  cluster->after(kWatchEvery, [this] { watch_nodes(); });
}

void Server::Parts::lose_node(lobby::NodeIndex lost) {
  if (lost == session::NodeLink::kNobody) return;
  nodes->lost(lost);
  node_lost_ms = base::steady_ms();
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
                          cluster::Listing listing;
                          listing.id = entry.id;
                          listing.code = entry.invite_code;
                          listing.mode = entry.mode;
                          listing.map = entry.map;
                          listing.region = config.region;
                          listing.status = lobby::browser_status(entry.status);
                          listing.joinable = !entry.is_private && !entry.queued &&
                                             entry.status != lobby::Status::closed;
                          listing.is_private = entry.is_private || entry.queued;
                          listing.has_password = entry.has_password;
                          listing.players = entry.players;
                          listing.bots = entry.bots;
                          listing.max_players = entry.max_players;
                          listing.created_ms = entry.created_ms;
                          listing.active_ms = entry.active_ms;
                          cluster->lobbies().publish(listing);
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
  report.draining = draining;
  return report;
}

// Once a second.
void Server::Parts::report_node() {
  const std::lock_guard lock(news_mutex);
  if (!hears_news) return;
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

std::unique_ptr<sio::Handler> Server::Parts::make_shard(net::Shard& shard) {
  ShardParts& parts = shards[shard.id()];
  parts.router = std::make_unique<session::Router>(shard);
  lobby::LobbyContext context{
      .outlet = *parts.router,
      .directory = *directory,
      .maps = *maps,
      .recorder = keeper->recorder(),
      .moderator = moderation.get(),
      .replays = replays.get(),
      .keeper = keeper->keeper(shard.id()),
      .post = [&shard](std::function<void()> fn) { shard.post(std::move(fn)); },
      .result_kept = {},
      .node_id = config.node_id,
      .shard = shard.id(),
      .max_players_per_lobby = static_cast<std::uint8_t>(config.max_players_per_lobby),
      .bot_fill = static_cast<std::uint8_t>(config.bot_fill),
      .bot_skill = config.bot_skill,
      .timing = timing_from(config)};
  parts.host = std::make_unique<session::LobbyHost>(shard, std::move(context));
  session::GatewaySettings settings;
  settings.shard = shard.id();
  settings.test_hooks = config.test_hooks;
  settings.max_players_per_lobby = static_cast<std::uint8_t>(config.max_players_per_lobby);
  settings.kill_limit = static_cast<std::uint16_t>(config.kill_limit);
  settings.default_map = config.default_map;
  settings.allow_guests = config.guests_allowed();
  settings.client_address = client_address;
  settings.address_limits = address_limits.get();
  settings.mutes = &moderation->mutes();
  settings.words = &moderation->words();
  settings.elsewhere = elsewhere.get();
  settings.queue = queue.get();
  settings.leaving = &stopping;
  settings.seek_patience = [this] { return seek_patience(); };
  settings.first_session = random_beginning();
  settings.guest_ban = [this](lobby::ShardIndex asking, const std::string& address,
                              std::function<void(base::Result<std::optional<std::string>>)> done) {
    accounts->guest_bans().ask(address, [this, asking, done = std::move(done)](
                                            const base::Result<std::optional<std::string>>& ban) {
      node->shard(asking).post([done, ban] { done(ban); });
    });
  };
  settings.authenticate = [this](lobby::ShardIndex asking, const std::string& token,
                                 std::function<void(base::Result<session::Identity>)> done) {
    accounts->authenticate(
        token, [this, asking, done = std::move(done)](base::Result<session::Identity> identity) {
          node->shard(asking).post(
              [done, identity = std::move(identity)]() mutable { done(std::move(identity)); });
        });
  };
  auto gateway = std::make_unique<session::Gateway>(settings, *parts.router, *directory, presence);
  parts.gateway = gateway.get();
  parts.router->attach(*gateway, *parts.host);
  if (nodes) parts.router->link_nodes(*nodes, *directory);
  shard.post([host = parts.host.get(), gateway = parts.gateway] {
    host->start();
    gateway->start();
  });
  routers[shard.id()] = parts.router.get();
  parts.router->link(routers);
  return gateway;
}

void Server::Parts::start_health() {
  api::HealthSources sources;
  sources.directory = directory.get();
  sources.store = store.get();
  for (const ShardParts& parts : shards) sources.gauges.push_back(&parts.host->gauge());
  const auto sum = [this](net::Counter net::Counters::* counter) {
    return [this, counter] {
      std::uint64_t total = 0;
      for (unsigned i = 0; i < node->shard_count(); ++i)
        total += (node->counters(i).*counter).value();
      return total;
    };
  };
  sources.connections = sum(&net::Counters::sockets);
  // What clients do wrong is no illness of ours, nor is it one to refuse what is too much.
  sources.requests = [requests = sum(&net::Counters::requests),
                      messages = sum(&net::Counters::messages_in)] {
    return requests() + messages();
  };
  sources.errors = [this] { return faults.load(); };
  sources.memory_limit = static_cast<std::uint64_t>(config.memory_limit_mb) * 1024 * 1024;
  sources.data_dir = config.data_dir;
  if (!config.redis_url.empty())
    sources.redis_connected = [this] { return cluster->gauge().connected.load(); };
  health = std::make_unique<api::Health>(std::move(sources));
  site.health = health.get();
}

void Server::Parts::start_metrics() {
  FigureSources from{.config = config,
                     .directory = *directory,
                     .store = *store,
                     .recorder = *recorder,
                     .accounts = *accounts,
                     .health = *health,
                     .redis = config.redis_url.empty() ? nullptr : &cluster->gauge(),
                     .queue = queue->gauge(),
                     .wires = {},
                     .ticks = {},
                     .gateways = {},
                     .faults = faults,
                     .unavailable = unavailable};
  for (unsigned i = 0; i < node->shard_count(); ++i) {
    from.wires.push_back(&node->counters(i));
    from.ticks.push_back(&shards[i].host->gauge());
    from.gateways.push_back(&shards[i].gateway->counters());
  }
  exporter = std::make_unique<metrics::Exporter>(figure_sources(std::move(from)));
  metrics = exporter.get();
}

// What is answered on other threads goes back by way of the request's shard.
void Server::Parts::answer_http(net::Shard& shard, const net::HttpRequest& request,
                                net::HttpReply reply) {
  const auto later = [&shard, reply](net::HttpResponse response) {
    shard.post([reply, response = std::move(response)]() mutable { reply(std::move(response)); });
  };
  if (api::is_metrics(request)) return answer_metrics(metrics_access, metrics, request, later);
  const auto answered = [this, later](net::HttpResponse response) {
    if (response.status == 500) ++faults;
    if (response.status == 503) ++unavailable;
    later(std::move(response));
  };
  if (api::AdminApi* const api = admin; api != nullptr && api::AdminApi::owns(request.path))
    return api->handle(request, answered);
  if (!api::AccountApi::owns(request.path)) return api::answer(site, request, reply);
  accounts->http().handle(request, answered);
}

// O5. Once the shards run: their gauges are read.
base::Result<void> Server::Parts::start_admin() {
  api::FigureSources figures;
  figures.directory = directory.get();
  for (const ShardParts& parts : shards) figures.gauges.push_back(&parts.host->gauge());
  const auto sum = [this](net::Counter net::Counters::* counter) {
    std::uint64_t total = 0;
    for (unsigned i = 0; i < node->shard_count(); ++i)
      total += (node->counters(i).*counter).value();
    return total;
  };
  figures.connections = [sum] { return sum(&net::Counters::sockets); };
  figures.requests = [sum] {
    return sum(&net::Counters::requests) + sum(&net::Counters::messages_in);
  };
  figures.errors = [this] { return faults.load(); };
  auto made = make_admin_api(
      {.config = config,
       .store = *store,
       .accounts = *accounts,
       .moderation = moderation->staff(),
       .cluster = *cluster,
       .directory = *directory,
       .pages = *pages,
       .replays = replays.get(),
       .client_address = client_address,
       .figures = std::move(figures),
       .on_engine =
           [this](lobby::ShardIndex shard, std::function<void(lobby::Engine&)> fn) {
             node->shard(shard).post(
                 [host = shards[shard].host.get(), fn = std::move(fn)] { fn(host->engine()); });
           },
       .actions = {.drain_node = [this](const std::string& id) -> base::Result<void> {
         cluster->channel().notify_all(drain_notice(id));
         return {};
       }}});
  if (!made) return made.error();
  admin_api = std::move(made).value();
  admin = admin_api.get();
  return {};
}

base::Result<void> Server::Parts::listen() {
  directory = std::make_unique<lobby::Directory>(
      static_cast<std::uint32_t>(config.max_lobbies_per_node),
      static_cast<std::uint32_t>(config.max_players_per_node),
      static_cast<lobby::ShardIndex>(shard_count(config)), random_beginning());
  if (nodes) publish_lobbies();
  make_queue();
  make_keeper();
  shards.resize(shard_count(config));
  routers.resize(shards.size());
  site.directory = directory.get();
  site.pages = pages.get();
  site.test_hooks = config.test_hooks;
  sio::NodeSettings settings;
  settings.host = config.host;
  auto opened = open_tls(config);
  if (!opened) return opened.error();
  tls = std::move(opened).value();
  open_doors(config, client_address, tls.get(), connections.get(), settings);
  settings.shards = static_cast<unsigned>(shards.size());
  settings.sio.ping_interval = config.ping_interval;
  settings.sio.ping_timeout = config.ping_timeout;
  settings.sio.max_payload = static_cast<std::size_t>(config.max_payload);
  settings.sio.recovery = config.reconnect_grace;
  settings.sio.seal_pid = [this](std::string_view pid, std::string_view id) {
    return return_ids->seal(pid, id);
  };
  settings.sio.id_of_pid = [this](std::string_view pid) { return return_ids->id_of(pid); };
  settings.origin_allowed = origin_rule(config);
  if (opens) settings.may_open = [this](const sio::Handshake& hello) { return may_open(hello); };
  settings.on_fault = [this](std::string_view what) {
    ++faults;
    log::error("error", {{"where", "event loop"}, {"reason", what}});
  };
  node = std::make_unique<sio::Node>(
      settings, [this](net::Shard& shard) { return make_shard(shard); },
      [this](net::Shard& shard) -> net::HttpHandler {
        return [this, &shard](const net::HttpRequest& request, net::HttpReply reply) {
          answer_http(shard, request, std::move(reply));
        };
      });
  listen_to_cluster();
  if (nodes) hear_frames();
  keeper->listen();
  const base::Result<void> started = node->start();
  if (!started) return started;
  hears_news = true;
  cluster->start();
  report_node();
  keeper->start();
  if (nodes) watch_nodes();
  queue->start();
  start_health();
  start_metrics();
  return start_admin();
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() { stop(); }

base::Result<std::unique_ptr<Server>> Server::start(const base::Config& config) {
  auto parts = std::make_unique<Parts>();
  parts->config = config;
  for (const auto step : {&Parts::open_store, &Parts::join_cluster, &Parts::open_accounts,
                          &Parts::read_files, &Parts::listen}) {
    const base::Result<void> done = (*parts.*step)();
    if (!done) return done.error();
  }
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

std::uint16_t Server::port() const { return parts_->node->port(); }

void Server::reload_certificate() {
  if (parts_->tls) reload_tls(parts_->config, *parts_->tls);
}

void Server::drain() { parts_->drain(); }

bool Server::drain_wanted() const { return parts_->drain_wanted; }

std::size_t Server::lobbies() const { return parts_->directory->counts().lobbies; }

// A match that is not over by now goes on at another node, where there is one.
void Server::stop() {
  if (!parts_ || !parts_->node || !parts_->cluster) return;  // stopped already
  parts_->keeper->stop();
  parts_->stopping = !parts_->config.redis_url.empty();
  parts_->handing_over = lobbies() > 0 && !parts_->config.redis_url.empty();
  if (parts_->handing_over) {
    parts_->on_every_shard([](ShardParts& parts) { parts.host->engine().let_go(); });
  } else {
    parts_->leave_cluster();
  }
  {
    const std::lock_guard lock(parts_->news_mutex);
    parts_->hears_news = false;
  }
  parts_->node->stop();
  parts_->admin_api.reset();
  parts_->exporter.reset();
  parts_->health.reset();
  parts_->moderation.reset();
  parts_->accounts.reset();
  parts_->queue->stop();
  parts_->cluster.reset();
  parts_->recorder.reset();
}

}  // namespace app
