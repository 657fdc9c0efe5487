#include "cluster/matchmaker.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/random.h"

namespace cluster {

Matchmaker::Matchmaker(Cluster& cluster, Options options, Host host)
    : cluster_(cluster), options_(std::move(options)), host_(std::move(host)) {}

void Matchmaker::start() { look_later(); }

// The chance keeps nodes from looking at the same moment every time.
void Matchmaker::look_later() {
  const auto quarter = std::max<std::int64_t>(1, options_.interval.count() / 4);
  const auto chance =
      static_cast<std::int64_t>(base::secure_u64() % static_cast<std::uint64_t>(2 * quarter));
  cluster_.after(options_.interval + std::chrono::milliseconds(chance - quarter),
                 [this] { look(); });
}

void Matchmaker::look() {
  if (paused_) return look_later();
  openings_ = host_.openings();
  rooms_left_ = std::min(options_.matches_a_round, host_.room());
  look_at(0);
}

// One mode after the other; then a pause.
void Matchmaker::look_at(std::size_t mode) {
  if (mode >= options_.modes.size() || (rooms_left_ == 0 && openings_.empty())) return look_later();
  cluster_.tickets().waiting(options_.modes[mode],
                             [this, mode](const base::Result<Tickets::Pool>& pool) {
                               if (pool) take(mode, *pool);
                               look_at(mode + 1);
                             });
}

void Matchmaker::take(std::size_t mode, const Tickets::Pool& pool) {
  std::map<std::string, const Ticket*> by_id;
  for (const Ticket& ticket : pool.tickets) by_id[ticket.id] = &ticket;
  for (Group& group : form_groups(pool.tickets, openings_, options_.rules, pool.now_ms)) {
    if (group.lobby.empty()) {
      if (rooms_left_ == 0 || (host_.serves && !host_.serves(group.region))) continue;
      --rooms_left_;
    }
    Match match;
    match.id = base::secure_id();
    match.mode = options_.modes[mode];
    for (const std::string& id : group.tickets) match.tickets.push_back(*by_id.at(id));
    match.group = std::move(group);
    const std::string id = match.id;
    const std::vector<std::string> tickets = match.group.tickets;
    cluster_.tickets().take(
        id, tickets, [this, match = std::move(match)](const base::Result<void>& taken) mutable {
          if (taken) host_.found(std::move(match));
        });
  }
}

}  // namespace cluster
