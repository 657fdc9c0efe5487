#pragma once

// What the rules of one tick work with.

#include <vector>

#include "sim/event.h"
#include "sim/world.h"

namespace sim {

struct StepRules {
  bool friendly_fire = true;  // decision 8
  bool counting = false;      // kills and deaths count: only while a match is played (decision 18)
};

struct Turn {
  World& world;
  const StepRules& rules;
  std::vector<Event>& events;  // appended to, in the order clients must hear

  Player& player(Slot slot) const { return world.players[slot]; }
  Event& emit(EventKind kind, Slot slot) const {
    Event& event = events.emplace_back();
    event.kind = kind;
    event.slot = slot;
    return event;
  }
};

}  // namespace sim
