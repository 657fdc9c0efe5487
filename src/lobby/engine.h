#pragma once

// The lobbies of one shard and their ticks. Lives on the shard; the clock that drives it is the
// caller's. An exception out of a lobby ends that lobby: its people are told and free, the others
// play on.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lobby/lateness.h"
#include "lobby/lobby.h"
#include "lobby/tick_clock.h"

namespace lobby {

struct TickStats {
  std::uint64_t ticks = 0;    // lobby ticks run
  std::uint64_t dropped = 0;  // slots' ticks dropped for lateness
  std::uint64_t busy_ns = 0;  // time spent in ticks
};

class Engine {
 public:
  Engine(LobbyContext context, TickClock::Time start);
  ~Engine();

  // Makes the lobby first when `place.create` is set.
  void join(const Directory::Place& place, const LobbyOptions& options, const JoinRequest& request,
            TickClock::Time now);
  void leave(SeatRef seat);
  void transport_lost(SeatRef seat);
  void resume(SeatRef seat);
  void greet_again(SeatRef seat);
  void take_over(SeatRef seat, SessionRef session, const std::string& player_id);
  void identify(SeatRef seat, const std::string& account_id, const std::string& name);
  void event(SeatRef seat, const wire::ClientEvent& event);
  void match_command(SeatRef seat, const sim::Command& command);
  void result_kept(LobbyNumber lobby, std::uint32_t ordinal);

  // Takes a lobby over from a node that died. `place` is of Directory::adopt(). On an error there
  // is no such lobby and the place is given back.
  base::Result<void> adopt(const Directory::Place& place, std::string_view save,
                           TickClock::Time now);
  // A player is back and looks for his seat, on a connection that has none (L9): it is granted if a
  // lobby here has it; silence if not.
  void reclaim(const std::string& player_id, const std::string& account_id, SessionRef session,
               std::uint64_t ticket);
  bool has(LobbyNumber lobby) const { return lobbies_.contains(lobby); }
  // A session of another node believes to have this seat. False: it has not.
  bool still_here(SeatRef seat, SessionRef session, bool connected);
  // The node of some sessions is gone: their seats wait for them as after a lost line.
  void node_lost(NodeIndex node);

  // Ends a lobby for staff: its people are told why and are free. False: there is none.
  bool close(LobbyNumber lobby, std::string_view why);
  // Whoever of them sits here is out, and out of that lobby until its match has ended.
  void banish(const Banished& whom);
  // Another node has taken this lobby over: it stops here, nothing of it counts any more, and its
  // players are told where to go (Outlet::stranded).
  void lose(LobbyNumber lobby);
  // All of them: this node stops, and others will take them over.
  void let_go();
  // This node will stop (C5): lobbies that wait dissolve at once, matches play on until their vote
  // is over, and new lobbies are refused.
  void drain();

  // Runs the slots that are due and returns when to be called again; nothing while there are no
  // lobbies. `after_slot` is called after each slot that ran, to write its packets out.
  template <class AfterSlot>
  std::optional<TickClock::Time> run(TickClock::Time now, AfterSlot after_slot) {
    for (int slot = 0; slot < TickClock::kSlots; ++slot) {
      if (run_slot(slot, now)) after_slot();
    }
    return next_deadline();
  }
  std::optional<TickClock::Time> next_deadline() const;

  std::size_t lobby_count() const { return lobbies_.size(); }
  std::vector<Lobby::Shape> shapes() const;
  // Every lobby of this shard.
  template <class Visit>
  void each(Visit visit) const {
    for (const auto& [number, lobby] : lobbies_) visit(*lobby);
  }
  TickStats stats() const { return stats_; }
  // Of every slot that ran; readable from any thread.
  const Lateness& lateness() const { return lateness_; }
  // Of every tick of every lobby; readable from any thread.
  const Lateness& durations() const { return durations_; }

 private:
  Lobby* find(LobbyNumber number);
  void create(const Directory::Place& place, const LobbyOptions& options, TickClock::Time now);
  void add(std::unique_ptr<Lobby> lobby, TickClock::Time now);
  // Does something in a lobby, if it still is there, and closes it when it is empty or broke down.
  template <class Work>
  void in_lobby(LobbyNumber number, std::string_view where, Work work);
  bool run_slot(int slot, TickClock::Time now);
  void keep(const Lobby& lobby);
  void close_if_empty(Lobby& lobby);
  void erase(LobbyNumber number);
  static int slot_of(LobbyNumber number) { return static_cast<int>(number % TickClock::kSlots); }

  LobbyContext context_;
  wire::StateEncoder states_;
  TickClock clock_;
  std::unordered_map<LobbyNumber, std::unique_ptr<Lobby>> lobbies_;
  std::array<std::vector<Lobby*>, TickClock::kSlots> slots_;
  std::string save_;  // scratch of keep()
  TickStats stats_;
  Lateness lateness_;
  Lateness durations_;
};

}  // namespace lobby
