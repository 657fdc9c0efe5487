#include "cluster/matcher.h"

#include <algorithm>
#include <cmath>

namespace cluster {
namespace {

std::uint32_t size_of(const Ticket& ticket) {
  return static_cast<std::uint32_t>(ticket.players.size());
}

std::int64_t waited(const Ticket& ticket, std::int64_t now_ms) {
  return std::max<std::int64_t>(0, now_ms - ticket.queued_ms);
}

bool accepts_region(const Ticket& ticket, const std::string& region, const MatchRules& rules,
                    std::int64_t now_ms) {
  if (ticket.regions.front() == region) return true;
  return waited(ticket, now_ms) >= rules.regions_ms &&
         std::find(ticket.regions.begin(), ticket.regions.end(), region) != ticket.regions.end();
}

// The one who has waited longer decides: were both asked, a rare player would wait for a second
// one.
bool accepts_skill(const Ticket& elder, double skill, const MatchRules& rules,
                   std::int64_t now_ms) {
  const double range =
      rules.skill_range + rules.skill_per_s * static_cast<double>(waited(elder, now_ms)) / 1000.0;
  return std::abs(elder.skill - skill) <= range;
}

std::vector<const Ticket*> by_age(std::span<const Ticket> tickets) {
  std::vector<const Ticket*> sorted;
  for (const Ticket& ticket : tickets)
    if (!ticket.regions.empty() && !ticket.players.empty()) sorted.push_back(&ticket);
  std::sort(sorted.begin(), sorted.end(), [](const Ticket* a, const Ticket* b) {
    return a->queued_ms != b->queued_ms ? a->queued_ms < b->queued_ms : a->id < b->id;
  });
  return sorted;
}

class Round {
 public:
  Round(std::span<const Ticket> tickets, std::span<const Opening> openings, const MatchRules& rules,
        std::int64_t now_ms)
      : rules_(rules),
        now_(now_ms),
        waiting_(by_age(tickets)),
        taken_(waiting_.size(), false),
        openings_(openings.begin(), openings.end()) {}

  std::vector<Group> run() {
    for (std::size_t first = 0; first < waiting_.size(); ++first) {
      if (taken_[first]) continue;
      if (!fill_opening(first)) make_match(first);
    }
    return std::move(groups_);
  }

 private:
  bool fill_opening(std::size_t index) {
    const Ticket& ticket = *waiting_[index];
    for (Opening& opening : openings_) {
      if (opening.mode != ticket.mode || opening.seats < size_of(ticket) ||
          !accepts_region(ticket, opening.region, rules_, now_) ||
          !accepts_skill(ticket, opening.skill, rules_, now_))
        continue;
      opening.seats -= size_of(ticket);
      taken_[index] = true;
      groups_.push_back(
          {{ticket.id}, opening.region, opening.lobby, size_of(ticket), ticket.skill});
      return true;
    }
    return false;
  }

  void make_match(std::size_t first) {
    const Ticket& elder = *waiting_[first];
    if (size_of(elder) > rules_.seats) return;
    std::vector<std::size_t> best;
    std::uint32_t most = 0;
    std::string region;
    for (const std::string& candidate : elder.regions) {
      if (!accepts_region(elder, candidate, rules_, now_)) continue;
      std::uint32_t players = 0;
      std::vector<std::size_t> company = gather(first, candidate, players);
      if (players <= most) continue;
      best = std::move(company);
      most = players;
      region = candidate;
    }
    const bool content = waited(elder, now_) >= rules_.short_ms && most >= rules_.fewest;
    if (most == rules_.seats || content) take(best, region, most);
  }

  std::vector<std::size_t> gather(std::size_t first, const std::string& region,
                                  std::uint32_t& players) const {
    const Ticket& elder = *waiting_[first];
    std::vector<std::size_t> company{first};
    players = size_of(elder);
    for (std::size_t i = first + 1; i < waiting_.size() && players < rules_.seats; ++i) {
      const Ticket& other = *waiting_[i];
      if (taken_[i] || other.mode != elder.mode || players + size_of(other) > rules_.seats ||
          !accepts_region(other, region, rules_, now_) ||
          !accepts_skill(elder, other.skill, rules_, now_))
        continue;
      company.push_back(i);
      players += size_of(other);
    }
    return company;
  }

  void take(const std::vector<std::size_t>& company, const std::string& region,
            std::uint32_t players) {
    Group group;
    group.region = region;
    group.players = players;
    for (const std::size_t i : company) {
      taken_[i] = true;
      group.tickets.push_back(waiting_[i]->id);
      group.skill += waiting_[i]->skill * size_of(*waiting_[i]) / players;
    }
    groups_.push_back(std::move(group));
  }

  const MatchRules& rules_;
  const std::int64_t now_;
  const std::vector<const Ticket*> waiting_;
  std::vector<bool> taken_;
  std::vector<Opening> openings_;
  std::vector<Group> groups_;
};

}  // namespace

std::vector<Group> form_groups(std::span<const Ticket> tickets, std::span<const Opening> openings,
                               const MatchRules& rules, std::int64_t now_ms) {
  return Round(tickets, openings, rules, now_ms).run();
}

// Counts whom the ticket could play with if its skill, or its region, did not matter.
Block explain(std::span<const Ticket> tickets, const std::string& id, const MatchRules& rules,
              std::int64_t now_ms) {
  const auto mine = std::find_if(tickets.begin(), tickets.end(),
                                 [&](const Ticket& ticket) { return ticket.id == id; });
  if (mine == tickets.end()) return Block::none;
  const std::uint32_t needed = waited(*mine, now_ms) >= rules.short_ms ? rules.fewest : rules.seats;
  std::uint32_t all = 0, in_region = 0, of_skill = 0;
  for (const Ticket& other : tickets) {
    if (other.mode != mine->mode || other.regions.empty()) continue;
    all += size_of(other);
    const bool together =
        std::any_of(mine->regions.begin(), mine->regions.end(), [&](const std::string& region) {
          return accepts_region(*mine, region, rules, now_ms) &&
                 accepts_region(other, region, rules, now_ms);
        });
    if (!together) continue;
    in_region += size_of(other);
    const Ticket& elder = other.queued_ms < mine->queued_ms ? other : *mine;
    const Ticket& younger = &elder == &other ? *mine : other;
    if (accepts_skill(elder, younger.skill, rules, now_ms)) of_skill += size_of(other);
  }
  if (all < needed) return Block::players;
  if (in_region < needed) return Block::region;
  if (of_skill < needed) return Block::skill;
  return Block::none;
}

}  // namespace cluster
