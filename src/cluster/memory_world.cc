#include "cluster/memory_world.h"

#include <algorithm>

#include "cluster/memory_cluster.h"
#include "cluster/memory_sessions.h"

namespace cluster {

using Clock = std::chrono::steady_clock;

MemoryWorld::MemoryWorld(Timing times)
    : timing(times), sessions(make_memory_sessions()), attempts(times.attempts) {
  sessions->listen([this](const SessionEnd& end) {
    std::lock_guard lock(mutex);
    for (auto& [holder, node] : nodes)
      if (node.on_session_end) node.worker->post([told = node.on_session_end, end] { told(end); });
  });
}

MemoryNode* MemoryWorld::find_node(std::string_view id) {
  for (auto& [holder, node] : nodes)
    if (node.id == id) return &node;
  return nullptr;
}

void MemoryWorld::died(Holder holder) {
  nodes.erase(holder);
  const auto now = Clock::now();
  for (auto& [id, record] : lobbies)
    if (record.owner == holder) record.forget_at = now + timing.lobby_life;
  for (auto& [id, record] : tickets)
    if (std::erase(record.carers, holder) > 0 && record.carers.empty())
      record.forget_at = std::min(record.forget_at, now + timing.ticket_life);
}

void MemoryWorld::forget_old_lobbies() {
  const auto now = Clock::now();
  std::vector<std::string> old;
  for (const auto& [id, record] : lobbies)
    if (record.forget_at <= now) old.push_back(id);
  for (const std::string& id : old) erase_lobby(id);
}

void MemoryWorld::erase_lobby(const std::string& lobby) {
  const auto found = lobbies.find(lobby);
  if (found == lobbies.end()) return;
  codes.erase(found->second.located.listing.code);
  lobbies.erase(found);
}

Located MemoryWorld::seen(const LobbyRecord& record) const {
  Located located = record.located;
  located.alive = nodes.contains(record.owner);
  return located;
}

// Waiting before playing, fuller before emptier.
MemoryWorld::LobbyRecord* MemoryWorld::find_lobby(const Search& search) {
  const auto now = Clock::now();
  for (const std::string& region : search.regions) {
    LobbyRecord* best = nullptr;
    int best_rank = 0;
    for (auto& [id, record] : lobbies) {
      const Listing& of = record.located.listing;
      const auto owner = nodes.find(record.owner);
      if (!of.joinable || of.is_private || of.mode != search.mode || of.region != region ||
          id == search.avoid || owner == nodes.end() || owner->second.report.draining)
        continue;
      std::erase_if(record.holds, [&](const auto& hold) { return hold.second.first <= now; });
      std::uint32_t taken = of.players;
      for (const auto& [name, hold] : record.holds) taken += hold.second;
      if (taken + search.seats > of.max_players) continue;
      const int rank = (of.status == "waiting" ? 0 : 1000) + of.max_players - of.players;
      if (best != nullptr && rank >= best_rank) continue;
      best = &record;
      best_rank = rank;
    }
    if (best != nullptr) return best;
  }
  return nullptr;
}

void MemoryWorld::settle_tickets() {
  const auto now = Clock::now();
  std::vector<std::string> old;
  for (auto& [id, record] : tickets) {
    if (record.state == TicketState::forming && record.hold_until <= now) {
      record.state = TicketState::waiting;
      record.match.clear();
    }
    if (record.forget_at <= now) old.push_back(id);
  }
  for (const std::string& id : old) erase_ticket(id);
}

void MemoryWorld::erase_ticket(const std::string& id) {
  const auto found = tickets.find(id);
  if (found == tickets.end()) return;
  for (const std::string& player : found->second.ticket.players) {
    const auto of_player = player_tickets.find(player);
    if (of_player != player_tickets.end() && of_player->second == id)
      player_tickets.erase(of_player);
  }
  tickets.erase(found);
}

std::vector<const MemoryWorld::TicketRecord*> MemoryWorld::queue(const std::string& mode) const {
  std::vector<const TicketRecord*> waiting;
  for (const auto& [id, record] : tickets)
    if (record.state == TicketState::waiting && record.ticket.mode == mode)
      waiting.push_back(&record);
  std::sort(waiting.begin(), waiting.end(), [](const TicketRecord* a, const TicketRecord* b) {
    return a->ticket.queued_ms != b->ticket.queued_ms ? a->ticket.queued_ms < b->ticket.queued_ms
                                                      : a->ticket.id < b->ticket.id;
  });
  return waiting;
}

std::shared_ptr<MemoryWorld> make_memory_world(Timing timing) {
  return std::make_shared<MemoryWorld>(timing);
}

}  // namespace cluster
