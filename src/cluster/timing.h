#pragma once

// The times and bounds of the cluster. The defaults are for production; tests make them shorter.

#include <chrono>
#include <cstddef>

namespace cluster {

using std::chrono::milliseconds;

// How tries that fail are counted and blocked (attempts.h).
struct AttemptTimes {
  milliseconds window{15 * 60 * 1000};
  milliseconds longest_block{60 * 60 * 1000};  // blocks begin with a window and double up to this
  milliseconds memory{24 * 60 * 60 * 1000};    // how long blocks in a row are remembered
};

struct Timing {
  // A node says this often that it lives ...
  milliseconds beat{500};
  // ... and is dead for the others after this long without, its lobbies no longer listed and free
  // to be taken over (C1: within 10 s), ...
  milliseconds lease{5'000};
  // ... or this soon when its link to the cluster is broken as well, as after kill -9.
  milliseconds gone_after{1'200};
  // Load and address of a node are written this often (C2) ...
  milliseconds node_report{5'000};
  // ... and it is not listed when unseen for this long (C2).
  milliseconds node_unseen{30'000};

  // Every record of a lobby is written again this often, and forgotten when it was not for so long.
  milliseconds lobby_refresh{60'000};
  milliseconds lobby_life{180'000};
  // A place in a lobby is kept this long for a player on the way.
  milliseconds seat_hold{10'000};
  milliseconds snapshot_life{60'000};

  // Tickets taken for a match return to their queue when not assigned for this long.
  milliseconds ticket_hold{5'000};
  // A ticket that no node has asked for in this long belongs to nobody any more.
  milliseconds ticket_life{60'000};
  milliseconds ticket_touch{2'000};
  // What became of a ticket is remembered this long.
  milliseconds assigned_life{60'000};

  // A member of a party who is not named again for this long is out.
  milliseconds party_life{60'000};

  milliseconds session_memory{std::chrono::hours(24)};

  AttemptTimes attempts;
  // A login waits no longer for the common count; then the node's own decides.
  milliseconds attempt_patience{500};

  // Redis: a request without an answer for this long means a dead connection; attempts to connect
  // begin at the first pause and double up to the second.
  milliseconds request_timeout{2'000};
  milliseconds retry_first{100};
  milliseconds retry_longest{2'000};
};

inline constexpr std::size_t kMaxSnapshot = 64 * 1024;       // bytes of a lobby's snapshot
inline constexpr std::size_t kMaxFrame = 256 * 1024;         // bytes of a frame to another node
inline constexpr std::size_t kMaxNotice = 4 * 1024;          // bytes of a notice to all nodes
inline constexpr std::size_t kMaxWaiting = 4 * 1024 * 1024;  // bytes of frames waiting for one node
inline constexpr std::size_t kMaxParty = 8;                  // players of a ticket
inline constexpr std::size_t kMaxRegions = 8;                // regions of a ticket
inline constexpr std::size_t kMaxPage = 100;  // lobbies of a page, tickets of a match
inline constexpr std::size_t kMaxPool = 512;  // waiting tickets looked at at once

}  // namespace cluster
