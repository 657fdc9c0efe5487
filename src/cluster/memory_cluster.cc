#include "cluster/memory_cluster.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cluster/memory_base.h"
#include "cluster/memory_lobbies.h"
#include "cluster/memory_parties.h"
#include "cluster/memory_tickets.h"

namespace cluster {
namespace {

class NodeSessions final : public Sessions {
 public:
  explicit NodeSessions(MemoryCore& core) : core_(core) {}

  void started(const std::string& player_id, const std::string& session_id) override {
    core_.world->sessions->started(player_id, session_id);
  }
  SessionState state(const std::string& player_id, const std::string& session_id) override {
    return core_.world->sessions->state(player_id, session_id);
  }
  void ended(const SessionEnd& end) override { core_.world->sessions->ended(end); }
  void listen(std::function<void(const SessionEnd&)> listener) override {
    std::lock_guard lock(core_.world->mutex);
    auto& node = core_.world->nodes[core_.holder];
    node.on_session_end = [before = node.on_session_end,
                           listener = std::move(listener)](const SessionEnd& end) {
      if (before) before(end);
      listener(end);
    };
  }

 private:
  MemoryCore& core_;
};

class MemoryNodes final : public Nodes {
 public:
  explicit MemoryNodes(MemoryCore& core) : core_(core) {}

  void report(const NodeReport& report) override {
    std::lock_guard lock(core_.world->mutex);
    const auto self = core_.world->nodes.find(core_.holder);
    if (self == core_.world->nodes.end()) return;
    self->second.report = report;
    self->second.has_reported = true;
  }

  void list(Answer<std::vector<NodeEntry>> answer) override {
    std::vector<NodeEntry> all;
    {
      std::lock_guard lock(core_.world->mutex);
      for (const auto& [holder, node] : core_.world->nodes)
        if (node.has_reported) all.push_back({node.id, node.report, true, 0});
    }
    std::sort(all.begin(), all.end(),
              [](const NodeEntry& a, const NodeEntry& b) { return a.id < b.id; });
    core_.give<std::vector<NodeEntry>>(answer, std::move(all));
  }

  void leave(Answer<void> answer) override {
    {
      std::lock_guard lock(core_.world->mutex);
      core_.world->died(core_.holder);
      std::vector<std::string> own;
      for (const auto& [id, record] : core_.world->lobbies)
        if (record.owner == core_.holder) own.push_back(id);
      for (const std::string& id : own) core_.world->erase_lobby(id);
    }
    core_.give<void>(answer, {});
  }

 private:
  MemoryCore& core_;
};

class MemoryChannel final : public Channel {
 public:
  explicit MemoryChannel(MemoryCore& core) : core_(core) {}

  bool send(std::string_view node, std::string_view frame) override {
    if (frame.size() > kMaxFrame) {
      ++core_.gauge.frames_dropped;
      return false;
    }
    ++core_.gauge.frames_out;
    ++core_.gauge.batches_out;
    std::lock_guard lock(core_.world->mutex);
    const MemoryNode* to = core_.world->find_node(node);
    if (to != nullptr && to->on_frame)
      to->worker->post([told = to->on_frame, from = core_.node_id, bytes = std::string(frame)] {
        told(from, bytes);
      });
    else if (unreachable_listener_)
      core_.worker.post([this, gone = std::string(node)] { unreachable_listener_(gone); });
    return true;
  }

  bool notify_all(std::string_view notice) override {
    if (notice.size() > kMaxNotice) return false;
    std::lock_guard lock(core_.world->mutex);
    for (const auto& [holder, node] : core_.world->nodes)
      if (node.on_notice)
        node.worker->post([told = node.on_notice, from = core_.node_id,
                           bytes = std::string(notice)] { told(from, bytes); });
    return true;
  }

  void on_frame(std::function<void(std::string_view, std::string_view)> listener) override {
    std::lock_guard lock(core_.world->mutex);
    core_.world->nodes[core_.holder].on_frame =
        [gauge = &core_.gauge, listener = std::move(listener)](const std::string& from,
                                                               const std::string& frame) {
          ++gauge->frames_in;
          listener(from, frame);
        };
  }
  void on_notice(std::function<void(std::string_view, std::string_view)> listener) override {
    std::lock_guard lock(core_.world->mutex);
    core_.world->nodes[core_.holder].on_notice = std::move(listener);
  }
  void on_unreachable(std::function<void(std::string_view)> listener) override {
    unreachable_listener_ = std::move(listener);
  }

 private:
  MemoryCore& core_;
  std::function<void(std::string_view)> unreachable_listener_;
};

class MemoryCluster final : public Cluster {
 public:
  MemoryCluster(std::shared_ptr<MemoryWorld> world, std::string node_id) {
    core_.world = std::move(world);
    core_.node_id = std::move(node_id);
    std::lock_guard lock(core_.world->mutex);
    core_.holder = core_.world->next_holder++;
    MemoryNode& node = core_.world->nodes[core_.holder];
    node.id = core_.node_id;
    node.worker = &core_.worker;
  }

  ~MemoryCluster() override {
    {
      std::lock_guard lock(core_.world->mutex);
      core_.world->died(core_.holder);
    }
    core_.worker.stop();
  }

  void start() override {
    core_.gauge.connected = true;
    core_.worker.post([this] {
      if (link_listener_) link_listener_(true);
    });
    core_.worker.start();
  }

  const std::string& node_id() const override { return core_.node_id; }
  Sessions& sessions() override { return sessions_; }
  Attempts& attempts() override { return core_.world->attempts; }
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
  MemoryCore core_;
  NodeSessions sessions_{core_};
  MemoryNodes nodes_{core_};
  MemoryLobbies lobbies_{core_};
  MemorySnapshots snapshots_{core_};
  MemoryChannel channel_{core_};
  MemoryTickets tickets_{core_};
  MemoryParties parties_{core_};
  std::function<void(bool)> link_listener_;
};

}  // namespace

std::unique_ptr<Cluster> make_memory_cluster(std::shared_ptr<MemoryWorld> world,
                                             std::string node_id) {
  return std::make_unique<MemoryCluster>(std::move(world), std::move(node_id));
}

std::unique_ptr<Cluster> make_memory_cluster(std::string node_id) {
  return make_memory_cluster(make_memory_world(), std::move(node_id));
}

}  // namespace cluster
