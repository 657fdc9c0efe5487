#include "app/server.h"

#include "app/server_parts.h"

namespace app {

namespace fs = std::filesystem;
namespace log = base::log;

namespace {

constexpr std::chrono::seconds kStatementPatience{5};
// A seat whose player is connected to another node is kept this long at least: its node says every
// 5 s that he is there (session::Gateway).
constexpr sim::Tick kShortestClaim = 15 * sim::kTickRate;
// How long a node that ends waits to be sure of the results it holds.
constexpr std::chrono::milliseconds kResultPatience{2000};

lobby::Timing timing_from(const base::Config& config) {
  const auto ticks = [](std::chrono::seconds span) {
    return static_cast<sim::Tick>(span.count()) * sim::kTickRate;
  };
  lobby::Timing timing;
  timing.countdown = ticks(config.countdown);
  timing.alone = std::min(timing.alone, timing.countdown);
  timing.vote = std::min(ticks(config.vote_time), ticks(config.results_time));
  timing.results = ticks(config.results_time) - timing.vote;
  timing.claim = std::max<sim::Tick>(ticks(config.reconnect_grace), kShortestClaim);
  return timing;
}

// Sessions and lobbies are numbered from here, so that a word to one of before a restart does not
// reach another.
std::uint64_t random_beginning() { return base::secure_u64() >> 16; }

OriginRule origin_rule(const base::Config& config) {
  return {config.cors_origins, !config.production()};
}

}  // namespace

unsigned shard_count(const base::Config& config) {
  if (config.shards > 0) return static_cast<unsigned>(config.shards);
  return core_count();
}

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

base::Result<void> Server::Parts::open_accounts() {
  auto made = AccountSystem::make(config, *store, cluster->sessions(), cluster->attempts(),
                                  origin_rule(config));
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
  if (config.connections_per_address > 0 || config.connection_opens_per_minute > 0)
    connections = std::make_unique<net::AddressCount>(
        net::AddressCount::Bounds{static_cast<std::size_t>(config.connections_per_address),
                                  config.connection_opens_per_minute},
        client_address);
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
  start_business();
  start_memory_return();
  start_metrics();
  return start_admin();
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() { stop(); }

base::Result<std::unique_ptr<Server>> Server::start(const base::Config& config) {
  // Whatever has begun when a step fails, it stops.
  std::unique_ptr<Server> server(new Server(std::make_unique<Parts>()));
  Parts& parts = *server->parts_;
  parts.config = config;
  for (const auto step : {&Parts::open_store, &Parts::join_cluster, &Parts::open_accounts,
                          &Parts::read_files, &Parts::listen}) {
    const base::Result<void> done = (parts.*step)();
    if (!done) return done.error();
  }
  return server;
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
  if (!parts_->hears_news) return;  // never begun, or stopped already
  parts_->keeper->await_results(kResultPatience);
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
  parts_->keeper->keep_results();
  parts_->admin_api.reset();
  parts_->exporter.reset();
  parts_->memory_return.reset();
  parts_->business.reset();
  parts_->health.reset();
  parts_->moderation.reset();
  parts_->accounts.reset();
  parts_->queue->stop();
  parts_->cluster.reset();
  parts_->recorder.reset();
}

}  // namespace app
