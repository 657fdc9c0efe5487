#pragma once

// The other nodes as the shards of this one see them: who lives, how loaded each is, and the way
// there. One a node; any thread.

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cluster/channel.h"
#include "cluster/nodes.h"
#include "lobby/types.h"

namespace session {

class NodeLink {
 public:
  // The channel outlives it.
  NodeLink(cluster::Channel& channel, std::string own_id);

  // A number for a node, the same as long as the process lives; 0 is this node. Names come from the
  // cluster, from nodes that know its password, and are still bounded: past kMaxNodes every new one
  // is kNobody.
  lobby::NodeIndex index_of(std::string_view id);
  std::string id_of(lobby::NodeIndex node) const;

  // False when it did not go out; nothing is told again (see Gateway::hold_far_seats()).
  bool send(lobby::NodeIndex to, std::string_view frame);

  // What the registry says now, asked about twice a second. Answers the nodes that lived before and
  // do not any more: dead, or gone of their own will, with no lobbies left. The latter are missing
  // from the list, and so is everybody for a moment after the cluster has lost its memory: they are
  // believed to be gone when missing kMissing times.
  struct Parted {
    lobby::NodeIndex node = 0;
    bool died = false;
    friend bool operator==(const Parted&, const Parted&) = default;
  };
  std::vector<Parted> learn(const std::vector<cluster::NodeEntry>& nodes);
  // A frame did not reach that node.
  void lost(lobby::NodeIndex node);

  std::vector<lobby::NodeIndex> peers() const;  // the others that live
  // The emptiest of the others that take new lobbies.
  std::optional<lobby::NodeIndex> roomiest() const;

  static constexpr int kMissing = 6;
  static constexpr std::size_t kMaxNodes = 4096;  // in the life of a process
  static constexpr lobby::NodeIndex kNobody = 0xFFFF;

 private:
  struct Peer {
    std::string id;
    cluster::NodeReport report;
    bool alive = false;
    int missing = 0;  // times in a row
  };

  cluster::Channel& channel_;
  mutable std::shared_mutex mutex_;
  std::vector<Peer> peers_;  // by index; the first is this node
  std::unordered_map<std::string, lobby::NodeIndex> indexes_;
};

}  // namespace session
