#include "lobby/navigation.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "sim/walls.h"

namespace lobby {
namespace {

// Tolls in tenths of a square, for each of the four squares across a wall. Opening wood takes three
// shots, about as long as running 90 px; glass one. A step along a wall is dear enough to keep to
// the middle of a hall.
constexpr std::uint8_t kWoodToll = 45;
constexpr std::uint8_t kGlassToll = 20;
constexpr std::uint8_t kWallToll = 3;

constexpr int kSquaresPerCell = 2;
constexpr int kPostSpacing = 8;  // squares, 40 px

// Squares that the movement rule closes for one wall: along the wall from one square before its
// strip to one behind it, across it one square to either side.
struct Strip {
  int column, row;
  bool horizontal;

  explicit Strip(const sim::Wall& wall)
      : column(static_cast<int>(wall.corner.x) / kSquare),
        row(static_cast<int>(wall.corner.y) / kSquare),
        horizontal(wall.horizontal) {}

  // Calls visit(square) for the four squares across the wall at place `along`, those in the arena.
  template <class Visit>
  void across(int along, Visit visit) const {
    for (int side = -1; side <= kSquaresPerCell; ++side) {
      const int c = column + (horizontal ? along : side);
      const int r = row + (horizontal ? side : along);
      if (c >= 0 && c < kSquareColumns && r >= 0 && r < kSquareRows) visit(square_of(c, r));
    }
  }
};

bool beyond_clamp(int column, int row) {
  return column < 2 || column >= kSquareColumns - 2 || row < 2 || row >= kSquareRows - 2;
}

bool same_masks(const std::vector<std::uint8_t>& masks, const sim::World& world) {
  return std::equal(
      masks.begin(), masks.end(), world.walls.begin(), world.walls.end(),
      [](std::uint8_t mask, const sim::WallState& wall) { return mask == wall.open; });
}

}  // namespace

Square square_at(sim::Vec2 point) {
  const int column = std::clamp(static_cast<int>(point.x) / kSquare, 0, kSquareColumns - 1);
  const int row = std::clamp(static_cast<int>(point.y) / kSquare, 0, kSquareRows - 1);
  return square_of(column, row);
}

void Navigation::refresh(const sim::World& world) {
  const bool new_map = map_ != world.map;
  if (!new_map && same_masks(open_, world)) return;
  map_ = world.map;
  rebuild(world);
  if (new_map) place_posts();
}

void Navigation::rebuild(const sim::World& world) {
  open_.clear();
  ground_.fill(Ground::free);
  toll_.fill(0);
  solid_.fill(0);
  const auto close = [this](Square square, Ground how, std::uint8_t toll) {
    ground_[square] = std::max(ground_[square], how);
    toll_[square] = std::max(toll_[square], toll);
  };
  for (std::size_t w = 0; w < world.walls.size(); ++w) {
    const sim::Wall& wall = map_->walls[w];
    const sim::WallState& state = world.walls[w];
    open_.push_back(state.open);
    const Strip strip(wall);
    const Ground how = sim::is_soft(wall.material) ? Ground::soft : Ground::closed;
    const std::uint8_t toll = wall.material == sim::Material::glass ? kGlassToll : kWoodToll;
    for (int slice = 0; slice < sim::kSlices; ++slice) {
      if (!sim::blocks(state, slice)) continue;
      for (int half = 0; half < kSquaresPerCell; ++half) {
        strip.across(slice * kSquaresPerCell + half, [&](Square s) { close(s, how, toll); });
      }
      const sim::Vec2 centre = sim::slice_center(wall, slice);
      const int cell_row = static_cast<int>(centre.y) / 10;
      if (cell_row < sim::kMapRows && centre.x < sim::kArenaWidth) {
        solid_[static_cast<std::size_t>(cell_row)] |= std::uint64_t{1}
                                                      << (static_cast<int>(centre.x) / 10);
      }
    }
    // The overhangs beyond both ends are closed for ever (rules 3.5).
    strip.across(-1, [&](Square s) { close(s, Ground::closed, 0); });
    strip.across(sim::kSlices * kSquaresPerCell, [&](Square s) { close(s, Ground::closed, 0); });
  }
  for (int row = 0; row < kSquareRows; ++row) {
    for (int column = 0; column < kSquareColumns; ++column) {
      if (beyond_clamp(column, row)) ground_[square_of(column, row)] = Ground::closed;
    }
  }
  for (int i = 0; i < kSquares; ++i) {
    const auto square = static_cast<Square>(i);
    if (ground_[square] != Ground::free) continue;
    if (ground_[square - 1] == Ground::closed || ground_[square + 1] == Ground::closed ||
        ground_[square - kSquareColumns] == Ground::closed ||
        ground_[square + kSquareColumns] == Ground::closed) {
      toll_[square] = kWallToll;
    }
  }
}

void Navigation::place_posts() {
  std::array<bool, kSquares> reached{};
  std::vector<Square> queue;
  const auto visit = [&](Square square) {
    if (reached[square] || ground_[square] == Ground::closed) return;
    reached[square] = true;
    queue.push_back(square);
  };
  for (const sim::Vec2& spawn : map_->red_spawns) visit(square_at(spawn));
  for (const sim::Vec2& spawn : map_->blue_spawns) visit(square_at(spawn));
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const Square square = queue[i];
    for (const int step : {-1, 1, -kSquareColumns, kSquareColumns}) {
      visit(static_cast<Square>(square + step));
    }
  }
  posts_.clear();
  for (int row = kPostSpacing / 2; row < kSquareRows; row += kPostSpacing) {
    for (int column = kPostSpacing / 2; column < kSquareColumns; column += kPostSpacing) {
      const auto square = free_near(square_of(column, row), 3);
      if (square && reached[*square]) posts_.push_back(*square);
    }
  }
  std::sort(posts_.begin(), posts_.end());
  posts_.erase(std::unique(posts_.begin(), posts_.end()), posts_.end());
}

std::optional<Barrier> Navigation::barrier(const sim::World& world, Square square) const {
  for (std::size_t w = 0; w < map_->walls.size(); ++w) {
    const sim::Wall& wall = map_->walls[w];
    if (!sim::is_soft(wall.material)) continue;
    const Strip strip(wall);
    const int along =
        wall.horizontal ? column_of(square) - strip.column : row_of(square) - strip.row;
    const int across =
        wall.horizontal ? row_of(square) - strip.row : column_of(square) - strip.column;
    if (along < 0 || along >= sim::kSlices * kSquaresPerCell) continue;
    if (across < -1 || across > kSquaresPerCell) continue;
    const int slice = along / kSquaresPerCell;
    if (!sim::blocks(world.walls[w], slice)) continue;
    return Barrier{static_cast<int>(w), slice, sim::slice_center(wall, slice)};
  }
  return std::nullopt;
}

bool Navigation::clear_line(sim::Vec2 from, sim::Vec2 to) const {
  // Walks the cells that the line crosses, always over the nearer of the two next cell borders.
  int column = std::clamp(static_cast<int>(from.x) / 10, 0, sim::kMapColumns - 1);
  int row = std::clamp(static_cast<int>(from.y) / 10, 0, sim::kMapRows - 1);
  const int last_column = std::clamp(static_cast<int>(to.x) / 10, 0, sim::kMapColumns - 1);
  const int last_row = std::clamp(static_cast<int>(to.y) / 10, 0, sim::kMapRows - 1);
  const double dx = to.x - from.x;
  const double dy = to.y - from.y;
  const int step_x = dx > 0 ? 1 : -1;
  const int step_y = dy > 0 ? 1 : -1;
  const double far = 1e9;
  const double per_cell_x = dx != 0.0 ? 10.0 / std::abs(dx) : far;
  const double per_cell_y = dy != 0.0 ? 10.0 / std::abs(dy) : far;
  const auto border = [](int cell, int step) { return 10.0 * (step > 0 ? cell + 1 : cell); };
  double next_x = dx != 0.0 ? (border(column, step_x) - from.x) / dx : far;
  double next_y = dy != 0.0 ? (border(row, step_y) - from.y) / dy : far;
  int cells = std::abs(last_column - column) + std::abs(last_row - row);
  for (;;) {
    if ((solid_[static_cast<std::size_t>(row)] >> column & 1u) != 0) return false;
    if (cells-- <= 0) return true;
    if (next_x < next_y) {
      column = std::clamp(column + step_x, 0, sim::kMapColumns - 1);
      next_x += per_cell_x;
    } else {
      row = std::clamp(row + step_y, 0, sim::kMapRows - 1);
      next_y += per_cell_y;
    }
  }
}

std::optional<Square> Navigation::free_near(Square square, int reach) const {
  for (int ring = 0; ring <= reach; ++ring) {
    for (int dy = -ring; dy <= ring; ++dy) {
      for (int dx = -ring; dx <= ring; ++dx) {
        if (std::max(std::abs(dx), std::abs(dy)) != ring) continue;
        const int column = column_of(square) + dx;
        const int row = row_of(square) + dy;
        if (column < 0 || column >= kSquareColumns || row < 0 || row >= kSquareRows) continue;
        const Square candidate = square_of(column, row);
        if (ground_[candidate] == Ground::free) return candidate;
      }
    }
  }
  return std::nullopt;
}

}  // namespace lobby
