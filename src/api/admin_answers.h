#pragma once

// What a node tells staff of its own lobbies and itself, whether they asked this node or another
// one (admin_link.h). All of it waits for shards at most a second: for the API's threads.

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/admin_api.h"
#include "api/admin_link.h"
#include "cluster/lobbies.h"
#include "cluster/nodes.h"

namespace api {

// Errors: "not_found", "unavailable".
NodeAnswer answer_here(AdminApi::Core& core, const Question& question);
// The same of whichever node it is.
NodeAnswer answer_of(AdminApi::Core& core, const std::string& node, const Question& question);

// Somebody on a seat, as sanctions need him.
struct Seated {
  std::string account_id;  // "" = a guest
  std::string address;
  std::string name;
};
base::Result<Seated> seated_in(AdminApi::Core& core, const std::string& node,
                               const std::string& lobby, const std::string& player_id);

// A lobby of some node.
struct FoundLobby {
  lobby::DirectoryEntry entry;  // of another node: what its listing says; no shard or number
  std::string node;
};
boost::json::object lobby_json(const FoundLobby& lobby);
// By id; of other nodes also by invite code. Nodes that are dead have none. Errors: "not_found",
// "unavailable".
base::Result<FoundLobby> find_lobby(AdminApi::Core& core, const std::string& id);
// Every node that is known to the cluster. Error: "unavailable".
base::Result<std::vector<cluster::NodeEntry>> list_nodes(AdminApi::Core& core);

// Where somebody sits, by account or by the id on the wire.
struct Whereabouts {
  std::optional<FoundLobby> lobby;  // none: nowhere that is known
  std::string name;                 // as shown there
  std::vector<std::string> silent;  // nodes that did not answer: the seat may be on one of them
};
// Asks this node, then all others at once.
Whereabouts whereabouts(AdminApi::Core& core, const std::string& id);
// Of a seat, for the audit log: lobby, node, name.
std::string seat_text(const FoundLobby& lobby, const std::string& name);

// All of all nodes, the others' as they were a second ago; those of this node alone while the
// cluster is away. At most kMostListed of the others.
std::vector<FoundLobby> all_lobbies(AdminApi::Core& core);
inline constexpr std::size_t kMostListed = 10'000;

}  // namespace api
