#include "session/node_link.h"

#include <utility>

namespace session {

NodeLink::NodeLink(cluster::Channel& channel, std::string own_id) : channel_(channel) {
  indexes_.emplace(own_id, 0);
  peers_.push_back({std::move(own_id), {}, false});
}

lobby::NodeIndex NodeLink::index_of(std::string_view id) {
  std::string name(id);
  {
    const std::shared_lock lock(mutex_);
    const auto found = indexes_.find(name);
    if (found != indexes_.end()) return found->second;
  }
  const std::unique_lock lock(mutex_);
  if (peers_.size() >= kMaxNodes) return kNobody;
  const auto [entry, fresh] = indexes_.emplace(name, static_cast<lobby::NodeIndex>(peers_.size()));
  if (fresh) peers_.push_back({std::move(name), {}, false});
  return entry->second;
}

std::string NodeLink::id_of(lobby::NodeIndex node) const {
  const std::shared_lock lock(mutex_);
  return node < peers_.size() ? peers_[node].id : std::string();
}

bool NodeLink::send(lobby::NodeIndex to, std::string_view frame) {
  const std::string id = id_of(to);
  return !id.empty() && channel_.send(id, frame);
}

std::vector<NodeLink::Parted> NodeLink::learn(const std::vector<cluster::NodeEntry>& nodes) {
  std::vector<lobby::NodeIndex> met;
  met.reserve(nodes.size());
  for (const cluster::NodeEntry& entry : nodes) met.push_back(index_of(entry.id));

  const std::unique_lock lock(mutex_);
  std::vector<bool> lived;
  lived.reserve(peers_.size());
  for (Peer& peer : peers_) {
    lived.push_back(peer.alive);
    peer.alive = peer.alive && ++peer.missing < kMissing;
  }
  std::vector<bool> listed(peers_.size(), false);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (met[i] == 0 || met[i] == kNobody) continue;
    listed[met[i]] = true;
    peers_[met[i]].missing = 0;
    peers_[met[i]].alive = nodes[i].alive;
    peers_[met[i]].report = nodes[i].report;
  }
  std::vector<Parted> gone;
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    if (lived[i] && !peers_[i].alive) gone.push_back({static_cast<lobby::NodeIndex>(i), listed[i]});
  }
  return gone;
}

void NodeLink::lost(lobby::NodeIndex node) {
  const std::unique_lock lock(mutex_);
  if (node < peers_.size()) peers_[node].alive = false;
}

std::vector<lobby::NodeIndex> NodeLink::peers() const {
  const std::shared_lock lock(mutex_);
  std::vector<lobby::NodeIndex> alive;
  for (std::size_t i = 1; i < peers_.size(); ++i) {
    if (peers_[i].alive) alive.push_back(static_cast<lobby::NodeIndex>(i));
  }
  return alive;
}

std::optional<lobby::NodeIndex> NodeLink::roomiest() const {
  const std::shared_lock lock(mutex_);
  std::optional<lobby::NodeIndex> best;
  std::uint32_t most = 0;
  for (std::size_t i = 1; i < peers_.size(); ++i) {
    const cluster::NodeReport& report = peers_[i].report;
    if (!peers_[i].alive || report.draining || report.lobbies >= report.max_lobbies) continue;
    if (report.players >= report.max_players) continue;
    const std::uint32_t room = report.max_players - report.players;
    if (best && room <= most) continue;
    best = static_cast<lobby::NodeIndex>(i);
    most = room;
  }
  return best;
}

}  // namespace session
