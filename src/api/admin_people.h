#pragma once

// Players as staff see them: found by name or id, with what is in force against them. Rows; each
// function is a statement or two in the caller's transaction. No e-mail addresses.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/admin_staff.h"
#include "base/error.h"
#include "store/connection.h"

namespace api {

struct Person {
  std::string id;
  std::string name;
  std::string region;
  Role role = Role::none;
  store::Time created_at{};
  std::optional<store::Time> last_login;
  std::int64_t kills = 0;
  std::int64_t deaths = 0;
  std::int64_t matches = 0;
  std::int64_t wins = 0;
  std::int64_t open_reports = 0;
  double suspicion = 0;  // scores of the last 30 days, each halved for every week that went by
  bool banned = false;
  bool muted = false;
};

struct PeopleFilter {
  std::string text = "";  // part of a name, or an id; "" = all
  bool reported = false;
  bool banned = false;
  std::size_t limit = 50;
};
// Those with most open reports first, then the newest.
base::Result<std::vector<Person>> find_people(store::Connection& db, const PeopleFilter& filter,
                                              store::Time now);
base::Result<std::optional<Person>> find_person(store::Connection& db, const std::string& id,
                                                store::Time now);

// Display names by id; ids that are none of an account's are left out. At most 200 ids.
base::Result<std::map<std::string, std::string>> names_of(store::Connection& db,
                                                          const std::set<std::string>& ids);

// The node that played a match; none: it is not stored (yet).
base::Result<std::optional<std::string>> node_of(store::Connection& db,
                                                 const std::string& match_id);

struct SuspiciousEvent {
  std::int64_t number = 0;
  std::optional<std::string> player_id;  // the account; none = a guest
  std::string name;                      // as shown in the match
  std::optional<std::string> match_id;
  std::string kind;
  double score = 0;
  std::int64_t found = 1;  // how often in this match
  std::string evidence;    // JSON
  std::optional<std::int64_t> replay_tick;
  store::Time happened_at{};
};
// Newest first; `before` 0 = from the newest. Of one account, or of everybody.
base::Result<std::vector<SuspiciousEvent>> suspicious_of(store::Connection& db,
                                                         const std::string& id, std::int64_t before,
                                                         std::size_t limit);
base::Result<std::vector<SuspiciousEvent>> all_suspicious(store::Connection& db,
                                                          std::int64_t before, std::size_t limit);

}  // namespace api
