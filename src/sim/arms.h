#pragma once

// Weapons in hand: switching, reloading, heat, and the right to fire (rules 4.2-4.7, decisions 3,
// 4, 12, 13).

#include "sim/turn.h"

namespace sim {

inline constexpr Tick kShotCredit = 2;  // ticks a shot may come early (decision 4)
inline constexpr Tick kRateWindow =
    60;  // ticks in which no more shots than the table allows are fired

// First tick at which the weapon may fire: at most 2 ticks before its cooldown ends, and never with
// more shots in any 60 ticks than the table allows.
Tick due_tick(const WeaponState& weapon);

// Notes a shot at a tick not before due_tick().
void note_shot(WeaponState& weapon, Tick now);

// Takes the weapon with this index into the hand. False when it cannot be: none such, or it is
// being reloaded. Taking the held one again is no change.
bool select_weapon(const Turn& turn, Slot slot, int index);

// Starts to reload the held weapon if that makes sense now; else nothing.
void start_reload(const Turn& turn, Slot slot);

// Reloads that are due, heat and the end of its lockout, for all players.
void run_weapon_timers(const Turn& turn);

// One weapon:fire. Does nothing when the shot is not allowed; keeps one that is up to 2 ticks early
// until it is due.
void fire(const Turn& turn, Slot slot, const Command& command);

// Fires what fire() has kept, when its time has come.
void fire_waiting_shot(const Turn& turn, Slot slot);

}  // namespace sim
