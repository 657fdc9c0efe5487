#include "cluster/redis_cluster.h"

#include <utility>

#include "base/log.h"
#include "cluster/redis_attempts.h"
#include "cluster/redis_channel.h"
#include "cluster/redis_core.h"
#include "cluster/redis_lobbies.h"
#include "cluster/redis_nodes.h"
#include "cluster/redis_notices.h"
#include "cluster/redis_parties.h"
#include "cluster/redis_sessions.h"
#include "cluster/redis_snapshots.h"
#include "cluster/redis_tickets.h"

namespace cluster {
namespace {

class RedisCluster final : public Cluster {
 public:
  explicit RedisCluster(RedisOptions options)
      : core_({.address = options.address,
               .tls_ca_file = options.tls_ca_file,
               .name = "",
               .timing = options.timing,
               .scripts = {}},
              options.node_id),
        frames_("node:" + core_.node_id),
        assignments_("assigned:" + core_.node_id),
        losses_("alive:" + core_.holder),
        party_news_("parties:" + core_.node_id) {
    core_.commands.on_up([this] {
      nodes_.link_up();
      notices_.join([this] { links_changed(); });
    });
    core_.commands.on_down([this](const std::string& why) { lost("commands", why); });
    core_.commands.on_failed([](const std::string& why) { failed("commands", why); });
    core_.news.on_failed([](const std::string& why) { failed("news", why); });
    core_.news.on_up([this] {
      core_.news.request({"SUBSCRIBE", frames_, assignments_, losses_, party_news_, "notices"}, {});
    });
    core_.news.on_down([this](const std::string& why) {
      subscribed_ = false;
      lost("news", why);
    });
    core_.news.on_news([this](const Reply& news) { heard(news); });
  }

  ~RedisCluster() override { core_.worker.stop(); }

  void start() override {
    core_.post([this] {
      core_.news.start();
      core_.commands.start();
      nodes_.start();
      tickets_.start();
    });
    core_.worker.start();
  }

  const std::string& node_id() const override { return core_.node_id; }
  Sessions& sessions() override { return sessions_; }
  Attempts& attempts() override { return attempts_; }
  Nodes& nodes() override { return nodes_; }
  Lobbies& lobbies() override { return lobbies_; }
  Snapshots& snapshots() override { return snapshots_; }
  Channel& channel() override { return channel_; }
  Tickets& tickets() override { return tickets_; }
  Parties& parties() override { return parties_; }
  const Gauge& gauge() const override { return core_.gauge; }
  void on_link(std::function<void(bool)> listener) override {
    link_listener_ = std::move(listener);
  }
  void after(std::chrono::milliseconds delay, std::function<void()> fn) override {
    core_.worker.after(delay, std::move(fn));
  }

 private:
  void heard(const Reply& news) {
    const std::string& kind = news.at(0).text;
    const std::string& channel = news.at(1).text;
    if (kind == "subscribe" && channel == "notices") {  // the last of them
      subscribed_ = true;
      links_changed();
    }
    if (kind != "message") return;
    const std::string& body = news.at(2).text;
    if (channel == frames_)
      channel_.heard(body);
    else if (channel == "notices")
      notices_.heard(body);
    else if (channel == assignments_)
      tickets_.heard(body);
    else if (channel == party_news_)
      parties_.heard(body);
    else if (channel == losses_)
      lobbies_.suspect(body);
  }

  void lost(const char* link, const std::string& why) {
    base::log::warn("cluster_link_lost", {{"link", link}, {"reason", why}});
    links_changed();
  }

  static void failed(const char* link, const std::string& why) {
    base::log::warn("cluster_link_failed", {{"link", link}, {"reason", why}});
  }

  void links_changed() {
    const bool connected = core_.commands.up() && subscribed_ && notices_.joined();
    if (core_.gauge.connected.exchange(connected) == connected) return;
    if (connected) {
      base::log::info("cluster_link_up", {{"holder", core_.holder}});
      notices_.links_up();
      tickets_.link_up();
    } else {
      notices_.links_down();
    }
    if (link_listener_) link_listener_(connected);
  }

  RedisCore core_;
  const std::string frames_, assignments_, losses_, party_news_;  // channels of this node
  RedisNotices notices_{core_};
  RedisSessions sessions_{core_, notices_};
  RedisAttempts attempts_{core_};
  RedisLobbies lobbies_{core_};
  RedisNodes nodes_{core_, lobbies_};
  RedisSnapshots snapshots_{core_};
  RedisChannel channel_{core_, notices_};
  RedisTickets tickets_{core_};
  RedisParties parties_{core_};
  std::function<void(bool)> link_listener_;
  bool subscribed_ = false;
};

}  // namespace

std::unique_ptr<Cluster> make_redis_cluster(RedisOptions options) {
  return std::make_unique<RedisCluster>(std::move(options));
}

}  // namespace cluster
