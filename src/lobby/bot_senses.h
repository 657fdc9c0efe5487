#pragma once

// What a bot knows of others. Only what a player is told: enemies that Match::sees() shows, twenty
// times a second as states are sent, where they were last seen, events that may be known, and team
// mates. Nothing else of an enemy is read anywhere in a bot.

#include <array>

#include "match/match.h"

namespace lobby {

struct Sighting {
  bool known = false;    // seen in this life of both, and not forgotten
  bool visible = false;  // at the last look
  sim::Tick since = 0;   // visible since then
  sim::Tick last = 0;    // the last look that saw it
  sim::Vec2 position;    // then
  sim::Vec2 velocity;    // px per tick, from two looks
};

// Something worth a look: a team mate fights or fell there, an enemy broke a wall or was lost
// there.
struct Rumour {
  sim::Vec2 place;
  sim::Tick at = 0;  // 0 = none
};

class BotSenses {
 public:
  static constexpr sim::Tick kMemory = 6 * sim::kTickRate;  // how long a lost enemy is remembered

  void reset() { *this = {}; }
  // Every tick, after the step: hears each tick, looks every third.
  void update(const match::Match& match, sim::Slot self);

  const Sighting& enemy(sim::Slot slot) const { return enemies_[slot]; }
  // Where a known enemy should be by now.
  sim::Vec2 expected(sim::Slot slot, sim::Tick now) const;

  // The visible enemy to deal with, or kNoSlot: the nearest, but not changed for a small gain.
  sim::Slot focus() const { return focus_; }
  // The enemy lost from sight last, or kNoSlot.
  sim::Slot lost() const { return lost_; }
  void forget(sim::Slot slot);

  void suspect(sim::Vec2 place, sim::Tick now) { rumour_ = {place, now}; }
  const Rumour& rumour() const { return rumour_; }
  sim::Tick hurt_at() const { return hurt_at_; }  // 0 = not in this life

 private:
  void listen(const match::Match& match, sim::Slot self);
  void look(const match::Match& match, sim::Slot self);
  void see(Sighting& sighting, sim::Vec2 position, sim::Tick now);
  void choose(sim::Vec2 from);

  std::array<Sighting, sim::kMaxPlayers> enemies_{};
  Rumour rumour_;
  sim::Tick hurt_at_ = 0;
  sim::Slot focus_ = sim::kNoSlot;
  sim::Slot lost_ = sim::kNoSlot;
};

// Share of the view that a flash takes right now: 1 = sees nothing, 0 = sees well.
double dazzle(const sim::FlashState& flash, sim::Tick now);

}  // namespace lobby
