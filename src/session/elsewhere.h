#pragma once

// Lobbies of other nodes, for those who find none here (C4): asked of the cluster, answered on the
// shard that asked.

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "cluster/cluster.h"
#include "lobby/directory.h"
#include "session/node_link.h"

namespace session {

// A lobby of another node.
struct FarPlace {
  lobby::NodeIndex node = 0;
  std::string lobby;  // id; "" = one that the node finds or makes
  std::string hold;   // of a place, for release(); "" = none is held
};

// One a node, any thread; cluster and nodes outlive it.
class Elsewhere {
 public:
  // Runs fn on that shard; also when the node is being stopped, when it may be dropped.
  using Post = std::function<void(lobby::ShardIndex shard, std::function<void()> fn)>;

  Elsewhere(cluster::Cluster& cluster, NodeLink& nodes, std::string region, Post post);

  // Is there any use in asking?
  bool reachable() const;

  using Answer = std::function<void(base::Result<FarPlace>)>;
  // A place in a public lobby of the mode, held for the player. `avoid` is an id. Errors:
  // not_found, unavailable.
  void find(const std::string& mode, const std::string& avoid, lobby::ShardIndex asking,
            Answer answer);
  // The lobby with this id or invite code, on a node that lives. Errors: not_found, unavailable.
  void locate(const std::string& code, lobby::ShardIndex asking, Answer answer);
  // A node with room for a new lobby. Error: unavailable.
  base::Result<FarPlace> open() const;
  void release(const FarPlace& place);

  // What the browser shows of all nodes, this one included, at most a second old.
  using Listed = std::function<void(base::Result<std::vector<lobby::DirectoryEntry>>)>;
  void list(lobby::ShardIndex asking, Listed answer);

  static constexpr std::size_t kMostListed = 1000;
  static constexpr std::chrono::milliseconds kListAge{1000};

 private:
  void read_page(std::uint64_t from);
  void answer_list(const base::Result<std::vector<lobby::DirectoryEntry>>& entries);

  cluster::Cluster& cluster_;
  NodeLink& nodes_;
  const std::string region_;
  const Post post_;

  std::mutex mutex_;  // over all below
  std::vector<std::pair<lobby::ShardIndex, Listed>> waiting_;
  std::vector<lobby::DirectoryEntry> listed_;   // as of listed_at_
  std::vector<lobby::DirectoryEntry> reading_;  // pages that have come
  std::chrono::steady_clock::time_point listed_at_{};
};

}  // namespace session
