#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cluster/nodes.h"
#include "cluster/redis_core.h"
#include "cluster/redis_lobbies.h"

namespace cluster {

// The registry, and the beat that keeps this node and its lobbies alive.
class RedisNodes final : public Nodes {
 public:
  RedisNodes(RedisCore& core, RedisLobbies& lobbies) : core_(core), lobbies_(lobbies) {}

  void report(const NodeReport& report) override;
  void list(Answer<std::vector<NodeEntry>> answer) override;
  void leave(Answer<void> answer) override;

  // The worker's thread: one beat now, and then one each Timing::beat.
  void start();
  void link_up() { beat(); }

 private:
  void keep_beating();
  void beat();
  void forget_all(Answer<void> answer);
  std::vector<std::string> due_report();

  RedisCore& core_;
  RedisLobbies& lobbies_;
  std::mutex mutex_;  // of the next two
  std::optional<NodeReport> report_;
  bool report_now_ = false;
  // The worker's thread.
  bool first_ = true;
  bool left_ = false;
  std::chrono::steady_clock::time_point reported_{};
};

}  // namespace cluster
