#include "contract/cluster_fixture.h"

#include <stdexcept>

#include "cluster/memory_cluster.h"
#include "cluster/redis_cluster.h"
#include "contract/redis_server_for_cluster.h"

namespace contract {
namespace {

class InMemory final : public World {
 public:
  explicit InMemory(cluster::Timing timing) : world_(cluster::make_memory_world(timing)) {}
  std::unique_ptr<cluster::Cluster> join(const std::string& node_id) override {
    return cluster::make_memory_cluster(world_, node_id);
  }
  bool is_redis() const override { return false; }

 private:
  std::shared_ptr<cluster::MemoryWorld> world_;
};

// One server for all tests of the program, emptied for each.
class InRedis final : public World {
 public:
  explicit InRedis(cluster::Timing timing) : timing_(timing) { server().command({"FLUSHALL"}); }
  std::unique_ptr<cluster::Cluster> join(const std::string& node_id) override {
    cluster::RedisOptions options;
    options.address.host = "127.0.0.1";
    options.address.port = static_cast<std::uint16_t>(server().port());
    options.node_id = node_id;
    options.timing = timing_;
    return cluster::make_redis_cluster(options);
  }
  bool is_redis() const override { return true; }

 private:
  static RedisServer& server() {
    static RedisServer one;
    return one;
  }
  const cluster::Timing timing_;
};

}  // namespace

cluster::Timing short_times() {
  cluster::Timing timing;
  timing.beat = 50ms;
  timing.lease = 2'000ms;
  timing.gone_after = 500ms;
  timing.node_report = 100ms;
  timing.node_unseen = 4'000ms;
  timing.lobby_refresh = 1'000ms;
  timing.lobby_life = 10'000ms;
  timing.seat_hold = 700ms;
  timing.snapshot_life = 700ms;
  timing.ticket_hold = 700ms;
  timing.ticket_life = 1'500ms;
  timing.ticket_touch = 100ms;
  timing.party_life = 1'500ms;
  timing.attempt_patience = 20'000ms;  // a busy machine is no missing server
  timing.retry_first = 20ms;
  timing.retry_longest = 200ms;
  return timing;
}

void PrintTo(const WorldKind& kind, std::ostream* out) { *out << kind.name; }

std::vector<WorldKind> world_kinds() {
  return {{"memory",
           [](cluster::Timing timing) -> std::unique_ptr<World> {
             return std::make_unique<InMemory>(timing);
           }},
          {"redis", [](cluster::Timing timing) -> std::unique_ptr<World> {
             return std::make_unique<InRedis>(timing);
           }}};
}

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return condition();
}

Node::Node(World& world, const std::string& id,
           const std::function<void(cluster::Cluster&)>& prepare)
    : cluster(world.join(id)) {
  if (prepare) prepare(*cluster);
  cluster->start();
  cluster->nodes().report({.address = id + ":3000", .region = "eu"});
  const bool known = eventually([&] {
    for (const auto& node : nodes())
      if (node.id == id && node.alive) return cluster->gauge().connected.load();
    return false;
  });
  if (!known) throw std::runtime_error("node " + id + " does not join");
}

base::Result<cluster::Located> Node::locate(const std::string& id_or_code) const {
  return ask<cluster::Located>([&](auto answer) { lobbies().locate(id_or_code, answer); });
}

base::Result<cluster::SeatHold> Node::find(const cluster::Search& search) const {
  return ask<cluster::SeatHold>([&](auto answer) { lobbies().find(search, answer); });
}

base::Result<cluster::Located> Node::take_over(const std::string& lobby) const {
  return ask<cluster::Located>([&](auto answer) { lobbies().take_over(lobby, answer); });
}

base::Result<cluster::Located> Node::take_over_when_dead(const std::string& lobby) const {
  base::Result<cluster::Located> taken = base::Error{"no_answer", ""};
  eventually([&] {
    taken = take_over(lobby);
    return taken.ok();
  });
  return taken;
}

std::vector<std::string> Node::browse(const cluster::Browse& wish) const {
  std::vector<std::string> ids;
  cluster::Browse next = wish;
  do {
    const auto page = ask<cluster::Page>([&](auto answer) { lobbies().browse(next, answer); });
    if (!page.ok()) return {page.error().code};
    for (const auto& lobby : page->lobbies) ids.push_back(lobby.listing.id);
    next.from = page->next;
  } while (next.from != 0);
  return ids;
}

std::vector<cluster::NodeEntry> Node::nodes() const {
  const auto all =
      ask<std::vector<cluster::NodeEntry>>([&](auto answer) { cluster->nodes().list(answer); });
  return all.ok() ? *all : std::vector<cluster::NodeEntry>();
}

base::Result<std::int64_t> Node::enqueue(const cluster::Ticket& ticket) const {
  return ask<std::int64_t>([&](auto answer) { tickets().enqueue(ticket, answer); });
}

std::vector<std::string> Node::waiting(const std::string& mode) const {
  const auto pool =
      ask<cluster::Tickets::Pool>([&](auto answer) { tickets().waiting(mode, answer); });
  if (!pool.ok()) return {pool.error().code};
  std::vector<std::string> ids;
  for (const auto& ticket : pool->tickets) ids.push_back(ticket.id);
  return ids;
}

base::Result<void> Node::take(const std::string& match, const std::vector<std::string>& ids) const {
  return ask<void>([&](auto answer) { tickets().take(match, ids, answer); });
}

base::Result<std::vector<std::string>> Node::assign(const std::string& match,
                                                    const std::vector<std::string>& ids,
                                                    const std::string& place) const {
  return ask<std::vector<std::string>>(
      [&](auto answer) { tickets().assign(match, ids, place, answer); });
}

base::Result<cluster::TicketStatus> Node::status(const std::string& ticket) const {
  return ask<cluster::TicketStatus>([&](auto answer) { tickets().status(ticket, answer); });
}

void Node::publish(const cluster::Listing& listing, const Node& seer) const {
  lobbies().publish(listing);
  const bool seen = eventually([&] {
    const auto found = seer.locate(listing.id);
    return found.ok() && found->listing == listing;
  });
  if (!seen) throw std::runtime_error("lobby " + listing.id + " is not listed");
}

cluster::Listing listing(const std::string& id, int players) {
  cluster::Listing made;
  made.id = id;
  made.mode = "tdm";
  made.map = "depot";
  made.region = "eu";
  made.status = "waiting";
  made.joinable = true;
  made.players = static_cast<std::uint8_t>(players);
  made.max_players = 8;
  made.created_ms = 1'000;
  made.active_ms = 2'000;
  return made;
}

cluster::Ticket ticket(const std::string& id, std::vector<std::string> players) {
  if (players.empty()) players = {"player-" + id};
  return {.id = id, .mode = "tdm", .regions = {"eu"}, .players = std::move(players), .skill = 1000};
}

}  // namespace contract
