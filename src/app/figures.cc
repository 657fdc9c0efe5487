#include "app/figures.h"

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"

namespace app {
namespace {

using metrics::Sheet;

constexpr double kNs = 1e-9;

double number(std::uint64_t count) { return static_cast<double>(count); }
double flag(bool set) { return set ? 1 : 0; }

double sum(const FigureSources& from, net::Counter net::Counters::* counter) {
  std::uint64_t total = 0;
  for (const net::Counters* wire : from.wires) total += (wire->*counter).value();
  return number(total);
}

double sum(const FigureSources& from, net::Counter session::GatewayCounters::* counter) {
  std::uint64_t total = 0;
  for (const session::GatewayCounters* gateway : from.gateways)
    total += (gateway->*counter).value();
  return number(total);
}

double ticks(const FigureSources& from, std::atomic<std::uint64_t> lobby::TickGauge::* counter) {
  std::uint64_t total = 0;
  for (const lobby::TickGauge* gauge : from.ticks) total += (gauge->*counter).load();
  return number(total);
}

// One bucket a doubling of those that the shards keep: their ends are 2^n times 4.096 us.
metrics::Histogram doublings(const FigureSources& from,
                             const lobby::Lateness* lobby::TickGauge::* which) {
  constexpr std::uint64_t kFirstEnd = std::uint64_t{4096} << 3;  // 33 us
  constexpr std::uint64_t kLastEnd = std::uint64_t{4096} << 18;  // 1.07 s
  lobby::Lateness::Counts fine{};
  std::uint64_t sum_ns = 0;
  for (const lobby::TickGauge* gauge : from.ticks) {
    (gauge->*which)->add_to(fine);
    sum_ns += (gauge->*which)->sum_ns();
  }
  metrics::Histogram made;
  made.sum = number(sum_ns) * kNs;
  std::size_t next = 0;
  for (std::uint64_t end = kFirstEnd; end <= kLastEnd; end *= 2) {
    std::uint64_t count = 0;
    while (next + 1 < fine.size() && lobby::Lateness::end_of(next) <= end) count += fine[next++];
    made.ends.push_back(number(end) * kNs);
    made.counts.push_back(count);
  }
  std::uint64_t rest = 0;
  while (next < fine.size()) rest += fine[next++];
  made.counts.push_back(rest);
  return made;
}

}  // namespace

void add_process(Sheet& sheet, const FigureSources& from) {
  const api::Findings found = from.health.findings();
  sheet.gauge("node_info", "Who this node is.", 1,
              {{"node", from.config.node_id}, {"region", from.config.region}});
  sheet.gauge("uptime_seconds", "Since the start, by the steady clock.",
              static_cast<double>(found.uptime_ms) / 1000);
  sheet.gauge("node_time_seconds", "The node's wall clock, since 1970.",
              static_cast<double>(base::wall_ms()) / 1000);
  sheet.gauge("draining", "1 while the node takes no new players.", flag(from.health.draining()));
  sheet.gauge("memory_usage_bytes", "Resident memory of the process.",
              number(found.process.resident_bytes));
  sheet.gauge("memory_limit_bytes", "memory_limit_mb: above it the node is unhealthy.",
              from.config.memory_limit_mb * 1024.0 * 1024.0);
  sheet.counter("process_cpu_seconds_total", "Processor time used.", found.process.cpu_seconds);
  sheet.gauge("process_open_fds", "File descriptors open.", number(found.process.open_descriptors));
  sheet.gauge("process_max_fds", "File descriptors that may be open.",
              number(found.process.most_descriptors));
  sheet.gauge("disk_free_bytes", "Room left on the disk of data_dir.",
              number(found.disk.free_bytes));
  sheet.gauge("disk_size_bytes", "Size of the disk of data_dir.", number(found.disk.size_bytes));
  sheet.counter("log_lines_dropped_total", "Log lines lost to a full queue.",
                number(base::log::dropped()));
  const std::pair<std::string_view, bool> checks[] = {{"memory", found.memory_ok},
                                                      {"database", found.database_ok},
                                                      {"redis", found.redis_ok},
                                                      {"error_rate", found.errors_ok},
                                                      {"disk", found.disk_ok},
                                                      {"tick", found.tick_ok},
                                                      {"descriptors", found.descriptors_ok}};
  for (const auto& [name, ok] : checks) {
    sheet.gauge("health_check", "1 = healthy, 0 = unhealthy, as GET /health says.", flag(ok),
                {{"check", std::string(name)}});
  }
}

void add_wire(Sheet& sheet, const FigureSources& from) {
  using net::Counters;
  using session::GatewayCounters;
  constexpr std::string_view kRequests = "HTTP requests, and messages of game connections.";
  sheet.counter("requests_total", kRequests, sum(from, &Counters::requests), {{"kind", "http"}});
  sheet.counter("requests_total", kRequests, sum(from, &Counters::messages_in),
                {{"kind", "message"}});
  constexpr std::string_view kErrors =
      "Failures of this node: faults (exceptions, answers 500) and answers 503 of the API.";
  sheet.counter("errors_total", kErrors, number(from.faults), {{"kind", "fault"}});
  sheet.counter("errors_total", kErrors, number(from.unavailable), {{"kind", "unavailable"}});
  sheet.gauge("active_connections", "Game connections, those awaited back included.",
              sum(from, &Counters::sockets));
  sheet.gauge("tcp_connections", "Open TCP connections.", sum(from, &Counters::connections));
  sheet.gauge("timers", "Timers of the shards that wait for their time.",
              sum(from, &Counters::timers));
  sheet.counter("tcp_accepted_total", "TCP connections accepted.", sum(from, &Counters::accepted));
  sheet.counter("tcp_refused_total", "TCP connections closed on arrival: too many.",
                sum(from, &Counters::refused));
  sheet.counter("bytes_received_total", "Bytes read from sockets.", sum(from, &Counters::bytes_in));
  sheet.counter("bytes_sent_total", "Bytes written to sockets.", sum(from, &Counters::bytes_out));
  sheet.counter("messages_received_total", "Engine.IO messages from clients.",
                sum(from, &Counters::messages_in));
  sheet.counter("messages_sent_total", "Engine.IO messages to clients.",
                sum(from, &Counters::messages_out));
  sheet.counter("connections_recovered_total", "Lost game connections that came back in time.",
                sum(from, &Counters::recovered));
  sheet.counter("snapshots_skipped_total", "Snapshots replaced by newer ones before they left.",
                sum(from, &Counters::dropped));
  sheet.counter("slow_readers_total", "Connections closed because they did not read.",
                sum(from, &Counters::slow_readers));
  constexpr std::string_view kRejected = "What clients sent that was not served, by reason.";
  const std::pair<std::string_view, double> reasons[] = {
      {"http", sum(from, &Counters::rejected)},
      {"protocol", sum(from, &Counters::errors)},
      {"malformed", sum(from, &GatewayCounters::malformed)},
      {"unknown", sum(from, &GatewayCounters::unknown)},
      {"limited", sum(from, &GatewayCounters::limited)}};
  for (const auto& [reason, count] : reasons)
    sheet.counter("rejected_total", kRejected, count, {{"reason", std::string(reason)}});
  sheet.counter("abusers_closed_total", "Connections closed for what they kept sending.",
                sum(from, &GatewayCounters::closed_for_abuse));
}

void add_ticks(Sheet& sheet, const FigureSources& from) {
  const lobby::DirectoryCounts counts = from.directory.counts();
  sheet.gauge("active_lobbies", "Lobbies on this node.", counts.lobbies);
  sheet.gauge("max_lobbies", "max_lobbies_per_node.", from.config.max_lobbies_per_node);
  sheet.gauge("active_players", "Players in lobbies of this node.", counts.players);
  sheet.gauge("max_players", "max_players_per_node.", from.config.max_players_per_node);
  constexpr std::string_view kLobbies = "Lobbies by what they do.";
  sheet.gauge("lobbies", kLobbies, counts.waiting, {{"status", "waiting"}});
  sheet.gauge("lobbies", kLobbies, counts.playing, {{"status", "playing"}});
  sheet.gauge("lobbies", kLobbies, counts.finished, {{"status", "finished"}});
  sheet.histogram("tick_duration_seconds", "How long a tick of a lobby takes.",
                  doublings(from, &lobby::TickGauge::durations));
  sheet.histogram("tick_lateness_seconds", "How long after its time a tick begins.",
                  doublings(from, &lobby::TickGauge::lateness));
  sheet.counter("ticks_total", "Ticks of lobbies.", ticks(from, &lobby::TickGauge::ticks));
  sheet.counter("ticks_dropped_total", "Ticks left out because their shard was too late.",
                ticks(from, &lobby::TickGauge::dropped));
  for (std::size_t i = 0; i < from.ticks.size(); ++i) {
    sheet.counter("shard_busy_seconds_total", "Time a shard spent in ticks.",
                  number(from.ticks[i]->busy_ns) * kNs, {{"shard", std::to_string(i)}});
  }
  for (std::size_t i = 0; i < from.ticks.size(); ++i) {
    const auto silent = static_cast<double>(base::steady_ms() - from.ticks[i]->beat_ms) / 1000;
    sheet.gauge("shard_silence_seconds", "Since a shard's last sign of life, due every 0.05 s.",
                silent, {{"shard", std::to_string(i)}});
  }
}

std::vector<metrics::Exporter::Source> figure_sources(FigureSources sources) {
  const auto from = std::make_shared<const FigureSources>(std::move(sources));
  std::vector<metrics::Exporter::Source> made;
  for (const auto add :
       {add_process, add_wire, add_ticks, add_people, add_matchmaking, add_business, add_backends})
    made.emplace_back([from, add](Sheet& sheet) { add(sheet, *from); });
  return made;
}

}  // namespace app
