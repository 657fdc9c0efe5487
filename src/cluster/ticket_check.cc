#include "cluster/ticket_check.h"

#include <cmath>
#include <set>
#include <string_view>

#include "cluster/timing.h"

namespace cluster {
namespace {

constexpr std::size_t kMaxName = 128;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName && text.find('\n') == std::string_view::npos;
}

// Names that are unlike one another, at most `most` and at least one.
bool are_names(const std::vector<std::string>& names, std::size_t most) {
  if (names.empty() || names.size() > most) return false;
  for (const std::string& name : names)
    if (!is_name(name)) return false;
  return std::set<std::string>(names.begin(), names.end()).size() == names.size();
}

}  // namespace

std::optional<std::string> what_is_wrong(const Ticket& ticket) {
  if (!is_name(ticket.id)) return "A ticket needs an id of 1 to 128 bytes.";
  if (!is_name(ticket.mode)) return "A ticket needs a mode.";
  if (!are_names(ticket.regions, kMaxRegions)) return "A ticket needs 1 to 8 regions.";
  if (!are_names(ticket.players, kMaxParty)) return "A ticket needs 1 to 8 players.";
  if (!std::isfinite(ticket.skill)) return "A ticket's skill is a number.";
  if (ticket.queued_ms < 0) return "A ticket's time is not before 1970.";
  return std::nullopt;
}

}  // namespace cluster
