#pragma once

// Who plays with whom: a pure function over the waiting tickets, the same on every node.
//
// Oldest first: each ticket in turn looks for company among those after it. It first fills an open
// place in a match that goes on, then a full match, and after a while is content with a smaller
// one. The skill it accepts widens with its waiting time, and after a while so do the regions.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cluster/tickets.h"

namespace cluster {

struct MatchRules {
  std::uint32_t seats = 8;           // players of a full match
  std::uint32_t fewest = 2;          // players of the smallest one ...
  std::int64_t short_ms = 5'000;     // ... that a ticket accepts after waiting so long
  double skill_range = 150;          // rating points between two tickets at first; about one class
  double skill_per_s = 15;           // by which the range widens: everyone after a minute or two
  std::int64_t regions_ms = 10'000;  // waiting time after which regions beyond the first count
};

// Free places in a match that goes on (a leaver's, say).
struct Opening {
  std::string lobby;
  std::string mode;
  std::string region;
  std::uint32_t seats = 0;
  double skill = 0;  // mean of those who play
};

struct Group {
  std::vector<std::string> tickets;  // oldest first
  std::string region;
  std::string lobby;  // of an Opening; "" = a new one
  std::uint32_t players = 0;
  double skill = 0;  // mean
};

// No ticket is in two groups. `tickets` are of one mode, in any order; openings of other modes are
// passed over.
std::vector<Group> form_groups(std::span<const Ticket> tickets, std::span<const Opening> openings,
                               const MatchRules& rules, std::int64_t now_ms);

// What keeps `id` waiting among `tickets`.
Block explain(std::span<const Ticket> tickets, const std::string& id, const MatchRules& rules,
              std::int64_t now_ms);

}  // namespace cluster
