#pragma once

#include <functional>
#include <memory>

#include "base/config.h"
#include "cluster/cluster.h"
#include "lobby/directory.h"
#include "session/match_queue.h"
#include "session/node_link.h"
#include "store/store.h"

namespace session {
class Gateway;
}

namespace app {

// What the queue of this node is made of. All outlive it, but for the cluster, which ends first.
struct QueueParts {
  const base::Config& config;
  cluster::Cluster& cluster;
  lobby::Directory& directory;
  store::Store& store;       // knows ratings
  session::NodeLink* nodes;  // null: this node is alone
  lobby::ShardIndex shards;
  // Runs fn on a shard's thread, with its gateway; may drop it when the node is being stopped.
  std::function<void(lobby::ShardIndex shard, std::function<void(session::Gateway&)> fn)>
      on_gateway;
};

// Not started yet.
std::unique_ptr<session::MatchQueue> open_queue(const QueueParts& parts);

}  // namespace app
