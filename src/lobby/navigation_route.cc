// Searches over the ground: A* for routes, a flood for cover.

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "lobby/navigation.h"

namespace lobby {
namespace {

constexpr int kStraight = 10;
constexpr int kDiagonal = 14;
constexpr std::uint16_t kUnknown = 0xffff;
constexpr std::uint8_t kNowhere = 8;
constexpr int kStartReach = 3;  // squares by which a blocked end of a route may be moved

struct Direction {
  int dx, dy, cost;
};
constexpr std::array<Direction, 8> kDirections = {{{1, 0, kStraight},
                                                   {0, 1, kStraight},
                                                   {-1, 0, kStraight},
                                                   {0, -1, kStraight},
                                                   {1, 1, kDiagonal},
                                                   {-1, 1, kDiagonal},
                                                   {-1, -1, kDiagonal},
                                                   {1, -1, kDiagonal}}};

constexpr int offset_of(const Direction& d) { return d.dy * kSquareColumns + d.dx; }

// Working memory of a search, reused by all searches of the shard.
struct Scratch {
  std::array<std::uint16_t, kSquares> cost;
  std::array<std::uint8_t, kSquares> onward;  // direction towards the goal
  std::vector<std::uint32_t> heap;            // estimate << 13 | square
  std::vector<Square> queue;
};
constexpr unsigned kSquareBits = 13;
static_assert(kSquares <= 1 << kSquareBits);

Scratch& scratch() {
  thread_local Scratch memory;
  return memory;
}

// A quarter more than the bare distance: about what tolls add, so the search is led straight at the
// price of a way that is a little longer now and then.
int estimate(Square from, Square to) {
  const int dx = std::abs(column_of(from) - column_of(to));
  const int dy = std::abs(row_of(from) - row_of(to));
  return (kStraight * std::max(dx, dy) + (kDiagonal - kStraight) * std::min(dx, dy)) * 5 / 4;
}

// A small toll for each block of 6 x 6 squares by which tastes differ.
constexpr int kBlock = 6;
constexpr int kBlockColumns = kSquareColumns / kBlock;
using Tastes = std::array<std::uint8_t, kBlockColumns*(kSquareRows / kBlock)>;

Tastes tastes_of(std::uint64_t taste) {
  Tastes tolls{};
  if (taste == 0) return tolls;
  for (std::uint8_t& toll : tolls) {
    taste = taste * 6364136223846793005ULL + 1442695040888963407ULL;
    toll = static_cast<std::uint8_t>((taste >> 40) % 7);
  }
  return tolls;
}

// The search ran from the goal, so the way can be read off from its start.
Route corners(const Scratch& memory, Square from, Square to) {
  Route route;
  std::uint8_t heading = memory.onward[from];
  Square square = from;
  while (square != to && route.size() < route.capacity()) {
    square = static_cast<Square>(square + offset_of(kDirections[heading]));
    const std::uint8_t next = square == to ? kNowhere : memory.onward[square];
    if (next != heading) route.push_back(square);
    heading = next;
  }
  return route;
}

}  // namespace

Route Navigation::route(Square from, Square to, const Wish& wish) const {
  const auto start = free_near(from, kStartReach);
  const auto goal = free_near(to, kStartReach);
  if (!start || !goal || *start == *goal) return {};
  Scratch& memory = scratch();
  memory.cost.fill(kUnknown);
  memory.heap.clear();
  const Tastes tastes = tastes_of(wish.taste);
  const auto later = std::greater<std::uint32_t>();
  const auto enqueue = [&](Square square, int cost) {
    const auto key = static_cast<std::uint32_t>(cost + estimate(square, *start));
    memory.heap.push_back(key << kSquareBits | square);
    std::push_heap(memory.heap.begin(), memory.heap.end(), later);
  };
  const Ground worst = wish.through_soft ? Ground::soft : Ground::free;
  memory.cost[*goal] = 0;
  memory.onward[*goal] = kNowhere;
  enqueue(*goal, 0);
  while (!memory.heap.empty()) {
    const std::uint32_t top = memory.heap.front();
    std::pop_heap(memory.heap.begin(), memory.heap.end(), later);
    memory.heap.pop_back();
    const auto square = static_cast<Square>(top & ((1u << kSquareBits) - 1));
    if (square == *start) return corners(memory, *start, *goal);
    const int cost = memory.cost[square];
    if (static_cast<int>(top >> kSquareBits) > cost + estimate(square, *start)) continue;
    const int toll =
        toll_[square] + tastes[static_cast<std::size_t>(row_of(square) / kBlock * kBlockColumns +
                                                        column_of(square) / kBlock)];
    for (std::size_t d = 0; d < kDirections.size(); ++d) {
      const Direction& direction = kDirections[d];
      const auto next = static_cast<Square>(square + offset_of(direction));
      if (ground_[next] > worst) continue;
      // Corners are not cut, and soft squares are crossed straight, so that one open slice
      // suffices.
      if (direction.cost == kDiagonal &&
          (ground_[static_cast<std::size_t>(square + direction.dx)] != Ground::free ||
           ground_[static_cast<std::size_t>(square + direction.dy * kSquareColumns)] !=
               Ground::free ||
           ground_[next] != Ground::free || ground_[square] != Ground::free)) {
        continue;
      }
      const int total = cost + direction.cost + toll;
      if (total >= memory.cost[next]) continue;
      memory.cost[next] = static_cast<std::uint16_t>(total);
      memory.onward[next] = static_cast<std::uint8_t>((d & 4u) | ((d + 2) & 3u));  // the way back
      enqueue(next, total);
    }
  }
  return {};
}

std::optional<Square> Navigation::cover(Square from, const std::vector<sim::Vec2>& threats,
                                        int reach) const {
  const auto start = free_near(from, kStartReach);
  if (!start) return std::nullopt;
  // A body is 6 px round: its middle and its four sides must be out of sight.
  const auto exposed = [&](Square square) {
    const sim::Vec2 centre = centre_of(square);
    for (const sim::Vec2& threat : threats) {
      if (clear_line(threat, centre)) return true;
      for (const double side : {-5.0, 5.0}) {
        if (clear_line(threat, {centre.x + side, centre.y})) return true;
        if (clear_line(threat, {centre.x, centre.y + side})) return true;
      }
    }
    return false;
  };
  Scratch& memory = scratch();
  memory.cost.fill(kUnknown);
  memory.queue.clear();
  memory.queue.push_back(*start);
  memory.cost[*start] = 0;
  for (std::size_t i = 0; i < memory.queue.size(); ++i) {
    const Square square = memory.queue[i];
    // Every fourth square is looked at; that is a grid of 10 px.
    if ((column_of(square) & 1) == 0 && (row_of(square) & 1) == 0 && !exposed(square))
      return square;
    const int steps = memory.cost[square] + 1;
    if (steps * kSquare > reach) continue;
    for (const int step : {-1, 1, -kSquareColumns, kSquareColumns}) {
      const auto next = static_cast<Square>(square + step);
      if (ground_[next] != Ground::free || memory.cost[next] != kUnknown) continue;
      memory.cost[next] = static_cast<std::uint16_t>(steps);
      memory.queue.push_back(next);
    }
  }
  return std::nullopt;
}

}  // namespace lobby
