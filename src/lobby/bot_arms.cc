#include "lobby/bot_arms.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/loadout.h"
#include "sim/weapons.h"

namespace lobby {
namespace {

using W = sim::WeaponId;

// How bots judge weapons: the span of distances at which they like to use one, and how much they
// like it then. Beyond the span the liking falls by 1 for each 15 px. `burst`: shots between two
// pauses.
struct Habit {
  double near = 0.0;
  double far = 0.0;
  double liking = 0.0;
  double safe = 0.0;  // never used nearer than this
  int burst = 1;
  int opens_wood = 0;  // ticks to open a slice of wood, 0 = do not
};

constexpr std::array<Habit, sim::kWeaponCount> habits() {
  std::array<Habit, sim::kWeaponCount> table{};
  const auto set = [&table](W weapon, Habit habit) {
    table[static_cast<std::size_t>(weapon)] = habit;
  };
  set(W::rifle, {45, 165, 8.0, 0, 7, 18});
  set(W::smg, {0, 100, 9.0, 0, 10, 12});
  set(W::shotgun, {0, 55, 12.0, 0, 1, 10});
  set(W::battlerifle, {60, 170, 8.5, 0, 4, 24});
  set(W::sniperrifle, {85, 170, 9.0, 0, 1, 270});
  set(W::pistol, {0, 90, 5.0, 0, 3, 24});
  set(W::revolver, {0, 110, 5.5, 0, 1, 72});
  set(W::suppressedpistol, {0, 80, 4.5, 0, 3, 25});
  set(W::grenadelauncher, {70, 165, 7.0, 55, 1, 0});
  set(W::machinegun, {20, 165, 8.2, 0, 14, 16});
  set(W::antimaterialrifle, {70, 170, 9.5, 0, 1, 121});
  set(W::rocket, {85, 165, 9.2, 65, 1, 0});
  return table;
}
constexpr std::array<Habit, sim::kWeaponCount> kHabits = habits();

constexpr double kFalloff = 1.0 / 15.0;
constexpr double kHeldBonus = 1.0;
constexpr double kHotGun =
    280.0;  // heat at which a bot lets the machine gun cool (it locks at 320)

// Way of a frag until its fuse ends, by charge 1..5 (rules 6.2), px.
constexpr std::array<double, 5> kFragWays = {71, 114, 156, 199, 242};
constexpr double kFragTolerance = 35.0;
constexpr double kShortThrow = 110.0;  // smoke and flash are thrown towards places as far as this
constexpr sim::Tick kDraw = 8;  // ticks from taking a thrown weapon into the hand to letting it go
constexpr sim::Tick kChargeStep = 12;  // ticks of holding for each further level (rules 4.6)

const Habit& habit_of(W weapon) { return kHabits[static_cast<std::size_t>(weapon)]; }

bool is_gun(W weapon) { return habit_of(weapon).liking > 0; }

double liking(const sim::Player& player, const sim::WeaponState& weapon, double distance) {
  const Habit& habit = habit_of(weapon.id);
  const double outside = std::max({0.0, habit.near - distance, distance - habit.far});
  return habit.liking - outside * kFalloff +
         (sim::held_weapon(player) == weapon.id ? kHeldBonus : 0.0);
}

}  // namespace

double ideal_distance(W weapon) {
  const Habit& habit = habit_of(weapon);
  return std::max(25.0, 0.4 * habit.near + 0.6 * std::min(habit.far, 140.0));
}

bool is_explosive(W weapon) { return habit_of(weapon).safe > 0; }

bool loaded(const sim::Player& player, const sim::WeaponState& weapon) {
  if (weapon.reload_done != 0 || weapon.ammo <= 0) return false;
  return weapon.id != W::machinegun || (player.overheated_until == 0 && player.heat < kHotGun);
}

W best_gun(const sim::Player& player, double distance) {
  W best = W::none;
  double most = -1e9;
  for (const sim::WeaponState& weapon : player.weapons) {
    const Habit& habit = habit_of(weapon.id);
    if (!is_gun(weapon.id) || !loaded(player, weapon) || distance < habit.safe) continue;
    const double value = liking(player, weapon, distance);
    if (value > most) {
      most = value;
      best = weapon.id;
    }
  }
  return best;
}

W wall_opener(const sim::Player& player) {
  W best = W::none;
  int least = 1 << 20;
  for (const sim::WeaponState& weapon : player.weapons) {
    const int ticks = habit_of(weapon.id).opens_wood;
    if (ticks == 0 || !loaded(player, weapon) || ticks >= least) continue;
    least = ticks;
    best = weapon.id;
  }
  return best;
}

W gun_to_reload(const sim::Player& player) {
  for (const sim::WeaponState& weapon : player.weapons) {
    if (!is_gun(weapon.id) || weapon.reload_done != 0 || weapon.reserve <= 0) continue;
    if (2 * weapon.ammo <= sim::weapon_info(weapon.id).magazine) return weapon.id;
  }
  return W::none;
}

bool Trigger::pull(const sim::Player& player, const sim::WeaponState& weapon, sim::Tick now,
                   const SkillTraits& traits, sim::Random& random) {
  if (!loaded(player, weapon) || now < weapon.ready_at || now < rest_until_) return false;
  const Habit& habit = habit_of(weapon.id);
  if (left_ <= 0)
    left_ =
        habit.burst + static_cast<int>(random.next() % static_cast<unsigned>(habit.burst + 1)) / 2;
  if (--left_ == 0) rest_until_ = now + traits.pause / 2 + random.next() % traits.pause;
  return true;
}

std::optional<Throw> plan_throw(const sim::Player& player, W weapon, sim::Vec2 from, sim::Vec2 at,
                                sim::Tick now) {
  const int index = sim::find_weapon(player, weapon);
  if (index < 0) return std::nullopt;
  const sim::WeaponState& state = player.weapons[static_cast<std::size_t>(index)];
  if (state.ammo <= 0 || now < state.ready_at) return std::nullopt;
  const double way =
      std::sqrt((at.x - from.x) * (at.x - from.x) + (at.y - from.y) * (at.y - from.y));
  Throw plan{weapon, at, 1, now, now + kDraw};
  if (weapon != W::grenade) return way <= kShortThrow ? std::optional(plan) : std::nullopt;
  const auto nearest =
      std::min_element(kFragWays.begin(), kFragWays.end(),
                       [way](double a, double b) { return std::abs(a - way) < std::abs(b - way); });
  if (std::abs(*nearest - way) > kFragTolerance) return std::nullopt;
  plan.charge = static_cast<std::uint8_t>(nearest - kFragWays.begin() + 1);
  plan.release += kChargeStep * (plan.charge - 1u);
  return plan;
}

}  // namespace lobby
