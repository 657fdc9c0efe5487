#include "lobby/bot_legs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "sim/command.h"

namespace lobby {
namespace {

// Half a running step and a bit: nearer than this a coordinate is right.
constexpr double kSlack = 1.3;
constexpr double kNearCorner = 25.0;  // px at which the eyes turn to what lies behind a corner

std::uint16_t keys_of(double dx, double dy, double slack) {
  std::uint16_t keys = 0;
  if (dx > slack) keys |= sim::kKeyD;
  if (dx < -slack) keys |= sim::kKeyA;
  if (dy > slack) keys |= sim::kKeyS;
  if (dy < -slack) keys |= sim::kKeyW;
  return keys;
}

constexpr double kRoot = 0.7071067811865476;
constexpr std::array<sim::Vec2, 8> kEight = {{{1, 0},
                                              {kRoot, kRoot},
                                              {0, 1},
                                              {-kRoot, kRoot},
                                              {-1, 0},
                                              {-kRoot, -kRoot},
                                              {0, -1},
                                              {kRoot, -kRoot}}};

}  // namespace

void BotLegs::stop() {
  route_.clear();
  next_ = 0;
}

bool BotLegs::set_out(const Navigation& navigation, sim::Vec2 from, Square goal,
                      const Navigation::Wish& wish) {
  route_ = navigation.route(square_at(from), goal, wish);
  next_ = 0;
  goal_ = goal;
  return !route_.empty();
}

std::uint16_t BotLegs::keys(sim::Vec2 from) {
  while (next_ < route_.size()) {
    const sim::Vec2 corner = centre_of(route_[next_]);
    const std::uint16_t keys = keys_of(corner.x - from.x, corner.y - from.y, kSlack);
    if (keys != 0) return keys;
    ++next_;
  }
  return 0;
}

sim::Vec2 BotLegs::ahead(sim::Vec2 from) const {
  if (!walking()) return from;
  const sim::Vec2 corner = centre_of(route_[next_]);
  const bool near =
      std::abs(corner.x - from.x) < kNearCorner && std::abs(corner.y - from.y) < kNearCorner;
  return near && next_ + 1 < route_.size() ? centre_of(route_[next_ + 1]) : corner;
}

std::optional<Square> BotLegs::soft_ahead(const Navigation& navigation, sim::Vec2 from,
                                          int reach) const {
  if (!walking()) return std::nullopt;
  const Square here = square_at(from);
  const Square corner = route_[next_];
  const int dx = column_of(corner) - column_of(here);
  const int dy = row_of(corner) - row_of(here);
  const int length = std::max(std::abs(dx), std::abs(dy));
  for (int i = 1; i <= std::min(length, reach); ++i) {
    const Square square =
        square_of(column_of(here) + dx * i / length, row_of(here) + dy * i / length);
    if (navigation.at(square) == Ground::soft) return square;
  }
  return std::nullopt;
}

std::uint16_t keys_towards(const Navigation& navigation, sim::Vec2 from, sim::Vec2 wanted) {
  double best = 0.05;
  std::uint16_t keys = 0;
  for (const sim::Vec2& way : kEight) {
    const double fit = way.x * wanted.x + way.y * wanted.y;
    if (fit <= best) continue;
    const bool free = navigation.at({from.x + way.x * 6, from.y + way.y * 6}) == Ground::free &&
                      navigation.at({from.x + way.x * 13, from.y + way.y * 13}) == Ground::free;
    if (!free) continue;
    best = fit;
    keys = keys_of(way.x, way.y, 0.1);
  }
  return keys;
}

}  // namespace lobby
