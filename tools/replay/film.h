#pragma once

// A replay as a film: lines of JSON that the web pages' viewer plays (web/common/src/film.ts), with
// everything an onlooker from above may see.
//
//   first line   {"film":1,"map":text,"walls":{...}}           walls as in game:state, and
//                                                              "tiles": real slices, 1..5
//   a tick       {"t":tick,
//                 "n":[[id,name,team]...],                     who is who, when it changes
//                 "e":[[event,{...},knowing]...],              as on the wire, in fullest form
//                 "p":[[id,x,y,rotation,health,weapon,kills,deaths,knowing]...],
//                                                              this and below: 3rd ticks, the end
//                 "z":[[id,x,y,radius,density]...],
//                 "r":red,"b":blue}                            Dead: health 0. Ids: "p<slot>".
//
// knowing: bit n is set when the player of slot n may know all of the event, or where the player is
// (match/view.h). Ticks in which nothing is to be said are left out.

#include <array>
#include <string>

#include "match/match.h"
#include "replay/event_text.h"
#include "wire/events.h"
#include "wire/roster.h"

namespace replay_tool {

// One per film; told of every tick in order.
class FilmWriter {
 public:
  FilmWriter();

  // Appends what the tick just played has to say, the first time after the head line.
  void tick(const match::Match& match, const Names& names, std::string& out);

 private:
  struct Who {
    bool known = false;
    std::string name;
    sim::Team team = sim::Team::red;
  };

  void head(const match::Match& match, std::string& out) const;
  bool people(const match::Match& match, const Names& names, std::string& out);
  bool events(const match::Match& match, const Names& names, std::string& out);
  void snapshot(const match::Match& match, std::string& out) const;

  bool begun_ = false;
  std::array<std::string, sim::kMaxPlayers> ids_;
  std::array<std::string, sim::kMaxPlayers> names_;
  std::array<Who, sim::kMaxPlayers> who_;
  wire::Roster roster_;
  wire::EventEncoder encoder_;
};

}  // namespace replay_tool
