#pragma once

// Where a body can walk. The arena in squares of 5 x 5 px: as all borders of the movement rule
// (rules 3.5: slices, margin, overhangs, clamp) are multiples of 5 px, a square is wholly free or
// wholly blocked and the grid is exact, not an estimate. One per lobby, shared by its bots, on the
// lobby's shard.

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/world.h"

namespace lobby {

inline constexpr int kSquare = 5;  // px
inline constexpr int kSquareColumns = 96;
inline constexpr int kSquareRows = 54;
inline constexpr int kSquares = kSquareColumns * kSquareRows;

// Number of a square, row by row.
using Square = std::uint16_t;

constexpr Square square_of(int column, int row) {
  return static_cast<Square>(row * kSquareColumns + column);
}
constexpr int column_of(Square square) { return square % kSquareColumns; }
constexpr int row_of(Square square) { return square / kSquareColumns; }
constexpr sim::Vec2 centre_of(Square square) {
  return {column_of(square) * kSquare + 2.5, row_of(square) * kSquare + 2.5};
}
// The square of a point of the arena; points outside count as on the border.
Square square_at(sim::Vec2 point);

enum class Ground : std::uint8_t {
  free,
  soft,  // closed by wood or glass alone: shoot it open and walk on
  closed,
};

// A slice that bars the way.
struct Barrier {
  int wall = 0;
  int slice = 0;
  sim::Vec2 centre;
};

// Way to a goal: the corners at which it turns, the last one being the goal (or as far as fits; ask
// again there). Between two corners it runs straight in one of the eight directions of the keys,
// over free and soft squares.
using Route = boost::container::static_vector<Square, 24>;

class Navigation {
 public:
  // Follows the walls of this world. Cheap when nothing changed. A world of another map starts
  // anew.
  void refresh(const sim::World& world);

  Ground at(Square square) const { return ground_[square]; }
  Ground at(sim::Vec2 point) const { return at(square_at(point)); }

  // What to shoot to open a soft square: the first standing soft slice that closes it.
  std::optional<Barrier> barrier(const sim::World& world, Square square) const;

  // Nothing stands between two points: a bullet passes. Slices count with their true size, no
  // margin.
  bool clear_line(sim::Vec2 from, sim::Vec2 to) const;

  // Places from which to look for somebody, spread evenly over the ground that can be reached from
  // the spawns.
  const std::vector<Square>& posts() const { return posts_; }

  struct Wish {
    std::uint64_t taste = 0;   // different tastes take different ways of similar length
    bool through_soft = true;  // may the way lead through wood and glass?
  };
  // Shortest way on foot between two squares. Empty when there is none, or already there. A blocked
  // start or goal is moved to the nearest free square within 15 px.
  Route route(Square from, Square to, const Wish& wish) const;

  // A free square near `from` (within `reach` px on foot) from which no bullet flies to or from any
  // of `threats`; the nearest one found.
  std::optional<Square> cover(Square from, const std::vector<sim::Vec2>& threats, int reach) const;

  // The free square nearest to a point, at most `reach` squares away in each direction.
  std::optional<Square> free_near(Square square, int reach) const;

 private:
  void rebuild(const sim::World& world);
  void place_posts();

  std::shared_ptr<const sim::Map> map_;
  std::vector<std::uint8_t> open_;  // the walls' masks that the ground was made from
  std::array<Ground, kSquares> ground_{};
  std::array<std::uint8_t, kSquares> toll_{};  // cost of stepping here beyond the distance
  std::array<std::uint64_t, sim::kMapRows>
      solid_{};  // bit c of row r: a slice stands on cell (c, r)
  std::vector<Square> posts_;
};

}  // namespace lobby
