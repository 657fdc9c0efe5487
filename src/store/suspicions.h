#pragma once

// What detectors found of players, as rows (S4): one a player, match and kind.

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "store/connection.h"

namespace store {

struct Suspicion {
  std::optional<std::string> player_id;  // the account; none = a guest
  std::string subject;                   // the account, or the seat of a guest; not empty
  std::string name;                      // as shown in the match
  std::optional<std::string> address;    // of a guest; kept by network (base::network_of)
  std::string match_id;
  std::string lobby_id;
  std::string kind;
  double score = 0.0;
  std::uint32_t found = 1;       // how often in this match
  std::string evidence;          // JSON
  std::int64_t replay_tick = 0;  // of the latest time
  Time happened_at{};
};

// Adds the row, or brings it up to date; an older state than the one that is there changes nothing.
base::Result<void> write_suspicion(Connection& db, const Suspicion& suspicion);

// Deletes the rows of guests, and of nobody any more, of before one time, and those of accounts of
// before another, which is the earlier one; answers how many.
base::Result<std::size_t> forget_suspicions(Connection& db, Time guests_before,
                                            Time accounts_before);

}  // namespace store
