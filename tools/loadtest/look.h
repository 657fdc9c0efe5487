#pragma once

// What a player makes of a state: enough to aim and to reload as somebody who looks at the screen.
// The text is searched, not parsed: it is long, and comes twenty times a second.

#include <optional>
#include <string_view>

namespace loadtest {

struct Spot {
  double x = 0;
  double y = 0;
};

struct Look {
  Spot me;
  bool alive = true;
  std::string_view weapon;  // the one held, into the packet
  int ammo = 0;             // in its magazine
  bool reloading = false;
  std::optional<Spot> enemy;  // the nearest one alive and in sight
};

// Nothing when the packet is no state with this player in it.
std::optional<Look> look_at(std::string_view packet, std::string_view id);

}  // namespace loadtest
