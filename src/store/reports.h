#pragma once

// Reports of players about players, as rows (S7). What follows from them is moderation's business.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/connection.h"

namespace store {

// One end of a report.
struct ReportParty {
  std::optional<std::string> player_id;  // the account; none = a guest
  std::string key;                       // the account, or the seat of a guest
  std::string name;                      // as shown in the match
  std::optional<std::string> address;    // kept by network (base::network_of)
};

struct Report {
  std::int64_t number = 0;  // given by the database
  ReportParty reporter;
  std::optional<std::string> reporter_party;  // who queues together is one
  ReportParty target;                         // its address is kept for guests only
  std::string match_id;
  std::string lobby_id;
  std::string reason;
  std::string note;
  std::int64_t replay_tick = 0;  // of the moment it was made, in the match's replay
  bool credible = false;         // as judged when it was made
  Time created_at{};
  std::optional<Time> closed_at;
  std::string closed_by;  // player id of the moderator, or "system"
  std::string verdict;    // "accepted", "rejected"; "" = open
};

// Answers its number; "conflict": this reporter has reported this target in this match already.
base::Result<std::int64_t> insert_report(Connection& db, const Report& report);
base::Result<std::optional<Report>> find_report(Connection& db, std::int64_t number);
// false: no such report, or closed already.
base::Result<bool> close_report(Connection& db, std::int64_t number, const std::string& verdict,
                                const std::string& closed_by, Time at);

struct ReportFilter {
  bool open_only = true;
  std::string player_id;    // of the target; "" = any
  std::int64_t before = 0;  // 0 = from the newest
  std::size_t limit = 50;
};
// Newest first.
base::Result<std::vector<Report>> list_reports(Connection& db, const ReportFilter& filter);

// Credible reports since that time about an account, or about guests of a network, that no
// moderator has rejected: the newest `limit`.
base::Result<std::vector<Report>> credible_reports(Connection& db, const ReportParty& target,
                                                   Time since, std::size_t limit);

// What a reporter's word is worth.
struct ReporterRecord {
  Time registered{};
  std::int64_t matches = 0;   // finished
  std::int64_t accepted = 0;  // of the reports closed since `since`
  std::int64_t rejected = 0;
};
// None: no such account.
base::Result<std::optional<ReporterRecord>> reporter_record(Connection& db,
                                                            const std::string& player_id,
                                                            Time since);

// Takes the addresses out of reports made before that time; answers how many.
base::Result<std::size_t> forget_report_addresses(Connection& db, Time before);

}  // namespace store
