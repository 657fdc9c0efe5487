#pragma once

// The queue of reports (S7, O5): who looks at which, and whose turn it is. Rows; each function is a
// statement or two in the caller's transaction.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/admin_json.h"
#include "base/error.h"
#include "store/connection.h"

namespace api {

// A report is its moderator's for so long; then others are offered it again.
inline constexpr std::chrono::minutes kClaimLife{15};

// Gives the report to the moderator. "not_found"; "conflict": it is closed, or somebody else's.
base::Result<void> claim_report(store::Connection& db, std::int64_t number,
                                const std::string& moderator, store::Time now);
// The open report that waits longest and is nobody's (or the moderator's own already): those about
// the player who has most credible ones come first. None: the queue is empty.
base::Result<std::optional<std::int64_t>> next_report(store::Connection& db,
                                                      const std::string& moderator,
                                                      store::Time now);
// Who looks at it; an empty claim when there is no such report.
base::Result<ReportClaim> claim_of(store::Connection& db, std::int64_t number);
// May this moderator judge it? "conflict" while it is somebody else's.
base::Result<void> check_claim(store::Connection& db, std::int64_t number,
                               const std::string& moderator, store::Time now);
base::Result<std::map<std::int64_t, ReportClaim>> claims_of(
    store::Connection& db, const std::vector<store::Report>& reports);
base::Result<std::int64_t> count_open_reports(store::Connection& db);

}  // namespace api
