#pragma once

// Draws worlds from above: walls with their wounds and holes, smoke, players, what flies. One pixel
// of the arena is one pixel of the picture.

#include "base/png.h"
#include "sim/world.h"

namespace replay_tool {

inline constexpr int kFrameWidth = 480;
inline constexpr int kFrameHeight = 270;

class Picture {
 public:
  Picture(int columns, int rows);  // in frames, with a line of 2 px between them

  // Draws the world into a frame. When `viewer` is a slot in the world, what he does not see is
  // dimmed.
  void draw(int column, int row, const sim::World& world, sim::Slot viewer);

  const base::Image& image() const { return image_; }

 private:
  base::Image image_;
};

}  // namespace replay_tool
