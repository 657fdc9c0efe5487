#pragma once

// The match outlives its node (docs/cluster.md): this node's lobbies are kept in the cluster, the
// lobbies of nodes that died are taken over, and a lobby that another node has taken over from this
// one (which was held for dead) stops.

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "cluster/cluster.h"
#include "lobby/directory.h"
#include "session/save_writer.h"
#include "session/sure_recorder.h"

namespace session {

class LobbyHost;

// One a node; outlives the cluster's thread. Thread safe but for the order: listen(), then
// Cluster::start(), then start(); stop() before the cluster ends.
class LobbyKeeper {
 public:
  // Runs something on a shard, from any thread; not at all before the shards run and after.
  using OnShard = std::function<void(lobby::ShardIndex, std::function<void(LobbyHost&)>)>;

  struct Options {
    unsigned shards = 1;
    std::uint32_t max_lobbies = 0;  // a node with so many takes no others over
    bool keeps = true;              // false: nobody could take over, so nothing is kept
  };

  LobbyKeeper(cluster::Cluster& cluster, lobby::Directory& directory, store::Recorder& store,
              Options options, OnShard on_shard);

  // For the lobbies of this shard; null when nothing is kept.
  lobby::Keeper* keeper(lobby::ShardIndex shard);
  // The store, for all lobbies of this node.
  store::Recorder& recorder() { return recorder_; }

  void listen();
  void start();
  // Waits until no result is held any more, or so long.
  void await_results(std::chrono::milliseconds patience) const;
  void stop();
  // After the shards have ended: what is held now is stored, sure or not.
  void keep_results() { recorder_.settle_all(); }
  // Takes nothing over any more (C5).
  void drain() { draining_ = true; }

  // For metrics, from any thread.
  SaveWriter::Counts counts() const { return writer_.counts(); }
  std::size_t results_held() const { return recorder_.held(); }

 private:
  void settle_results();
  void look();
  void consider(const std::string& lobby);
  void take(const std::string& lobby);
  void read(const cluster::Located& taken, int tries);
  static std::shared_ptr<const lobby::LobbyOptions> queue_of(const cluster::Listing& listing);
  void adopt(const cluster::Located& taken, const std::string& packed);
  void give_up(const std::string& lobby, const std::string& why);
  void lost(const std::string& lobby);

  cluster::Cluster& cluster_;
  lobby::Directory& directory_;
  const Options options_;
  const OnShard on_shard_;
  SureRecorder recorder_;
  SaveWriter writer_;
  std::atomic<bool> draining_{false};
  unsigned next_shard_ = 0;  // the cluster's thread
};

}  // namespace session
