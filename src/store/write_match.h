#pragma once

#include "base/error.h"
#include "store/connection.h"
#include "store/match_result.h"

namespace store {

// Writes a match with its players and adds to the players' totals and stays, all in the caller's
// transaction (D4). false: the match is there already, and nothing was changed. A player id that no
// account has is kept as a guest's row.
base::Result<bool> write_match(Connection& db, const MatchResult& result);

}  // namespace store
