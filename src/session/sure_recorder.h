#pragma once

// Results exactly once, also when two nodes play the same lobby for a while (docs/cluster.md): a
// finished match goes to the store only while this node is sure to own its lobbies. Until then it
// is held; it is dropped when another node turns out to have the lobby. The match's id, the same at
// both owners, is the second fence: the store takes it once (D4).

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/lobbies.h"
#include "store/recorder.h"

namespace session {

// One a node. Thread safe.
class SureRecorder final : public store::Recorder {
 public:
  // Both outlive this.
  SureRecorder(store::Recorder& store, const cluster::Lobbies& owner)
      : store_(store), owner_(owner) {}

  void lobby_opened(store::LobbyOpened lobby) override { store_.lobby_opened(std::move(lobby)); }
  void lobby_state(std::string lobby_id, store::LobbyState state, store::Time at) override {
    store_.lobby_state(std::move(lobby_id), state, at);
  }
  void player_joined(std::string lobby_id, std::string player_id, store::Side team,
                     store::Time at) override {
    store_.player_joined(std::move(lobby_id), std::move(player_id), team, at);
  }
  void player_left(std::string lobby_id, std::string player_id, store::Time at) override {
    store_.player_left(std::move(lobby_id), std::move(player_id), at);
  }
  void match_finished(store::MatchResult result, std::function<void(bool ok)> durable) override;

  // Hands on what is held, if this node is sure by now. To be called often.
  void settle();
  // The node ends: what is still held goes to the store all the same, since nothing of it outlives
  // the process; a match that another node ends too has one result by its id.
  void settle_all();
  // Another node has this lobby.
  void lost(const std::string& lobby);
  std::size_t held() const;

 private:
  struct Held {
    store::MatchResult result;
    std::function<void(bool ok)> durable;
  };

  store::Recorder& store_;
  const cluster::Lobbies& owner_;
  mutable std::mutex mutex_;
  std::vector<Held> held_;  // in the order they came
};

}  // namespace session
