#pragma once

// A lobby as the cluster's directory lists it, there and back (C2). The same for the node that owns
// it, for seekers on other nodes and for staff.

#include <string>

#include "cluster/lobbies.h"
#include "lobby/directory.h"

namespace lobby {

// What other nodes are told of a lobby of this node, which is in `region`. A lobby of the queue is
// listed as private: only its reservations lead there.
cluster::Listing listing_of(const DirectoryEntry& entry, const std::string& region);

// A lobby of another node: number, shard and invite code are not known here.
DirectoryEntry entry_of(const cluster::Listing& listing);

}  // namespace lobby
