#pragma once

// All outside influence on a match enters as Commands, at most a list per tick. The list of all
// ticks plus the seed and settings is a replay. A Command is plain data of fixed size, so that no
// queue of them allocates per entry.

#include "sim/types.h"

namespace sim {

enum class CommandKind : std::uint8_t {
  start,  // waiting -> playing: everything is reset (decision 18). No slot.
  join,   // the slot's player enters the world: team (wanted), loadout. In the same life with an
          // identical loadout it changes nothing (decision 17).
  leave,  // the slot's player is gone: body, projectiles (rules 6.1)
  input,  // one player:input message
  fire,   // one weapon:fire message
  switch_weapon,  // weapon
  reload,         // the held weapon
  ads,            // flag
  respawn,        // request; remembered when early (decision 14)
  abandon,  // end the match without a winner by score (L11 debug:trigger_match_end, lobby closed).
            // No slot.
  kill,     // test hook: the slot's player dies by its own hand (L11)
  halt,     // the slot's line is down: its body stands still (L9)
};
inline constexpr unsigned kCommandKinds = 12;

// Bits of Command::keys.
enum Key : std::uint16_t {
  kKeyW = 1,
  kKeyA = 2,
  kKeyS = 4,
  kKeyD = 8,
  kKeyShift = 16,
  kKeyCtrl = 32,
  kKeyR = 64,
  kKeyG = 128,
  kKey1 = 256,
  kKey2 = 512,
  kKey3 = 1024,
  kKey4 = 2048,
};

struct Command {
  CommandKind kind = CommandKind::start;
  Slot slot = kNoSlot;
  Team team = Team::red;             // join: the requested team
  WeaponId weapon = WeaponId::none;  // fire: the weapon named; switch_weapon: the target
  std::uint8_t charge = 1;           // fire, thrown weapons: 1..5
  std::uint8_t buttons =
      0;  // input: mouse buttons held (recorded for anti-cheat; never fires, decision 3)
  bool flag = false;       // ads: on; fire: `point` is a target to aim at
  bool flag2 = false;      // fire: `angle` is given (used when there is no target)
  std::uint16_t keys = 0;  // input
  std::uint16_t view_delay =
      0;  // fire: how long ago the shooter's picture was, in ticks (decision 5, <= 12)
  std::uint32_t sequence = 0;  // input, fire: the client's counter; 0 on a fire that carries none
  Vec2 point;                  // input: mouse in the arena; fire: target
  double angle = 0.0;          // fire: direction
  Loadout loadout;             // join
};

}  // namespace sim
