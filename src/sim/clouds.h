#pragma once

// The smoke as a ray meets it (rules 8.3): the zones that reach into the circle a viewer may look
// at.

#include "sim/smoke.h"

namespace sim {

// Lives on the stack of one question about sight.
class Clouds {
 public:
  // Collects the zones of the world, as they are now, that reach into the circle around the viewer.
  Clouds(const World& world, Vec2 viewer, double reach);

  bool empty() const { return discs_.empty(); }
  auto begin() const { return discs_.begin(); }
  auto end() const { return discs_.end(); }

  // Length of a ray of at most `limit` px from the viewer along a unit vector: the first sample (5,
  // 10, ... 160 px) before `limit` at which the summed smoke blocks, else `limit`.
  double ray_length(Vec2 unit, double limit) const;

 private:
  Vec2 viewer_;
  SmokeDiscs discs_;
};

}  // namespace sim
