#pragma once

#include <string>

#include "accounts/players.h"
#include "base/error.h"

namespace accounts {

// Everything kept about a player (A1): the account, all matches, stays in lobbies, logins, bans.
// JSON text; no password hash, no tokens.
base::Result<std::string> export_player(Connection& db, const Player& player);

}  // namespace accounts
