#pragma once

// Bans as rows (S8). Who may ban whom, and telling the sockets, is moderation's business.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/connection.h"

namespace store {

struct Ban {
  std::int64_t number = 0;               // grows; given by the database
  std::optional<std::string> player_id;  // exactly one of player_id and address is set
  std::optional<std::string> address;    // of a guest; kept by network (base::network_of)
  std::string reason;
  std::string banned_by;  // player id of the moderator, or "system"
  Time created_at{};
  std::optional<Time> ends_at;  // none = for good
  std::optional<Time> lifted_at;
};

// Adds the ban and answers its number; `number`, `lifted_at` of the argument are ignored.
base::Result<std::int64_t> insert_ban(Connection& db, const Ban& ban);
// false: no such ban, or lifted already.
base::Result<bool> lift_ban(Connection& db, std::int64_t number, Time at);

// The ban in force that lasts longest, if any.
base::Result<std::optional<Ban>> ban_of_player(Connection& db, const std::string& player_id,
                                               Time at);
// Of the network that the address is in.
base::Result<std::optional<Ban>> ban_of_address(Connection& db, const std::string& address,
                                                Time at);

base::Result<std::optional<Ban>> find_ban(Connection& db, std::int64_t number);
// The newest ban of the player, or of the network that the address is in, in force or not.
base::Result<std::optional<Ban>> latest_ban_of_player(Connection& db, const std::string& player_id);
base::Result<std::optional<Ban>> latest_ban_of_address(Connection& db, const std::string& address);
// Newest first, those before `before` (0 = from the newest), at most `limit`. In force alone, or
// all that ever were.
base::Result<std::vector<Ban>> list_bans(Connection& db, bool in_force, Time at,
                                         std::int64_t before, std::size_t limit);

// All of a player that ever were, newest first, at most `limit`.
base::Result<std::vector<Ban>> bans_of(Connection& db, const std::string& player_id,
                                       std::size_t limit);

// Bans after that number, oldest first, at most `limit`: how a node learns of those it was not
// told.
base::Result<std::vector<Ban>> bans_after(Connection& db, std::int64_t number, std::size_t limit);

}  // namespace store
