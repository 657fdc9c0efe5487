#pragma once

// Sample rows for the contract tests.

#include <string>

#include "store/match_result.h"
#include "store/store.h"

namespace contract {

// 2026-11-22T12:00:00.000Z plus so many seconds.
store::Time at(int seconds);

// An account with that name; answers its id.
std::string add_player(store::Store& store, const std::string& name);

store::MatchPlayer seat_of(std::string seat, std::optional<std::string> player_id, store::Side team,
                           unsigned kills, unsigned deaths, bool won);

// A match that red won 50:20, without players, with a match id of its own.
store::MatchResult sample_match();

// The match of two accounts (red: 5 kills, 1 death, won; blue: 1, 5) and a guest on red (2, 3,
// won).
store::MatchResult sample_match(const std::string& red, const std::string& blue);

}  // namespace contract
