#include "app/server_parts.h"
#include "base/log.h"

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

}  // namespace app
