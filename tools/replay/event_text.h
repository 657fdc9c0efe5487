#pragma once

// Events as lines for people and grep.

#include <array>
#include <string>

#include "sim/event.h"

namespace replay_tool {

// What each slot is called, "slot 3" until a name is known.
class Names {
 public:
  Names();
  void set(sim::Slot slot, const std::string& name) { names_[slot] = name; }
  // Control bytes of a name are shown as '?', so that a file cannot play tricks with the terminal.
  std::string of(sim::Slot slot) const;

 private:
  std::array<std::string, sim::kMaxPlayers> names_;
};

// One line without its end: "<tick> <seconds> <kind> key=value ...".
std::string line_of(const sim::Event& event, sim::Tick tick, const Names& names);

}  // namespace replay_tool
