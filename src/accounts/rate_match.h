#pragma once

#include "base/error.h"
#include "store/connection.h"
#include "store/match_result.h"

namespace accounts {

// Rates the accounts that played a match, in the transaction that writes it (give it to
// store::OutboxOptions::on_match). Each plays one game against the other team as one opponent: the
// mean of its ratings, the root mean square of its deviations; guests count as newcomers. Who left
// early has lost. One rating period is a day of rest. Matches that were aborted or had people on
// one side only are not rated.
base::Result<void> rate_match(store::Connection& db, const store::MatchResult& result);

}  // namespace accounts
