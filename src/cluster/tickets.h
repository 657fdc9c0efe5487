#pragma once

// Players who wait for a match, in queues that all nodes share (C2, C3).
//
// A ticket is a party that stays together. It waits in queue:{mode}:{region} of its first region,
// in the order of queue times. A node takes tickets for a match, all of them or none, makes the
// lobby and assigns it to them; what was taken and not assigned returns to its old place when the
// node has died (Timing::ticket_hold). The node that put a ticket in keeps it alive; when that node
// dies the player's next one adopts it within Timing::ticket_life. The members of a party may be on
// several nodes: each adopts the ticket.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cluster/answer.h"

namespace cluster {

struct Ticket {
  std::string id;  // of the caller's making, unguessable and never used again
  std::string mode;
  std::vector<std::string> regions;  // 1..kMaxRegions; the first is home, others after a while
  std::vector<std::string> players;  // 1..kMaxParty ids, without line ends
  double skill = 0;                  // mean of the party, in rating points
  std::int64_t queued_ms = 0;        // Unix time by the cluster's clock; 0 = now
  friend bool operator==(const Ticket&, const Ticket&) = default;
};

enum class TicketState : std::uint8_t {
  waiting,
  forming,   // taken for a match that is being made
  assigned,  // see `place`
};

// What keeps a ticket waiting.
enum class Block : std::uint8_t {
  none,     // a match is being formed, or will be in the next round
  players,  // too few people wait for this mode
  skill,    // enough people, but of other skill; the range widens with time
  region,   // enough people, but in other regions; they are included after a while
};

struct TicketStatus {
  Ticket ticket;
  TicketState state = TicketState::waiting;
  std::string place;           // assigned: what assign() was given
  std::uint32_t position = 0;  // 1 = next; 0 unless waiting
  std::uint32_t waiting = 0;   // tickets in the queue
  std::int64_t waited_ms = 0;
  std::int64_t estimate_ms = -1;  // until a match, by the waits of those before; -1 = unknown
  Block block = Block::none;
};

// Thread safe.
class Tickets {
 public:
  virtual ~Tickets() = default;

  // Errors: conflict when one of the players waits with another ticket, invalid. Saying it again is
  // no error. The answer is the ticket's queue time.
  virtual void enqueue(const Ticket& ticket, Answer<std::int64_t> answer) = 0;
  // Error: conflict when it is assigned already. No error when there is no such ticket.
  virtual void cancel(const std::string& ticket, Answer<void> answer) = 0;
  // Error: not_found.
  virtual void status(const std::string& ticket, Answer<TicketStatus> answer) = 0;
  // The ticket of a player, waiting or assigned not long ago, now in this node's care; that of a
  // party stays in the care of its other nodes, too, and all of them hear of the assignment. Error:
  // not_found.
  virtual void adopt(const std::string& player, Answer<TicketStatus> answer) = 0;

  // Waiting tickets of a mode over all regions, oldest first, at most kMaxPool. What dead nodes
  // held too long is back in it. `now_ms` is the cluster's clock.
  struct Pool {
    std::vector<Ticket> tickets;
    std::map<std::string, std::int64_t> waits;  // mean wait of the last ones by region, ms
    std::int64_t now_ms = 0;
  };
  virtual void waiting(const std::string& mode, Answer<Pool> answer) = 0;

  // Takes the tickets (at most kMaxPage) for `match`, an id of the caller's making. All or none;
  // conflict when one is no longer waiting.
  virtual void take(const std::string& match, const std::vector<std::string>& tickets,
                    Answer<void> answer) = 0;
  // Tells the tickets of a match where to go (at most 1 kB of the caller's making); each of their
  // nodes hears it. The answer names those that were still in the match; the others have been
  // cancelled or, the hold having run out, wait again.
  virtual void assign(const std::string& match, const std::vector<std::string>& tickets,
                      const std::string& place, Answer<std::vector<std::string>> answer) = 0;
  // The match does not come about: back to their old places.
  virtual void give_back(const std::string& match, const std::vector<std::string>& tickets,
                         Answer<void> answer) = 0;

  // A ticket in this node's care has been assigned. Called once a ticket and node, on the cluster's
  // thread; set before start().
  virtual void on_assigned(
      std::function<void(const Ticket& ticket, const std::string& place)> listener) = 0;
};

}  // namespace cluster
