#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lobby {

// Where the saves of a shard's lobbies go, for the node that takes a lobby over when this one dies
// (docs/cluster.md). One a shard, called on its thread between ticks: must not wait.
class Keeper {
 public:
  virtual ~Keeper() = default;

  // The lobby as it is now, four times a second. `fence`: which owner of the lobby this node is.
  // The bytes end with the call.
  virtual void keep(const std::string& lobby, std::uint64_t fence, std::string_view save) = 0;
  // The lobby is over.
  virtual void forget(const std::string& lobby) = 0;
};

}  // namespace lobby
