#include "sim/ray.h"

#include <algorithm>
#include <cmath>

namespace sim {
namespace {

constexpr double kParallel = 1e-4;
// Cells whose border the ray only brushes are looked at too; the exact test decides.
constexpr double kSlack = 1e-6;

struct Interval {
  double low;
  double high;
};

// Part of the ray within a slab; low > high when there is none.
Interval within(double low, double high, double start, double slope) {
  if (std::fabs(slope) <= kParallel) {
    const bool inside = start >= low && start <= high;
    return inside ? Interval{-kNowhere, kNowhere} : Interval{kNowhere, -kNowhere};
  }
  const double a = (low - start) / slope;
  const double b = (high - start) / slope;
  return a < b ? Interval{a, b} : Interval{b, a};
}

int cell_index(double coordinate) { return static_cast<int>(std::floor(coordinate / kCell)); }

// Walks the cells under a ray, column by column or row by row, whichever it crosses faster.
class CellWalk {
 public:
  CellWalk(const World& world, Vec2 origin, Vec2 dir, double range)
      : world_(world),
        origin_(origin),
        dir_(dir),
        range_(range),
        by_column_(std::fabs(dir.x) >= std::fabs(dir.y)) {}

  SliceHit run() {
    const double start = by_column_ ? origin_.x : origin_.y;
    const double slope = by_column_ ? dir_.x : dir_.y;
    const int count = by_column_ ? kMapColumns : kMapRows;
    const int step = slope < 0.0 ? -1 : 1;
    // One lane early: the ray may start on the border between two.
    int lane = std::clamp(cell_index(start) - step, 0, count - 1);
    const int last = std::clamp(cell_index(start + slope * range_) + step, 0, count - 1);
    for (; step * (last - lane) >= 0; lane += step) {
      const Interval t = within(kCell * lane, kCell * (lane + 1), start, slope);
      if (t.low > best_.distance + kSlack || t.low > range_) break;
      look_along(lane, std::max(t.low, 0.0), std::clamp(t.high, 0.0, range_));
    }
    return best_;
  }

 private:
  void look_along(int lane, double from, double to) {
    const double start = by_column_ ? origin_.y : origin_.x;
    const double slope = by_column_ ? dir_.y : dir_.x;
    const int count = by_column_ ? kMapRows : kMapColumns;
    const double a = start + slope * from;
    const double b = start + slope * to;
    const int first = std::max(cell_index(std::min(a, b) - kSlack), 0);
    const int last = std::min(cell_index(std::max(a, b) + kSlack), count - 1);
    for (int i = first; i <= last; ++i) by_column_ ? look(lane, i) : look(i, lane);
  }

  void look(int column, int row) {
    const std::int16_t code =
        world_.map->slice_at[static_cast<std::size_t>(row * kMapColumns + column)];
    if (code < 0) return;
    const int wall = code >> 3;
    const int slice = code & 7;
    const auto index = static_cast<std::size_t>(wall);
    if (!blocks(world_.walls[index], slice)) return;
    const auto entry = box_entry(slice_box(world_.map->walls[index], slice), origin_, dir_, range_);
    if (!entry || *entry > best_.distance) return;
    const bool tie = *entry == best_.distance;
    if (tie && (wall > best_.wall || (wall == best_.wall && slice >= best_.slice))) return;
    best_ = {*entry, wall, slice};
  }

  const World& world_;
  const Vec2 origin_;
  const Vec2 dir_;
  const double range_;
  const bool by_column_;
  SliceHit best_;
};

}  // namespace

std::optional<double> box_entry(const Box& box, Vec2 origin, Vec2 dir, double range) {
  const Interval x = within(box.left, box.right, origin.x, dir.x);
  const Interval y = within(box.top, box.bottom, origin.y, dir.y);
  const double entry = std::max(x.low, y.low);
  const double leave = std::min(x.high, y.high);
  if (!(entry >= 0.0) || entry > range || entry > leave) return std::nullopt;
  return entry;
}

SliceHit first_slice(const World& world, Vec2 origin, Vec2 dir, double range) {
  if (!(range > 0.0)) return {};  // a bullet may have spent its range in the last thing it passed
  return CellWalk(world, origin, dir, range).run();
}

std::optional<double> body_entry(Vec2 center, Vec2 origin, Vec2 dir, double range) {
  const Vec2 off{origin.x - center.x, origin.y - center.y};
  const double c = off.x * off.x + off.y * off.y - kBodyRadius * kBodyRadius;
  if (c <= 0.0) return 0.0;
  const double b = off.x * dir.x + off.y * dir.y;
  const double square = b * b - c;
  if (b > 0.0 || square < 0.0) return std::nullopt;
  const double entry = -b - std::sqrt(square);
  if (entry > range) return std::nullopt;
  return std::max(entry, 0.0);
}

bool clear_between(const World& world, Vec2 from, Vec2 to) {
  const double dx = to.x - from.x;
  const double dy = to.y - from.y;
  const double length = std::sqrt(dx * dx + dy * dy);
  if (length == 0.0) return true;
  return first_slice(world, from, {dx / length, dy / length}, length).wall < 0;
}

}  // namespace sim
