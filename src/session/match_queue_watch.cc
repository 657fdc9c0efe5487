#include <algorithm>
#include <utility>

#include "base/log.h"
#include "session/match_queue.h"
#include "wire/queue_packets.h"

// What the queue looks at from time to time: where its tickets stand, whether the cluster is there.

namespace session {
namespace {

constexpr int kMissingLooks = 8;  // after which a ticket that the cluster forgot is put in again
constexpr int kAwayLooks = 2;     // without a cluster, before this node matches on its own
constexpr int kLooksANodeList = 5;
constexpr std::size_t kCloserLooks = 50;  // tickets asked for one by one in a look

std::string_view name_of(cluster::TicketState state) {
  switch (state) {
    case cluster::TicketState::waiting:
      return "waiting";
    case cluster::TicketState::forming:
      return "forming";
    case cluster::TicketState::assigned:
      return "matched";
  }
  return "waiting";
}

std::optional<std::string_view> name_of(cluster::Block block) {
  switch (block) {
    case cluster::Block::players:
      return "players";
    case cluster::Block::skill:
      return "skill";
    case cluster::Block::region:
      return "region";
    case cluster::Block::none:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

void MatchQueue::watch() {
  if (stopped_) return;
  cluster_.after(settings_.watch, [this] { watch(); });
  if (looks_++ % kLooksANodeList == 0) learn_nodes();
  change_lanes();
  look_at(false);
  if (own_) look_at(true);
  name_members();
  sweep();
}

// Who plays where: regions of nodes that take players.
void MatchQueue::learn_nodes() {
  cluster_.nodes().list([this](const base::Result<std::vector<cluster::NodeEntry>>& nodes) {
    if (!nodes) return;
    regions_ = {settings_.host.region};
    for (const cluster::NodeEntry& node : *nodes)
      if (node.alive && !node.report.draining) regions_.insert(node.report.region);
  });
}

// C1: without the cluster this node matches its own players, until it is back.
void MatchQueue::change_lanes() {
  if (!own_) return;
  const bool there = reachable();
  away_ = there ? 0 : away_ + 1;
  if (away_ == kAwayLooks) {
    base::log::warn("queue_alone", {{"tickets", waits_.size()}});
    own_host_->pause(drained_);
  }
  if (there) own_host_->pause(true);
  std::vector<std::string> moving;
  for (const auto& [id, wait] : waits_) {
    const bool leaves =
        away_ >= kAwayLooks && !wait.own && wait.people.size() == wait.ticket.players.size();
    if (leaves || (there && wait.own)) moving.push_back(id);
  }
  for (const std::string& id : moving) {
    if (!there) {
      cluster_.tickets().cancel(id, {});  // as soon as it is back
      put_in(id, true);
      continue;
    }
    own_->tickets().cancel(id, [this, id](const base::Result<void>& cancelled) {
      if (!cancelled) return;  // has a match
      post([this, id] {
        const auto wait = waits_.find(id);
        if (wait != waits_.end() && wait->second.own) put_in(id, false);
      });
    });
  }
}

void MatchQueue::look_at(bool own) {
  std::set<std::string> modes;
  for (const auto& [id, wait] : waits_)
    if (wait.own == own) modes.insert(wait.ticket.mode);
  for (const std::string& mode : modes) {
    tickets(own).waiting(mode, [this, own, mode](const base::Result<cluster::Tickets::Pool>& pool) {
      if (!pool) return;
      if (!own) return looked(own, mode, *pool);
      post([this, own, mode, pool] { looked(own, mode, *pool); });
    });
  }
}

void MatchQueue::looked(bool own, const std::string& mode, const cluster::Tickets::Pool& pool) {
  std::map<std::string, std::uint32_t> lengths;  // by region
  std::map<std::string, std::uint32_t> positions;
  for (const cluster::Ticket& ticket : pool.tickets)
    positions[ticket.id] = ++lengths[ticket.regions.front()];
  std::vector<std::string> closer;
  for (auto& [id, wait] : waits_) {
    if (wait.own != own || wait.ticket.mode != mode) continue;
    const auto position = positions.find(id);
    if (position == positions.end()) {
      if (closer.size() < kCloserLooks) closer.push_back(id);
      continue;
    }
    const std::string& home = wait.ticket.regions.front();
    cluster::TicketStatus status;
    status.ticket = wait.ticket;
    status.position = position->second;
    status.waiting = lengths[home];
    status.waited_ms = std::max<std::int64_t>(0, pool.now_ms - wait.ticket.queued_ms);
    const auto mean = pool.waits.find(home);
    if (mean != pool.waits.end())
      status.estimate_ms = std::max<std::int64_t>(0, mean->second - status.waited_ms);
    status.block = cluster::explain(pool.tickets, id, settings_.host.rules, pool.now_ms);
    learn(wait, std::move(status));
  }
  for (const std::string& id : closer) look_closer(id);
}

void MatchQueue::look_closer(const std::string& id) {
  const auto wait = waits_.find(id);
  if (wait == waits_.end()) return;
  const bool own = wait->second.own;
  tickets(own).status(id, [this, id, own](const base::Result<cluster::TicketStatus>& status) {
    if (!own) return judge(id, status);
    post([this, id, status] { judge(id, status); });
  });
}

void MatchQueue::judge(const std::string& id, const base::Result<cluster::TicketStatus>& status) {
  const auto found = waits_.find(id);
  if (found == waits_.end()) return;
  Wait& wait = found->second;
  if (!status) {
    if (status.error().code != "not_found" || ++wait.missing < kMissingLooks) return;
    return put_in(id, wait.own);
  }
  if (status->state == cluster::TicketState::assigned)
    return call(status->ticket, status->place);  // the word of it was lost
  learn(wait, *status);
}

void MatchQueue::learn(Wait& wait, cluster::TicketStatus status) {
  wait.missing = 0;
  const bool changed = status.state != wait.status.state ||
                       status.position != wait.status.position ||
                       status.waiting != wait.status.waiting || status.block != wait.status.block;
  wait.status = std::move(status);
  if (changed || std::chrono::steady_clock::now() - wait.told_at >= settings_.tell)
    tell_status(wait);
}

// --- words for the players ---

void MatchQueue::status(lobby::SessionRef session) {
  post([this, session] {
    Person* person = find(session);
    const auto wait = person == nullptr ? waits_.end() : waits_.find(person->wait);
    if (wait != waits_.end()) return tell(*person, status_packet(wait->second, *person));
    std::string packet;
    wire::queue_status(packet, {});
    outlet_.tell(session, std::move(packet));
  });
}

std::string MatchQueue::status_packet(const Wait& wait, const Person& person) const {
  const cluster::TicketStatus& known = wait.status;
  const bool is_waiting = known.state == cluster::TicketState::waiting;
  wire::QueueView view;
  view.position = static_cast<int>(known.position);
  view.waiting = static_cast<int>(known.waiting);
  if (known.estimate_ms >= 0) view.estimate_ms = known.estimate_ms;
  view.state = name_of(known.state);
  if (is_waiting) view.blocks = name_of(known.block);
  view.waited_ms = known.waited_ms;
  view.reach = wait.own || !reachable() ? "node" : "cluster";
  view.mode = wait.ticket.mode;
  view.regions = wait.ticket.regions;
  view.party = static_cast<int>(wait.ticket.players.size());
  view.pass = pass_of(person);
  std::string packet;
  wire::queue_status(packet, view);
  return packet;
}

std::string_view MatchQueue::pass_of(const Person& person) {
  constexpr std::string_view kGuest = "guest:";
  const std::string_view key = person.key;
  return key.starts_with(kGuest) ? key.substr(kGuest.size()) : std::string_view();
}

void MatchQueue::tell_status(Wait& wait) {
  wait.told_at = std::chrono::steady_clock::now();
  for (const Ref& ref : wait.people) {
    const auto person = people_.find(ref);
    if (person != people_.end()) tell(person->second, status_packet(wait, person->second));
  }
}

void MatchQueue::tell(const Person& person, const std::string& packet) const {
  outlet_.tell(person.who.session, packet);
}

void MatchQueue::fail(lobby::SessionRef session, std::string_view reason) const {
  std::string packet;
  wire::queue_failed(packet, reason);
  outlet_.tell(session, std::move(packet));
}

void MatchQueue::count_waiting() {
  std::size_t people = 0;
  for (const auto& [id, wait] : waits_) people += wait.people.size();
  gauge_.waiting = people;
}

// Forgets sessions that want nothing, and calls back those whose seat did not answer.
void MatchQueue::sweep() {
  const auto late = std::chrono::steady_clock::now() - settings_.patience;
  std::vector<lobby::SessionRef> lost;
  for (auto at = people_.begin(); at != people_.end();) {
    const Person& person = at->second;
    if (person.called && person.called_at < late) lost.push_back(person.who.session);
    const bool idle =
        !person.asking && !person.called && person.wait.empty() && person.party.empty();
    if (idle) by_key_.erase(person.key);
    at = idle ? people_.erase(at) : std::next(at);
  }
  for (const lobby::SessionRef session : lost)
    if (Person* person = find(session)) wait_again(*person);
}

}  // namespace session
