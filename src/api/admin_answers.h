#pragma once

// What a node tells staff of its own lobbies and itself, whether they asked this node or another
// one (admin_link.h). All of it waits for shards at most a second: for the API's threads.

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "api/admin_api.h"
#include "api/admin_link.h"
#include "cluster/lobbies.h"

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
// All of all nodes, the others' as they were a second ago; those of this node alone while the
// cluster is away. At most kMostListed of the others.
std::vector<FoundLobby> all_lobbies(AdminApi::Core& core);
inline constexpr std::size_t kMostListed = 10'000;

}  // namespace api
