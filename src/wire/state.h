#pragma once

// game:state, the lean form of contract 5.9, 20 times a second to everybody in the world.
//
//   players         own entry in full; everybody else {id, name, team, kills, deaths, isAlive}, which is all the client
//                   reads of them here, and all that may be known of a hidden enemy (5.7 a, decision 19)
//   visiblePlayers  one entry per player in the world, the receiver included: with position, rotation, health and weapon
//                   if seen, else parked at (-1000,-1000) with nothing else
//   walls           the complete set or absent: the client deletes walls that are missing, so there is no partial form;
//                   changes travel as wall:damaged and wall:destroyed
//   smokeZones      always; projectiles always [] (they live from events)
//   vision          the receiver's polygon
//
// Players who are not in the world are absent. A state is only for a viewer who is (S6).

#include <array>
#include <cstdint>
#include <string>

#include "match/match.h"
#include "wire/roster.h"

namespace wire {

enum class WallsIn : std::uint8_t {
  none,
  // Needed in the first state after player:join, in every answer to request_game_state, after a new match, and again
  // about once a second for a while after a join: the client keeps only the last state that came before its game scene
  // was up (2.0-5), and that one must carry the walls.
  all,
};

// Reused from lobby to lobby by one shard: keeps nothing but buffers between begin() calls.
class StateEncoder {
 public:
  // Encodes what is equal for all viewers. The arguments must outlive the append() calls that follow.
  void begin(const match::Match& match, const Roster& roster, const Clock& clock);

  // Appends the viewer's whole packet. The viewer must be in the world.
  void append(sim::Slot viewer, WallsIn walls, std::string& out);

 private:
  void append_players(sim::Slot viewer, std::string& out) const;
  void append_visible(sim::Slot viewer, std::string& out) const;
  void append_smokes(sim::Slot viewer, std::string& out) const;
  void append_vision(sim::Slot viewer, std::string& out) const;

  struct Entry {
    std::string known;    // in `players`, keyed, for those who are not this player
    std::string seen;     // in visiblePlayers
    std::string parked;   // in visiblePlayers, hidden
  };

  const match::Match* match_ = nullptr;
  const Roster* roster_ = nullptr;
  Clock clock_;
  std::array<Entry, sim::kMaxPlayers> entries_;
  std::string walls_;
  bool walls_ready_ = false;
};

}  // namespace wire
