#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/map.h"
#include "sim/movement.h"
#include "sim/walls.h"

namespace sim {
namespace {

constexpr int kCells = kMapColumns * kMapRows;

struct CellRange {
  int left, top, right,
      bottom;  // inclusive, within the arena; empty when right < left or bottom < top
};

int cell_of(double coordinate, int count) {
  return std::clamp(static_cast<int>(std::floor(coordinate / kCell)), 0, count - 1);
}

// Cells touched by the strip a body must keep away from: 50 x 10 px grown by the margin, borders
// included.
CellRange near_cells(const Wall& wall) {
  const double right = wall.corner.x + wall.width() + kWallMargin;
  const double bottom = wall.corner.y + wall.height() + kWallMargin;
  return {cell_of(wall.corner.x - kWallMargin, kMapColumns),
          cell_of(wall.corner.y - kWallMargin, kMapRows), cell_of(right, kMapColumns),
          cell_of(bottom, kMapRows)};
}

// Column and row of a slice, or of where it would be outside the arena.
std::pair<int, int> cell_of_slice(const Wall& wall, int slice) {
  const int column =
      static_cast<int>(std::floor(wall.corner.x / kCell)) + (wall.horizontal ? slice : 0);
  const int row =
      static_cast<int>(std::floor(wall.corner.y / kCell)) + (wall.horizontal ? 0 : slice);
  return {column, row};
}

bool in_arena(std::pair<int, int> cell) {
  return cell.first >= 0 && cell.first < kMapColumns && cell.second >= 0 && cell.second < kMapRows;
}

void index_slices(Map& map) {
  map.slice_at.assign(kCells, -1);
  for (std::size_t w = 0; w < map.walls.size(); ++w) {
    const Wall& wall = map.walls[w];
    for (int slice = 0; slice < wall.tiles; ++slice) {
      const auto cell = cell_of_slice(wall, slice);
      if (!in_arena(cell)) continue;
      map.slice_at[static_cast<std::size_t>(cell.second * kMapColumns + cell.first)] =
          static_cast<std::int16_t>(w * 8 + static_cast<std::size_t>(slice));
    }
  }
}

void index_strips(Map& map) {
  std::vector<std::vector<std::uint16_t>> near(kCells);
  for (std::size_t w = 0; w < map.walls.size(); ++w) {
    const CellRange range = near_cells(map.walls[w]);
    for (int y = range.top; y <= range.bottom; ++y) {
      for (int x = range.left; x <= range.right; ++x) {
        near[static_cast<std::size_t>(y * kMapColumns + x)].push_back(
            static_cast<std::uint16_t>(w));
      }
    }
  }
  map.near_begin.clear();
  map.near_walls.clear();
  for (const auto& list : near) {
    map.near_begin.push_back(static_cast<std::uint16_t>(map.near_walls.size()));
    map.near_walls.insert(map.near_walls.end(), list.begin(), list.end());
  }
  map.near_begin.push_back(static_cast<std::uint16_t>(map.near_walls.size()));
}

void index_extents(Map& map) {
  map.extents = {};
  for (const Wall& wall : map.walls) {
    const Box box = true_box(wall);
    const double half_width = (box.right - box.left) * 0.5;
    const double half_height = (box.bottom - box.top) * 0.5;
    map.extents.middle_x.push_back(box.left + half_width);
    map.extents.middle_y.push_back(box.top + half_height);
    map.extents.half_width.push_back(half_width);
    map.extents.half_height.push_back(half_height);
  }
}

base::Result<void> check_walls(const Map& map) {
  std::vector<bool> taken(kCells, false);
  for (std::size_t w = 0; w < map.walls.size(); ++w) {
    const Wall& wall = map.walls[w];
    const auto fail = [&](const char* why) {
      return base::Error{"invalid",
                         "map " + map.name + ": wall_" + std::to_string(w + 1) + " " + why};
    };
    if (wall.tiles < 1 || wall.tiles > kSlices) return fail("has not 1 to 5 tiles");
    if (std::fmod(wall.corner.x, kCell) != 0.0 || std::fmod(wall.corner.y, kCell) != 0.0)
      return fail("is off the grid");
    for (int slice = 0; slice < wall.tiles; ++slice) {
      const auto cell = cell_of_slice(wall, slice);
      if (!in_arena(cell)) return fail("leaves the arena");
      const auto index = static_cast<std::size_t>(cell.second * kMapColumns + cell.first);
      if (taken[index]) return fail("lies on another wall");
      taken[index] = true;
    }
  }
  return {};
}

}  // namespace

void index_map(Map& map) {
  index_slices(map);
  index_strips(map);
  index_extents(map);
}

base::Result<Map> map_from_walls(std::string name, std::vector<Wall> walls,
                                 std::vector<Vec2> red_spawns, std::vector<Vec2> blue_spawns) {
  Map map;
  map.name = std::move(name);
  map.walls = std::move(walls);
  map.red_spawns = std::move(red_spawns);
  map.blue_spawns = std::move(blue_spawns);
  if (auto checked = check_walls(map); !checked) return checked.error();
  index_map(map);
  return map;
}

}  // namespace sim
