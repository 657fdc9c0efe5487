#include "sim/arms.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "sim/hitscan.h"
#include "sim/loadout.h"
#include "sim/projectiles.h"
#include "sim/trig.h"
#include "sim/weapons.h"

namespace sim {
namespace {

constexpr std::uint64_t kWindowMask = (1ULL << kRateWindow) - 1;

double aim_of(const Player& player, const Command& command) {
  if (command.flag)
    return atan2(command.point.y - player.position.y, command.point.x - player.position.x);
  return command.flag2 ? normalised(command.angle) : player.rotation;
}

// Everything but the clock: may this weapon fire at all?
bool loaded(const Player& player, const WeaponState& weapon, const Command& command) {
  if (weapon.reload_done != 0 || weapon.ammo <= 0) return false;
  if (weapon.id == WeaponId::machinegun && player.overheated_until != 0) return false;
  return weapon.id != WeaponId::grenade || (command.charge >= 1 && command.charge <= 5);
}

void heat_up(const Turn& turn, Slot slot) {
  Player& player = turn.player(slot);
  player.heat += kHeatPerShot;
  if (player.heat >= kHeatLimit) {
    player.heat = kHeatLimit;
    player.overheated_until = turn.world.tick + kOverheatLockout;
  }
}

void tell_heat(const Turn& turn, Slot slot) {
  const Player& player = turn.player(slot);
  Event& event = turn.emit(EventKind::heat, slot);
  event.weapon = WeaponId::machinegun;
  event.value = player.heat;
  event.flag = player.overheated_until != 0;
}

void shoot(const Turn& turn, Slot slot, WeaponState& weapon, const Command& command) {
  Player& player = turn.player(slot);
  const WeaponInfo& info = weapon_info(weapon.id);
  const double aim = aim_of(player, command);
  note_shot(weapon, turn.world.tick);
  --weapon.ammo;
  player.invulnerable_until = std::min(player.invulnerable_until, turn.world.tick);  // decision 14
  Event& event = turn.emit(EventKind::shot_fired, slot);
  event.weapon = weapon.id;
  event.position = player.position;
  event.angle = aim;
  event.sequence = command.sequence;
  event.value = weapon.ammo;
  event.flag = player.ads;
  event.flag2 = info.kind == WeaponKind::thrown;
  if (info.kind != WeaponKind::hitscan) {
    launch(turn, slot, weapon.id, aim, command.charge);
    return;
  }
  const double accuracy = effective_accuracy(weapon.id, player.ads, player.movement);
  const ShotAngles angles = draw_angles(turn.world.random, weapon.id, aim, accuracy);
  resolve_shot(turn, slot, weapon.id, aim, angles,
               targets_of(turn.world, slot, command.view_delay));
  if (weapon.id == WeaponId::machinegun) {
    heat_up(turn, slot);
    tell_heat(turn, slot);
  }
}

void finish_reload(const Turn& turn, Slot slot, WeaponState& weapon) {
  const auto missing = static_cast<std::int16_t>(weapon_info(weapon.id).magazine - weapon.ammo);
  const std::int16_t moved = std::min(missing, weapon.reserve);
  weapon.ammo = static_cast<std::int16_t>(weapon.ammo + moved);
  weapon.reserve = static_cast<std::int16_t>(weapon.reserve - moved);
  weapon.reload_done = 0;
  turn.emit(EventKind::weapon_reloaded, slot).weapon = weapon.id;
}

// The owner hears of the heat whenever it falls past a multiple of 10, and at the end of the
// lockout.
void run_heat(const Turn& turn, Slot slot) {
  Player& player = turn.player(slot);
  if (player.overheated_until != 0) {
    if (turn.world.tick < player.overheated_until) return;
    player.overheated_until = 0;
    player.heat = kHeatAfterLockout;
    tell_heat(turn, slot);
    return;
  }
  if (player.heat <= 0.0) return;
  const double before = player.heat;
  player.heat = std::max(0.0, before - kCoolingPerTick);
  if (std::floor(before / 10.0) != std::floor(player.heat / 10.0) || player.heat == 0.0)
    tell_heat(turn, slot);
}

}  // namespace

Tick due_tick(const WeaponState& weapon) {
  const Tick by_cooldown = weapon.ready_at > kShotCredit ? weapon.ready_at - kShotCredit : 0;
  std::uint64_t shots = weapon.recent_shots;
  const int most = weapon_info(weapon.id).per_second;
  if (std::popcount(shots) < most) return by_cooldown;
  for (int i = 1; i < most; ++i)
    shots &= shots - 1;  // drops the latest shots; the lowest bit left is the one that limits
  const auto age = static_cast<Tick>(std::countr_zero(shots));
  return std::max(by_cooldown, weapon.last_shot + kRateWindow - age);
}

void note_shot(WeaponState& weapon, Tick now) {
  const Tick since = now - weapon.last_shot;
  const std::uint64_t older = since < kRateWindow ? weapon.recent_shots << since : 0;
  weapon.recent_shots = (older & kWindowMask) | 1u;
  weapon.last_shot = now;
  weapon.ready_at = std::max(now, weapon.ready_at) + weapon_info(weapon.id).cooldown;
}

bool select_weapon(const Turn& turn, Slot slot, int index) {
  Player& player = turn.player(slot);
  if (index < 0) return false;
  if (index == player.held) return true;
  const WeaponState& wanted = player.weapons[static_cast<std::size_t>(index)];
  if (wanted.reload_done != 0) return false;
  Event& event = turn.emit(EventKind::weapon_switched, slot);
  event.weapon = wanted.id;
  event.weapon2 = held_weapon(player);
  player.held = static_cast<std::uint8_t>(index);
  return true;
}

void start_reload(const Turn& turn, Slot slot) {
  Player& player = turn.player(slot);
  if (player.held >= player.weapons.size()) return;
  WeaponState& weapon = player.weapons[player.held];
  const WeaponInfo& info = weapon_info(weapon.id);
  if (info.reload == 0 || weapon.reload_done != 0 || weapon.ammo >= info.magazine ||
      weapon.reserve <= 0)
    return;
  weapon.reload_done = turn.world.tick + info.reload;
}

void run_weapon_timers(const Turn& turn) {
  for (Slot slot = 0; slot < kMaxPlayers; ++slot) {
    Player& player = turn.player(slot);
    if (!player.in_world) continue;
    for (WeaponState& weapon : player.weapons) {
      if (weapon.reload_done != 0 && turn.world.tick >= weapon.reload_done)
        finish_reload(turn, slot, weapon);
    }
    if (player.alive) run_heat(turn, slot);
  }
}

void fire(const Turn& turn, Slot slot, const Command& command) {
  Player& player = turn.player(slot);
  if (!player.in_world || !player.alive) return;
  const int index =
      command.weapon == WeaponId::none ? player.held : find_weapon(player, command.weapon);
  if (index < 0 || index >= static_cast<int>(player.weapons.size())) return;
  if (!select_weapon(turn, slot, index)) return;
  WeaponState& weapon = player.weapons[static_cast<std::size_t>(index)];
  if (!loaded(player, weapon, command)) return;
  const Tick due = due_tick(weapon);
  if (due <= turn.world.tick) {
    shoot(turn, slot, weapon, command);
  } else if (due - turn.world.tick <= kShotCredit && !player.shot_waiting) {
    player.shot_waiting = true;
    player.waiting_shot = command;
    player.waiting_shot.weapon = weapon.id;
    // By then the picture it was aimed at is that much older.
    player.waiting_shot.view_delay = static_cast<std::uint16_t>(
        std::min<Tick>(kMaxRewind, command.view_delay + due - turn.world.tick));
    player.waiting_until = due;
  }
}

void fire_waiting_shot(const Turn& turn, Slot slot) {
  Player& player = turn.player(slot);
  if (!player.shot_waiting || turn.world.tick < player.waiting_until) return;
  player.shot_waiting = false;
  if (held_weapon(player) == player.waiting_shot.weapon) fire(turn, slot, player.waiting_shot);
}

}  // namespace sim
