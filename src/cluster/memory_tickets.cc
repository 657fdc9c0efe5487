#include "cluster/memory_tickets.h"

#include <algorithm>

#include "cluster/matcher.h"
#include "cluster/ticket_check.h"

namespace cluster {
namespace {

using Clock = std::chrono::steady_clock;
const base::Error kNotFound{"not_found", "There is no such ticket."};

std::int64_t wall_ms() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string queue_name(const Ticket& ticket) { return ticket.mode + ":" + ticket.regions.front(); }

}  // namespace

base::Result<std::int64_t> MemoryTickets::enqueue_now(Ticket ticket) {
  if (const auto wrong = what_is_wrong(ticket)) return base::Error{"invalid", *wrong};
  std::lock_guard lock(core_.world->mutex);
  MemoryWorld& world = *core_.world;
  world.settle_tickets();
  const auto same = world.tickets.find(ticket.id);
  if (same != world.tickets.end()) return same->second.ticket.queued_ms;
  for (const std::string& player : ticket.players) {
    const auto other = world.player_tickets.find(player);
    if (other != world.player_tickets.end() &&
        world.tickets.at(other->second).state != TicketState::assigned)
      return base::Error{"conflict", "A player is in a queue already."};
  }
  if (ticket.queued_ms == 0) ticket.queued_ms = wall_ms();
  for (const std::string& player : ticket.players) world.player_tickets[player] = ticket.id;
  MemoryWorld::TicketRecord record;
  record.ticket = ticket;
  record.carers = {core_.holder};
  world.tickets.emplace(ticket.id, std::move(record));
  return ticket.queued_ms;
}

void MemoryTickets::enqueue(const Ticket& ticket, Answer<std::int64_t> answer) {
  core_.give(answer, enqueue_now(ticket));
}

base::Result<void> MemoryTickets::cancel_now(const std::string& ticket) {
  std::lock_guard lock(core_.world->mutex);
  const auto found = core_.world->tickets.find(ticket);
  if (found == core_.world->tickets.end()) return {};
  if (found->second.state == TicketState::assigned)
    return base::Error{"conflict", "The match is ready."};
  core_.world->erase_ticket(ticket);
  return {};
}

void MemoryTickets::cancel(const std::string& ticket, Answer<void> answer) {
  core_.give(answer, cancel_now(ticket));
}

TicketStatus MemoryTickets::status_of(const MemoryWorld::TicketRecord& record) const {
  TicketStatus status;
  status.ticket = record.ticket;
  status.state = record.state;
  status.place = record.place;
  const std::int64_t now = wall_ms();
  status.waited_ms = std::max<std::int64_t>(0, now - record.ticket.queued_ms);
  const auto mean = core_.world->waits.find(queue_name(record.ticket));
  if (mean != core_.world->waits.end())
    status.estimate_ms =
        std::max<std::int64_t>(0, static_cast<std::int64_t>(mean->second) - status.waited_ms);
  std::vector<Ticket> pool;
  for (const auto* other : core_.world->queue(record.ticket.mode)) {
    if (pool.size() < kMaxPool) pool.push_back(other->ticket);
    if (other->ticket.regions.front() != record.ticket.regions.front()) continue;
    ++status.waiting;
    if (other == &record) status.position = status.waiting;
  }
  if (record.state == TicketState::waiting)
    status.block = explain(pool, record.ticket.id, MatchRules(), now);
  return status;
}

void MemoryTickets::status(const std::string& ticket, Answer<TicketStatus> answer) {
  base::Result<TicketStatus> found = kNotFound;
  {
    std::lock_guard lock(core_.world->mutex);
    core_.world->settle_tickets();
    const auto record = core_.world->tickets.find(ticket);
    if (record != core_.world->tickets.end()) found = status_of(record->second);
  }
  core_.give(answer, std::move(found));
}

void MemoryTickets::adopt(const std::string& player, Answer<TicketStatus> answer) {
  base::Result<TicketStatus> found = kNotFound;
  {
    std::lock_guard lock(core_.world->mutex);
    core_.world->settle_tickets();
    const auto ticket = core_.world->player_tickets.find(player);
    if (ticket != core_.world->player_tickets.end()) {
      auto& record = core_.world->tickets.at(ticket->second);
      // The members of a party may be on several nodes, and all of these care.
      if (record.ticket.players.size() == 1) record.carers.clear();
      std::erase(record.carers, core_.holder);
      record.carers.push_back(core_.holder);
      if (record.state != TicketState::assigned) record.forget_at = WorldTime::max();
      found = status_of(record);
    }
  }
  core_.give(answer, std::move(found));
}

void MemoryTickets::waiting(const std::string& mode, Answer<Pool> answer) {
  Pool pool;
  {
    std::lock_guard lock(core_.world->mutex);
    core_.world->settle_tickets();
    for (const auto* record : core_.world->queue(mode))
      if (pool.tickets.size() < kMaxPool) pool.tickets.push_back(record->ticket);
    for (const auto& [name, mean] : core_.world->waits)
      if (name.starts_with(mode + ":"))
        pool.waits[name.substr(mode.size() + 1)] = static_cast<std::int64_t>(mean);
  }
  pool.now_ms = wall_ms();
  core_.give<Pool>(answer, std::move(pool));
}

base::Result<void> MemoryTickets::take_now(const std::string& match,
                                           const std::vector<std::string>& tickets) {
  if (tickets.empty() || tickets.size() > kMaxPage)
    return base::Error{"invalid", "1 to 100 tickets."};
  std::lock_guard lock(core_.world->mutex);
  core_.world->settle_tickets();
  for (const std::string& id : tickets) {
    const auto found = core_.world->tickets.find(id);
    if (found == core_.world->tickets.end() || found->second.state != TicketState::waiting)
      return base::Error{"conflict", "A ticket is taken already."};
  }
  for (const std::string& id : tickets) {
    auto& record = core_.world->tickets.at(id);
    record.state = TicketState::forming;
    record.match = match;
    record.hold_until = Clock::now() + core_.world->timing.ticket_hold;
  }
  return {};
}

void MemoryTickets::take(const std::string& match, const std::vector<std::string>& tickets,
                         Answer<void> answer) {
  core_.give(answer, take_now(match, tickets));
}

std::vector<std::string> MemoryTickets::assign_now(const std::string& match,
                                                   const std::vector<std::string>& tickets,
                                                   const std::string& place) {
  std::lock_guard lock(core_.world->mutex);
  core_.world->settle_tickets();
  std::vector<std::string> kept;
  for (const std::string& id : tickets) {
    const auto found = core_.world->tickets.find(id);
    if (found == core_.world->tickets.end() || found->second.match != match) continue;
    kept.push_back(id);
    auto& record = found->second;
    if (record.state != TicketState::forming) continue;
    record.state = TicketState::assigned;
    record.place = place;
    record.forget_at = Clock::now() + core_.world->timing.assigned_life;
    const auto waited =
        static_cast<double>(std::max<std::int64_t>(0, wall_ms() - record.ticket.queued_ms));
    auto [mean, fresh] = core_.world->waits.try_emplace(queue_name(record.ticket), waited);
    mean->second += (waited - mean->second) / 16;
    tell(record);
  }
  return kept;
}

void MemoryTickets::tell(const MemoryWorld::TicketRecord& record) {
  for (const MemoryWorld::Holder carer : record.carers) {
    const auto node = core_.world->nodes.find(carer);
    if (node == core_.world->nodes.end() || !node->second.on_assigned) continue;
    node->second.worker->post([told = node->second.on_assigned, ticket = record.ticket,
                               place = record.place] { told(ticket, place); });
  }
}

void MemoryTickets::assign(const std::string& match, const std::vector<std::string>& tickets,
                           const std::string& place, Answer<std::vector<std::string>> answer) {
  core_.give<std::vector<std::string>>(answer, assign_now(match, tickets, place));
}

void MemoryTickets::give_back(const std::string& match, const std::vector<std::string>& tickets,
                              Answer<void> answer) {
  {
    std::lock_guard lock(core_.world->mutex);
    for (const std::string& id : tickets) {
      const auto found = core_.world->tickets.find(id);
      if (found == core_.world->tickets.end() || found->second.match != match ||
          found->second.state != TicketState::forming)
        continue;
      found->second.state = TicketState::waiting;
      found->second.match.clear();
    }
  }
  core_.give<void>(answer, {});
}

void MemoryTickets::on_assigned(std::function<void(const Ticket&, const std::string&)> listener) {
  std::lock_guard lock(core_.world->mutex);
  core_.world->nodes[core_.holder].on_assigned = std::move(listener);
}

}  // namespace cluster
