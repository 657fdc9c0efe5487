#include <algorithm>

#include "app/server_parts.h"
#include "base/log.h"
#include "base/tally.h"

namespace app {

namespace log = base::log;

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
                     .keeper = *keeper,
                     .business = [this] { return business->report(); },
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

// O6. The others' reports are a few seconds old; of this node what is now.
BusinessSources::Online Server::Parts::online() const {
  using Nodes = base::Result<std::vector<cluster::NodeEntry>>;
  constexpr std::chrono::seconds kPatience{2};
  const lobby::DirectoryCounts here = directory->counts();
  BusinessSources::Online sum{here.players, here.lobbies};
  const auto told = std::make_shared<std::promise<Nodes>>();
  cluster->nodes().list([told](Nodes known) { told->set_value(std::move(known)); });
  std::future<Nodes> answer = told->get_future();
  if (answer.wait_for(kPatience) != std::future_status::ready) return sum;
  const Nodes known = answer.get();
  if (!known) return sum;
  for (const cluster::NodeEntry& other : *known) {
    if (!other.alive || other.id == config.node_id) continue;
    sum.players += other.report.players;
    sum.lobbies += other.report.lobbies;
  }
  return sum;
}

store::DayTally Server::Parts::counted_ever() const {
  store::DayTally ever;
  for (const ShardParts& parts : shards)
    ever.guests += parts.gateway->counters().guests_seated.value();
  ever.matches_aborted = base::tally::counted(base::tally::Event::match_aborted);
  ever.queue_matched = queue->gauge().matched;
  ever.queue_left = queue->gauge().left;
  ever.queue_wait_ms = queue->gauge().wait_ms;
  return ever;
}

void Server::Parts::start_business() {
  business =
      std::make_unique<BusinessSystem>(BusinessSources{.store = *store,
                                                       .online = [this] { return online(); },
                                                       .ever = [this] { return counted_ever(); }});
}

// Players' seats are kept for a while after their connections, and their lobbies with them.
void Server::Parts::start_memory_return() {
  memory_return = std::make_unique<MemoryReturn>([this] {
    std::uint64_t present = 0;
    for (unsigned i = 0; i < node->shard_count(); ++i) {
      const net::Counters& counters = node->counters(i);
      present += std::max(counters.connections.value(), counters.sockets.value());
    }
    return present;
  });
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
       .business = [this] { return business->report(); },
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

}  // namespace app
