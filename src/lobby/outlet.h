#pragma once

#include <string_view>

#include "lobby/types.h"

namespace lobby {

// The way from lobbies to sessions, wherever those are. One a shard, called on its thread. Packets
// are complete Socket.IO packets and are copied before the call returns.
class Outlet {
 public:
  virtual ~Outlet() = default;

  virtual void send(SessionRef to, std::string_view packet) = 0;
  // A snapshot: a slow reader gets only the newest.
  virtual void send_volatile(SessionRef to, std::string_view packet) = 0;

  // The session's wish `ticket` was granted: it owns this seat of the lobby with that id now. Sent
  // before any packet of the lobby.
  virtual void seated(SessionRef to, std::uint64_t ticket, SeatRef seat,
                      std::string_view lobby) = 0;
  // The wish was refused. `gone`: the lobby closed or filled up meanwhile, or is the wrong one for
  // a player who takes any: quick play looks again, and whom the queue had called waits again.
  virtual void refused(SessionRef to, std::uint64_t ticket, JoinKind kind, bool gone,
                       std::string_view reason) = 0;
  // The seat of another of the account's connections is this session's now (one account, one seat).
  virtual void handed_over(SessionRef to, SeatRef seat, std::string_view lobby) = 0;
  // The seat is no longer the session's (kicked, voted to leave, closed).
  virtual void unseated(SessionRef to, SeatRef seat) = 0;
  // The player came back on another connection, which has the seat now; this one is of no use.
  virtual void moved(SessionRef to, SeatRef seat) { unseated(to, seat); }
  // Another node has the lobby now (it held this one for dead), and this player's seat there waits
  // for him.
  virtual void stranded(SessionRef to, SeatRef seat) { unseated(to, seat); }
};

}  // namespace lobby
