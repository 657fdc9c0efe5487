#include "app/drain_command.h"

#include <csignal>
#include <cstdio>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "app/node_lock.h"
#include "app/open_cluster.h"
#include "base/clock.h"
#include "base/random.h"

namespace app {
namespace {

constexpr std::chrono::seconds kPatience{10};  // for the cluster, and for the node
constexpr std::chrono::milliseconds kLook{100};

int fail(const std::string& message) {
  std::fprintf(stderr, "trespasserd: %s\n", message.c_str());
  return 1;
}

int drain_local(const base::Config& config) {
  const auto process = serving_process(config.data_dir);
  if (!process) return fail(process.error().message);
  if (::kill(*process, SIGUSR1) != 0) return fail("the server may not be signalled by this user");
  std::printf("The node of %s drains (process %d).\n", config.data_dir.c_str(),
              static_cast<int>(*process));
  return 0;
}

using Nodes = std::vector<cluster::NodeEntry>;

base::Result<Nodes> list(cluster::Cluster& cluster) {
  auto promise = std::make_shared<std::promise<base::Result<Nodes>>>();
  auto answer = promise->get_future();
  cluster.nodes().list(
      [promise](base::Result<Nodes> nodes) { promise->set_value(std::move(nodes)); });
  if (answer.wait_for(kPatience) != std::future_status::ready)
    return base::Error{"unavailable", "redis_url: no answer"};
  return answer.get();
}

const cluster::NodeEntry* find(const Nodes& nodes, const std::string& id) {
  for (const cluster::NodeEntry& node : nodes)
    if (node.id == id) return &node;
  return nullptr;
}

std::string names_of(const Nodes& nodes) {
  std::string names;
  for (const cluster::NodeEntry& node : nodes)
    if (node.alive) names += " " + node.id;
  return names.empty() ? " none" : names;
}

// Asks until `done` likes the answer.
template <class Done>
base::Result<Nodes> list_until(cluster::Cluster& cluster, Done done) {
  const auto end = base::steady_now() + kPatience;
  base::Result<Nodes> nodes = list(cluster);
  while ((!nodes || !done(*nodes)) && base::steady_now() < end) {
    std::this_thread::sleep_for(kLook);
    nodes = list(cluster);
  }
  return nodes;
}

int drain_in_cluster(const base::Config& config, const std::string& node_id) {
  base::Config own = config;
  own.node_id = "drain-" + base::secure_id();
  auto opened = open_cluster(own);
  if (!opened) return fail(opened.error().message);
  cluster::Cluster& cluster = **opened;
  cluster.start();
  const auto before = list_until(cluster, [](const Nodes&) { return true; });
  if (!before) return fail(before.error().message);
  const cluster::NodeEntry* node = find(*before, node_id);
  if (node == nullptr || !node->alive)
    return fail("no node " + node_id + " is alive; those that are:" + names_of(*before));
  cluster.channel().notify_all(drain_notice(node_id));
  bool drains = false;
  const auto after = list_until(cluster, [&](const Nodes& nodes) {
    const cluster::NodeEntry* now = find(nodes, node_id);
    drains = now == nullptr || !now->alive || now->report.draining;
    return drains;
  });
  cluster.nodes().leave({});
  if (!drains) return fail(after ? "node " + node_id + " does not answer" : after.error().message);
  std::printf("Node %s drains.\n", node_id.c_str());
  return 0;
}

}  // namespace

std::string drain_notice(const std::string& node_id) { return "drain " + node_id; }

int drain_command(const base::Config& config, const std::string& node_id) {
  if (node_id.empty()) return drain_local(config);
  if (config.redis_url.empty())
    return fail("a node is drained by its name through redis_url, which is not set");
  return drain_in_cluster(config, node_id);
}

}  // namespace app
