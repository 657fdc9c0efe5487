#include "app/open_queue.h"

#include <utility>

#include "accounts/statistics.h"
#include "session/gateway.h"

namespace app {
namespace {

session::MatchQueue::Settings settings_of(const QueueParts& parts) {
  session::MatchQueue::Settings settings;
  settings.alone = parts.config.redis_url.empty();
  settings.newcomer = accounts::Rating().rating;
  session::MatchHost::Settings& host = settings.host;
  host.region = parts.config.region;
  host.modes = parts.config.queue_modes;
  host.shards = parts.shards;
  host.options.map = parts.config.default_map;
  host.options.kill_limit = static_cast<std::uint16_t>(parts.config.kill_limit);
  host.options.max_players = static_cast<std::uint8_t>(parts.config.max_players_per_lobby);
  host.rules.seats = host.options.max_players;
  return settings;
}

// An account that cannot be read plays as a newcomer: matches go on without the database.
void find_skill(store::Store& store, const std::string& account, std::function<void(double)> done) {
  store.run<double>(
      [account](store::Connection& db) -> base::Result<double> {
        const auto profile = accounts::public_profile(db, account);
        if (!profile) return profile.error();
        return *profile ? (*profile)->stats.rating : accounts::Rating().rating;
      },
      [](const std::function<void()>& fn) { fn(); },
      [done = std::move(done)](const base::Result<double>& skill) {
        done(skill ? *skill : accounts::Rating().rating);
      });
}

}  // namespace

std::unique_ptr<session::MatchQueue> open_queue(const QueueParts& parts) {
  session::MatchQueue::Outlet outlet;
  outlet.tell = [on_gateway = parts.on_gateway](lobby::SessionRef to, std::string packet) {
    on_gateway(to.shard, [to, packet = std::move(packet)](session::Gateway& gateway) {
      gateway.deliver(to.number, packet, false);
    });
  };
  outlet.seat = [on_gateway = parts.on_gateway, nodes = parts.nodes, own = parts.cluster.node_id()](
                    lobby::SessionRef to, const session::QueuePlace& place) {
    const bool here = place.node == own || nodes == nullptr;
    const lobby::NodeIndex node = here ? lobby::NodeIndex{0} : nodes->index_of(place.node);
    on_gateway(to.shard, [to, node, door = place.door](session::Gateway& gateway) {
      gateway.take_match(to.number, node, door);
    });
  };
  outlet.skill = [&store = parts.store](const std::string& account,
                                        std::function<void(double)> done) {
    find_skill(store, account, std::move(done));
  };
  return std::make_unique<session::MatchQueue>(parts.cluster, parts.directory, settings_of(parts),
                                               std::move(outlet));
}

}  // namespace app
