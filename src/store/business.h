#pragma once

// Business figures (O6): samples of how many are on line, and the figures of each day. Rows; each
// function is a few statements in the caller's transaction. All days are of UTC.
//
// Definitions. An account plays on the day on which a match ends that it had a seat in. A cohort is
// the accounts registered on a day; its day-1 (day-7) retention is the part of it that plays on the
// next (seventh) day after. A guest is a connection without an account that took a seat. A day's
// peak is of samples about a minute apart. A match that everybody left is aborted.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/connection.h"

namespace store {

// "2026-11-22"
std::string day_of(Time time);

// Of all nodes together. Kept unless there is a sample of that minute already.
base::Result<void> add_sample(Connection& db, Time at, std::uint32_t players,
                              std::uint32_t lobbies);

// What nodes count themselves.
struct DayTally {
  std::uint64_t guests = 0;
  std::uint64_t matches_aborted = 0;
  std::uint64_t queue_matched = 0;
  std::uint64_t queue_left = 0;
  std::uint64_t queue_wait_ms = 0;  // of the matched, together
  friend bool operator==(const DayTally&, const DayTally&) = default;
};
// Adds to the day of that moment.
base::Result<void> add_to_day(Connection& db, Time at, const DayTally& more);

struct BusinessDay {
  std::string day;
  std::int64_t peak_players = 0;
  std::int64_t accounts = 0;
  std::int64_t matches = 0;
  std::int64_t registered = 0;
  std::optional<std::int64_t> returned_1;  // none: that day is not over
  std::optional<std::int64_t> returned_7;
  DayTally tally;
};

struct BusinessReport {
  Time computed_at{};
  std::vector<BusinessDay> days;  // oldest first, without gaps; the last one is today
  std::int64_t matches_last_hour = 0;
};

inline constexpr int kBusinessDays = 31;  // today and 30 before

// Works the figures out again that may have changed, unless somebody did so since `fresh`; and
// forgets old samples. True when it did.
base::Result<bool> refresh_business(Connection& db, Time now, Time fresh);
// As they were worked out last.
base::Result<BusinessReport> read_business(Connection& db, Time now);

}  // namespace store
