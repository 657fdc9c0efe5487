#pragma once

// Mutes as rows (S6): who may not chat, and until when.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/connection.h"

namespace store {

struct Mute {
  std::int64_t number = 0;               // grows; given by the database
  std::optional<std::string> player_id;  // exactly one of player_id and address is set
  std::optional<std::string> address;    // of guests; kept by network (base::network_of)
  std::string reason;
  std::string muted_by;  // player id of the moderator, or "system"
  Time created_at{};
  std::optional<Time> ends_at;  // none = for good
  std::optional<Time> lifted_at;
};

// Adds the mute and answers its number; `number`, `lifted_at` of the argument are ignored.
base::Result<std::int64_t> insert_mute(Connection& db, const Mute& mute);
// false: no such mute, or lifted already.
base::Result<bool> lift_mute(Connection& db, std::int64_t number, Time at);
base::Result<std::optional<Mute>> find_mute(Connection& db, std::int64_t number);

// Newest first, those before `before` (0 = from the newest), at most `limit`. In force alone, or
// all that ever were.
base::Result<std::vector<Mute>> list_mutes(Connection& db, bool in_force, Time at,
                                           std::int64_t before, std::size_t limit);
// All of a player that ever were, newest first, at most `limit`.
base::Result<std::vector<Mute>> mutes_of(Connection& db, const std::string& player_id,
                                         std::size_t limit);

}  // namespace store
