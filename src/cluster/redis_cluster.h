#pragma once

#include <memory>
#include <string>

#include "cluster/cluster.h"
#include "cluster/redis_url.h"
#include "cluster/timing.h"

namespace cluster {

struct RedisOptions {
  RedisAddress address;
  std::string node_id;      // unique among the nodes; no "/" and no blanks
  std::string tls_ca_file;  // roots for rediss://; "" = the system's
  Timing timing;
};

// Needs Redis 6.2 or newer, one server or one master with replicas; docs/cluster.md has the keys.
std::unique_ptr<Cluster> make_redis_cluster(RedisOptions options);

}  // namespace cluster
