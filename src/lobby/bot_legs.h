#pragma once

// How a bot walks: along a route, or in one of eight directions while it fights.

#include <optional>

#include "lobby/navigation.h"

namespace lobby {

class BotLegs {
 public:
  void stop();
  // Sets out for a square. False when there is no way (or it is there already).
  bool set_out(const Navigation& navigation, sim::Vec2 from, Square goal,
               const Navigation::Wish& wish);

  bool walking() const { return next_ < route_.size(); }
  Square goal() const { return goal_; }

  // Keys towards the next corner; 0 at the end. A route longer than fits is continued by the next
  // set_out().
  std::uint16_t keys(sim::Vec2 from);

  // The place the legs go to next: the next corner, or the one behind it when that is near.
  sim::Vec2 ahead(sim::Vec2 from) const;

  // The first square of wood or glass on the straight piece before us, within `reach` squares.
  std::optional<Square> soft_ahead(const Navigation& navigation, sim::Vec2 from, int reach) const;

 private:
  Route route_;
  std::size_t next_ = 0;
  Square goal_ = 0;
};

// Keys of the free direction that fits `wanted` best; 0 when all that fit are walled. `wanted` need
// not be a unit vector.
std::uint16_t keys_towards(const Navigation& navigation, sim::Vec2 from, sim::Vec2 wanted);

}  // namespace lobby
