#pragma once

// A map: walls as the tiler cuts them (rules 2.2), spawns. Immutable and shared by all matches on it.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "sim/types.h"

namespace sim {

inline constexpr int kMapColumns = 48;
inline constexpr int kMapRows = 27;

struct Wall {
  Vec2 corner;                // top left
  bool horizontal = true;     // 50 x 10 px, else 10 x 50
  Material material = Material::concrete;
  std::uint8_t tiles = 5;     // real slices, 1..5; the rest never existed (decision 15)

  double width() const { return horizontal ? 50.0 : 10.0; }
  double height() const { return horizontal ? 10.0 : 50.0; }
};

struct Map {
  std::string name;
  std::vector<Wall> walls;          // in emission order: wall i is wall_<i+1> on the wire
  std::vector<Vec2> red_spawns;     // scan order
  std::vector<Vec2> blue_spawns;
  std::vector<Vec2> lights;
};

// Cuts a picture into a map. `rgb` holds width*height*3 bytes, row by row. Accepts 48 x 27 and whole multiples whose
// blocks are uniform (rules 2.3 REC). Unknown colours are empty floor. Errors: wrong size, blocks that are not uniform,
// no spawn for a team, a spawn that is not a free point.
base::Result<Map> map_from_pixels(std::string name, int width, int height, std::span<const std::uint8_t> rgb);

// Health of one slice at the start (rules 7): concrete 675, wood 80, metal 200, glass 30.
double slice_health(Material material);
bool is_soft(Material material);

}  // namespace sim
