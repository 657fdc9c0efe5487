#pragma once

// A map: walls as the tiler cuts them (rules 2.2), spawns. Immutable and shared by all matches on
// it.

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
  Vec2 corner;             // top left
  bool horizontal = true;  // 50 x 10 px, else 10 x 50
  Material material = Material::concrete;
  std::uint8_t tiles = 5;  // real slices, 1..5; the rest never existed (decision 15)

  double width() const { return horizontal ? 50.0 : 10.0; }
  double height() const { return horizontal ? 10.0 : 50.0; }
};

struct Map {
  std::string name;
  std::vector<Wall> walls;       // in emission order: wall i is wall_<i+1> on the wire
  std::vector<Vec2> red_spawns;  // scan order
  std::vector<Vec2> blue_spawns;
  std::vector<Vec2> lights;

  // Look-up tables by cell (row * 48 + column), made by index_map(). Every real slice fills exactly
  // one cell.
  std::vector<std::int16_t> slice_at;  // wall * 8 + slice, or -1
  std::vector<std::uint16_t>
      near_begin;  // the walls whose strip, grown by the 5 px of rules 3.5, touches cell c:
  std::vector<std::uint16_t>
      near_walls;  // near_walls[near_begin[c]] up to near_walls[near_begin[c + 1]]

  // The real parts of the walls (rules 2.2 REC), open slices included, each coordinate in a row of
  // its own so that several are tested at once; px. Also made by index_map().
  struct Extents {
    std::vector<double> middle_x;
    std::vector<double> middle_y;
    std::vector<double> half_width;
    std::vector<double> half_height;
  };
  Extents extents;
};

// Fills the look-up tables. Needs walls on the 10 px grid whose real slices lie in the arena, one a
// cell.
void index_map(Map& map);

// A map from walls laid by hand (tests, tools). Errors: a wall off the grid, slices outside the
// arena or on top of each other, tiles not 1..5. Spawns are taken as they are.
base::Result<Map> map_from_walls(std::string name, std::vector<Wall> walls,
                                 std::vector<Vec2> red_spawns, std::vector<Vec2> blue_spawns);

// Cuts a picture into a map. `rgb` holds width*height*3 bytes, row by row. Accepts 48 x 27 and
// whole multiples whose blocks are uniform (rules 2.3 REC). Unknown colours are empty floor.
// Errors: wrong size, blocks that are not uniform, no spawn for a team, a spawn that is not a free
// point.
base::Result<Map> map_from_pixels(std::string name, int width, int height,
                                  std::span<const std::uint8_t> rgb);

// Health of one slice at the start (rules 7): concrete 675, wood 80, metal 200, glass 30.
double slice_health(Material material);
bool is_soft(Material material);

}  // namespace sim
