#pragma once

// A replay to be watched at any of its moments: checks the recorded hashes piece by piece, and
// gives the film of any stretch without playing all that went before. Made for the web pages'
// module (tools/replay/module), which must come back after a few milliseconds each time; no files,
// no threads, no clock. One owner, one thread.
//
// While the replay is verified, the state is kept every kKeyframeEvery ticks (less often in very
// long replays, so that there are at most kMaxKeyframes). A film begins at such a state.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "match/replay.h"
#include "replay/event_text.h"
#include "replay/film.h"

namespace replay_tool {

inline constexpr match::Tick kKeyframeEvery = 10 * sim::kTickRate;
inline constexpr std::size_t kMaxKeyframes = 256;
inline constexpr match::Tick kMaxProjectedTicks = 6 * 3600 * sim::kTickRate;  // six hours
// A film begins so long before the moment asked for, when it can: by then whatever flies, and every
// line about a death that is still shown, began within the film.
inline constexpr match::Tick kProjectorLead = 7 * sim::kTickRate;

using Maps = std::vector<std::shared_ptr<const sim::Map>>;

class Projector {
 public:
  // Reads the whole replay once, without playing it. Errors: "invalid" (no replay, another version,
  // damaged, cut off, longer than six hours), "not_found" (none of the maps is the one played on).
  static base::Result<std::unique_ptr<Projector>> open(std::vector<std::uint8_t> bytes,
                                                       const Maps& maps);
  Projector(const Projector&) = delete;
  Projector& operator=(const Projector&) = delete;

  const sim::Map& map() const { return *map_; }
  match::Tick ticks() const { return ticks_; }            // of the whole replay
  match::Tick first_tick() const { return first_tick_; }  // world tick before the first of them

  // Plays at most so many ticks on and compares hashes. False when all is done. A difference does
  // not end it: differs_at() keeps the first, and what comes after is what this build makes of the
  // commands. Error "invalid": as in open(), which has found it already.
  base::Result<bool> verify(match::Tick at_most);
  match::Tick verified() const { return front_.reader.ticks(); }
  std::uint32_t hashes_compared() const { return compared_; }
  std::optional<match::Tick> differs_at() const { return differs_at_; }  // ticks played by then
  std::uint64_t hash() const { return front_.match->hash(); }            // after verified() ticks

  // Deaths found since the last call, for marks on a time line.
  struct Death {
    match::Tick tick = 0;  // ticks played
    sim::Slot victim = sim::kNoSlot;
    sim::Slot killer = sim::kNoSlot;
    sim::Team killer_team = sim::Team::red;
  };
  std::vector<Death> take_deaths() { return std::exchange(deaths_, {}); }

  // Begins a film from which `tick` can be shown, at a state that verify() has passed, and appends
  // its head line and first state. Gives the tick at which it begins.
  base::Result<match::Tick> cue(match::Tick tick, std::string& out);
  // Plays the film at most so many ticks on and appends its lines. False at the end.
  base::Result<bool> roll(match::Tick at_most, std::string& out);
  match::Tick rolled() const { return reel_ ? reel_->reader.ticks() : 0; }

 private:
  struct Keyframe {
    match::ReplayReader reader;
    Names names;
    std::vector<std::uint8_t> state;
  };
  struct Playing {
    match::ReplayReader reader;
    Names names;
    std::unique_ptr<match::Match> match;
    match::ReplayTick tick;
    bool ended = false;
    // Plays one tick. False at the end, however often it is asked.
    base::Result<bool> step();
  };

  Projector(std::vector<std::uint8_t> bytes, std::shared_ptr<const sim::Map> map, Playing front,
            match::Tick ticks);
  void keep();
  void compare(std::uint64_t expected);
  void note_deaths();

  std::vector<std::uint8_t> bytes_;  // what every reader reads from; never changes
  std::shared_ptr<const sim::Map> map_;
  match::ReplayHeader header_;
  match::Tick ticks_ = 0;
  match::Tick first_tick_ = 0;
  match::Tick keyframe_every_ = kKeyframeEvery;
  Playing front_;
  bool done_ = false;
  std::uint32_t compared_ = 0;
  std::optional<match::Tick> differs_at_;
  std::vector<Keyframe> keyframes_;
  std::vector<Death> deaths_;
  std::optional<Playing> reel_;
  FilmWriter writer_;
};

}  // namespace replay_tool
