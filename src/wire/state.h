#pragma once

// game:state, the lean form of contract 5.9, 20 times a second to everybody in the world.
//
//   players         own entry in full; everybody else {id, name, team, kills, deaths, isAlive},
//                   which is all the client reads of them here, and all that may be known of a
//                   hidden enemy (5.7 a, decision 19)
//   visiblePlayers  one entry per player in the world, the receiver included: with position,
//                   rotation, health and weapon if seen, else parked at (-1000,-1000) with nothing
//                   else
//   projectiles     always [] (they live from events)
//   smokeZones      always, those the receiver may know of
//   walls           the complete set or absent: the client deletes walls that are missing, so there
//                   is no partial form; changes travel as wall:damaged and wall:destroyed
//   scores          the teams' own counters (L6); ours, the shipped client adds up kills
//   vision          the receiver's polygon
//
// Players who are not in the world are absent.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "match/match.h"
#include "wire/roster.h"

namespace base {
class JsonWriter;
}

namespace wire {

enum class WallsIn : std::uint8_t {
  none,
  // Needed in the first state after player:join, in every answer to request_game_state, after a new
  // match, and again about once a second for a while after a join: the client keeps only the last
  // state that came before its game scene was up (2.0-5), and that one must carry the walls.
  all,
};

// Reused from lobby to lobby by one shard: keeps nothing but buffers between one begin() and the
// next.
class StateEncoder {
 public:
  // Encodes what is equal for all viewers. The arguments must outlive the append() calls that
  // follow.
  void begin(const match::Match& match, const Roster& roster, const Clock& clock);

  // Appends the viewer's whole packet; nothing if the viewer is not in the world (S6). Allocates
  // nothing once the buffers have grown.
  void append(sim::Slot viewer, WallsIn walls, std::string& out);

 private:
  // The forms one player takes in the states of others.
  struct Entry {
    bool present = false;
    std::string known;   // member of `players`
    std::string seen;    // element of visiblePlayers
    std::string parked;  // element of visiblePlayers, hidden
  };

  void encode_player(sim::Slot slot);
  void encode_walls();
  void encode_smokes();
  void write_own(sim::Slot viewer, base::JsonWriter& json) const;
  void write_smokes(sim::Slot viewer, base::JsonWriter& json) const;
  void write_vision(sim::Slot viewer, base::JsonWriter& json) const;

  const match::Match* match_ = nullptr;
  const Roster* roster_ = nullptr;
  Clock clock_;
  std::array<Entry, sim::kMaxPlayers> entries_;
  std::string smokes_;  // one after the other
  std::array<std::size_t, sim::kMaxSmokes + 1>
      smoke_ends_{};   // where zone i begins, and where the last one ends
  std::string walls_;  // "" = not encoded since begin()
};

}  // namespace wire
