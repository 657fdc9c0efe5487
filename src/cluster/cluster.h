#pragma once

// What the nodes of a server know in common (C1). Two kinds: in memory, for a node that is alone
// (memory_cluster.h), and Redis (redis_cluster.h); the same contract tests run on both.
//
// Every call returns at once, but for those of Sessions and Attempts. Answers and listeners come on
// the cluster's own thread and must not wait.

#include <chrono>
#include <functional>
#include <string>

#include "cluster/attempts.h"
#include "cluster/channel.h"
#include "cluster/gauge.h"
#include "cluster/lobbies.h"
#include "cluster/nodes.h"
#include "cluster/parties.h"
#include "cluster/sessions.h"
#include "cluster/snapshots.h"
#include "cluster/tickets.h"

namespace cluster {

// One a node. Thread safe, but for the order: listeners are set, then start(), then the rest.
// Destroying it without Nodes::leave() looks to the others as if the node had died. Not to be
// destroyed on its own thread.
class Cluster {
 public:
  virtual ~Cluster() = default;

  // Never fails: without a link everything answers "unavailable" until there is one.
  virtual void start() = 0;

  virtual const std::string& node_id() const = 0;
  virtual Sessions& sessions() = 0;
  virtual Attempts& attempts() = 0;
  virtual Nodes& nodes() = 0;
  virtual Lobbies& lobbies() = 0;
  virtual Snapshots& snapshots() = 0;
  virtual Channel& channel() = 0;
  virtual Tickets& tickets() = 0;
  virtual Parties& parties() = 0;

  virtual const Gauge& gauge() const = 0;  // gauge().connected: is there a link?
  // Called on the cluster's thread when the link comes or goes; set before start().
  virtual void on_link(std::function<void(bool connected)> listener) = 0;

  // Runs fn on the cluster's thread after `delay`; not when the Cluster is destroyed before.
  virtual void after(std::chrono::milliseconds delay, std::function<void()> fn) = 0;
};

}  // namespace cluster
