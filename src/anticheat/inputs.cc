#include "anticheat/inputs.h"

namespace anticheat {
namespace {

constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ULL;
constexpr unsigned kOneIn = 32;           // changes with which a stretch is compared
constexpr std::size_t kOtherPlaces = 16;  // different mouse places a varied stretch has
constexpr std::size_t kOtherMoves = 10;   // different mouse moves likewise
constexpr double kShotgunAsks = 120.0;    // a minute: the client's own limit, not the server's

std::uint64_t mixed(std::uint64_t value) {
  value ^= value >> 31;
  value *= kOdd;
  return value ^ (value >> 29);
}

// A change is keys, buttons and the mouse on a grid of 1/16 px in one number.
constexpr unsigned kAxis = 16;
constexpr std::uint64_t kAxisMask = (1U << kAxis) - 1;

// Of a mouse in the arena.
std::uint64_t on_grid(double at) {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(at * 16.0 + 0.5)) & kAxisMask;
}

std::uint64_t place_of(std::uint64_t change) { return change & ((1ULL << 2 * kAxis) - 1); }

std::uint64_t move_between(std::uint64_t from, std::uint64_t to) {
  const std::uint64_t x = ((to & kAxisMask) - (from & kAxisMask)) & kAxisMask;
  const std::uint64_t y = ((to >> kAxis) - (from >> kAxis)) & kAxisMask;
  return x | y << kAxis;
}

// How many of them are different.
template <std::size_t N>
std::size_t different(const std::array<std::uint64_t, N>& values, std::size_t count) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < count; ++i) {
    bool known = false;
    for (std::size_t j = 0; j < i && !known; ++j) known = values[j] == values[i];
    if (!known) ++found;
  }
  return found;
}

}  // namespace

double asked_interval(sim::WeaponId weapon) {
  const sim::WeaponInfo& info = sim::weapon_info(weapon);
  const double rounds = weapon == sim::WeaponId::shotgun ? kShotgunAsks : info.rpm;
  return rounds > 0.0 ? 60.0 * sim::kTickRate / rounds : 0.0;
}

std::uint32_t SequenceWatch::claim(std::uint32_t sequence, bool& again) {
  again = !fresh_ && sequence <= last_;
  const std::uint32_t steps = fresh_ || again ? 1 : sequence - last_;
  fresh_ = false;
  if (!again) last_ = sequence;
  return steps;
}

bool PatternWatch::input(const sim::Command& input) {
  const std::uint64_t change = on_grid(input.point.x) | on_grid(input.point.y) << kAxis |
                               std::uint64_t{input.keys} << 2 * kAxis |
                               std::uint64_t{input.buttons} << 3 * kAxis;
  if (change_count_ > 0 && changes_[(change_count_ - 1) % kStretch] == change) return false;
  changes_[change_count_++ % kStretch] = change;
  if (mixed(change + kOdd) % kOneIn != 0 || change_count_ < kStretch || !varied()) return false;
  const std::uint32_t print = fingerprint();
  const std::size_t known = print_count_ < kRemembered ? print_count_ : kRemembered;
  for (std::size_t i = 0; i < known; ++i) {
    if (prints_[i] == print) return true;
  }
  prints_[print_count_++ % kRemembered] = print;
  return false;
}

bool PatternWatch::varied() const {
  std::array<std::uint64_t, kStretch> places{};
  std::array<std::uint64_t, kStretch> moves{};
  for (std::size_t i = 0; i < kStretch; ++i) {
    places[i] = place_of(changes_[(change_count_ + i) % kStretch]);
    if (i > 0) moves[i - 1] = move_between(places[i - 1], places[i]);
  }
  return different(places, kStretch) >= kOtherPlaces &&
         different(moves, kStretch - 1) >= kOtherMoves;
}

std::uint32_t PatternWatch::fingerprint() const {
  std::uint64_t hash = kOdd;
  for (std::size_t i = 0; i < kStretch; ++i)
    hash = mixed(hash ^ changes_[(change_count_ + i) % kStretch]) + kOdd;
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace anticheat
