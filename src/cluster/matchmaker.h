#pragma once

// Makes matches of waiting tickets, on every node alike and without a leader: each looks at the
// queue in turn, and of two who want the same ticket the first to take it has it.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cluster/cluster.h"
#include "cluster/matcher.h"

namespace cluster {

// Used on the cluster's thread, but for start() and pause(). The Cluster must be destroyed first.
class Matchmaker {
 public:
  struct Options {
    std::vector<std::string> modes;
    MatchRules rules;
    std::chrono::milliseconds interval{500};  // between two looks, give or take a quarter
    std::size_t matches_a_round = 16;         // so that one node does not take on everything
  };

  struct Match {
    std::string id;  // for assign() and give_back()
    std::string mode;
    Group group;
    std::vector<Ticket> tickets;  // in the group's order
  };

  struct Host {
    // Open places in matches of this node, to be filled first.
    std::function<std::vector<Opening>()> openings;
    // How many new lobbies this node could open now.
    std::function<std::size_t()> room;
    // The tickets are taken: make a lobby, or find the opening still open, then Tickets::assign()
    // or give_back() within Timing::ticket_hold.
    std::function<void(Match)> found;
    // Whether new matches of this region are this node's business. Empty = all are.
    std::function<bool(const std::string& region)> serves = {};
  };

  Matchmaker(Cluster& cluster, Options options, Host host);

  void start();                                  // once, after the cluster's
  void pause(bool paused) { paused_ = paused; }  // any thread: takes nothing, as when draining

 private:
  void look();
  void look_later();
  void look_at(std::size_t mode);
  void take(std::size_t mode, const Tickets::Pool& pool);

  Cluster& cluster_;
  const Options options_;
  const Host host_;
  std::atomic<bool> paused_{false};
  std::size_t rooms_left_ = 0;  // of this round
  std::vector<Opening> openings_;
};

}  // namespace cluster
