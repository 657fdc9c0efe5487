#pragma once

// The state behind the memory clusters of a process: plain containers and one mutex. What Redis
// does in scripts is done here in methods, called with the mutex held.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/lobbies.h"
#include "cluster/memory_attempts.h"
#include "cluster/nodes.h"
#include "cluster/parties.h"
#include "cluster/sessions.h"
#include "cluster/snapshots.h"
#include "cluster/tickets.h"
#include "cluster/timing.h"
#include "cluster/worker.h"

namespace cluster {

using WorldTime = std::chrono::steady_clock::time_point;

// What the world tells a node, always by a post to its worker.
struct MemoryNode {
  std::string id;
  Worker* worker = nullptr;
  bool has_reported = false;
  NodeReport report;
  std::function<void(const SessionEnd&)> on_session_end;
  std::function<void(const std::string& from, const std::string& frame)> on_frame;
  std::function<void(const std::string& from, const std::string& notice)> on_notice;
  std::function<void(const Ticket&, const std::string& place)> on_assigned;
  std::function<void(const std::string& code)> on_party;
};

class MemoryWorld {
 public:
  explicit MemoryWorld(Timing timing);

  const Timing timing;
  std::mutex mutex;                    // of all below but `sessions` and `attempts`
  std::unique_ptr<Sessions> sessions;  // thread safe; called without the mutex
  MemoryAttempts attempts;             // likewise

  using Holder = std::uint64_t;  // one for each MemoryCluster, never used again
  Holder next_holder = 1;
  std::map<Holder, MemoryNode> nodes;  // those that live
  MemoryNode* find_node(std::string_view id);
  void died(Holder holder);

  // Lobbies
  struct LobbyRecord {
    Located located;  // `alive` is worked out when asked
    Holder owner = 0;
    std::map<std::string, std::pair<WorldTime, std::uint32_t>> holds;  // until when, seats
    Snapshot snapshot;
    WorldTime snapshot_until{};
    WorldTime forget_at = WorldTime::max();  // some time after its owner's death
  };
  std::map<std::string, LobbyRecord> lobbies;
  std::map<std::string, std::string> codes;  // invite code -> lobby
  void forget_old_lobbies();
  void erase_lobby(const std::string& lobby);
  Located seen(const LobbyRecord& record) const;
  LobbyRecord* find_lobby(const Search& search);

  // Tickets
  struct TicketRecord {
    Ticket ticket;
    TicketState state = TicketState::waiting;
    std::string match;
    std::string place;
    std::vector<Holder> carers;  // nodes that hear of its assignment
    WorldTime hold_until{};
    WorldTime forget_at = WorldTime::max();
  };
  std::map<std::string, TicketRecord> tickets;
  std::map<std::string, std::string> player_tickets;
  std::map<std::string, double> waits;  // mean ms, by mode and region
  void settle_tickets();                // returns expired holds, forgets old tickets
  void erase_ticket(const std::string& id);
  std::vector<const TicketRecord*> queue(const std::string& mode) const;  // oldest first

  // Parties
  struct PartyRecord {
    Party party;
    std::map<std::string, WorldTime> until;  // by member: when it is out if not named again
  };
  std::map<std::string, PartyRecord> parties;
};

}  // namespace cluster
