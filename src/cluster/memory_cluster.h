#pragma once

#include <memory>
#include <string>

#include "cluster/cluster.h"
#include "cluster/timing.h"

namespace cluster {

// What the nodes of one process share.
class MemoryWorld;
std::shared_ptr<MemoryWorld> make_memory_world(Timing timing = {});

// A node of a world. It lives from its making to leave() or its destruction, which the others see
// as its death at once.
std::unique_ptr<Cluster> make_memory_cluster(std::shared_ptr<MemoryWorld> world,
                                             std::string node_id);

// A node that is alone.
std::unique_ptr<Cluster> make_memory_cluster(std::string node_id);

}  // namespace cluster
