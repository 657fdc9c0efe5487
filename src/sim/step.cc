#include "sim/step.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/arms.h"
#include "sim/damage.h"
#include "sim/flash.h"
#include "sim/loadout.h"
#include "sim/movement.h"
#include "sim/projectiles.h"
#include "sim/smoke.h"
#include "sim/spawn.h"
#include "sim/walls.h"

namespace sim {
namespace {

// What a client says may be any bits; what the rules compute with is finite and in the arena.
Command cleaned(Command command) {
  const auto finite = [](double value) { return std::isfinite(value) ? value : 0.0; };
  command.point = {std::clamp(finite(command.point.x), 0.0, kArenaWidth),
                   std::clamp(finite(command.point.y), 0.0, kArenaHeight)};
  command.angle = finite(command.angle);
  return command;
}

void enter_and_leave(const Turn& turn, const Command& command) {
  switch (command.kind) {
    case CommandKind::join:
      join(turn, command.slot, command);
      break;
    case CommandKind::leave:
      leave(turn, command.slot);
      break;
    case CommandKind::respawn: {
      Player& player = turn.player(command.slot);
      player.respawn_wanted = player.in_world && !player.alive;
      break;
    }
    default:
      break;
  }
}

void press_keys(const Turn& turn, Slot slot, std::uint16_t keys) {
  static constexpr std::pair<Key, int> kSelect[] = {{kKey1, 1}, {kKey2, 2}, {kKey3, 3}, {kKey4, 4}};
  for (const auto& [key, number] : kSelect) {
    if ((keys & key) != 0) select_weapon(turn, slot, weapon_of_key(turn.player(slot), number));
  }
  if ((keys & kKeyR) != 0) start_reload(turn, slot);
}

// Rotation and movement, selection, reload: all of a tick before any shot of it.
void take_input(const Turn& turn, const Command& command) {
  Player& player = turn.player(command.slot);
  if (!player.in_world) return;
  if (command.kind == CommandKind::input) {
    apply_input_motion(turn.world, player, command);
    if (player.alive) press_keys(turn, command.slot, command.keys);
  } else if (command.kind == CommandKind::halt) {
    stand_still(player);
  } else if (command.kind == CommandKind::fire && !player.sequence_fresh &&
             command.sequence > player.sequence) {
    ++player.sequence_shots;
  }
}

void take_weapon_command(const Turn& turn, const Command& command) {
  Player& player = turn.player(command.slot);
  if (!player.in_world || !player.alive) return;
  switch (command.kind) {
    case CommandKind::ads:
      player.ads = command.flag;
      break;
    case CommandKind::switch_weapon:
      select_weapon(turn, command.slot, find_weapon(player, command.weapon));
      break;
    case CommandKind::reload:
      start_reload(turn, command.slot);
      break;
    case CommandKind::fire:
      fire(turn, command.slot, cleaned(command));
      break;
    case CommandKind::kill:
      kill_by_hook(turn, command.slot);
      break;
    default:
      break;
  }
}

template <class Handle>
void by_slot(std::span<const Command> commands, Handle handle) {
  if (commands.empty()) return;
  for (Slot slot = 0; slot < kMaxPlayers; ++slot) {
    for (const Command& command : commands) {
      if (command.slot == slot) handle(command);
    }
  }
}

void save_steps(World& world) {
  for (Player& player : world.players) {
    if (player.in_world) player.step_credit = std::min(kStepBurst, player.step_credit + 1.0);
  }
}

void remember_positions(World& world) {
  for (Player& player : world.players) {
    if (player.in_world) player.past[world.tick % kPastTicks] = player.position;
  }
}

}  // namespace

World make_world(std::shared_ptr<const Map> map, std::uint64_t seed) {
  World world;
  world.random = Random(seed);
  for (const Wall& wall : map->walls) world.walls.push_back(fresh_wall(wall));
  world.map = std::move(map);
  return world;
}

void step(World& world, const StepRules& rules, std::span<const Command> commands,
          std::vector<Event>& events) {
  ++world.tick;
  const Turn turn{world, rules, events};
  save_steps(world);
  by_slot(commands, [&](const Command& command) { enter_and_leave(turn, command); });
  run_respawns(turn);
  by_slot(commands, [&](const Command& command) { take_input(turn, cleaned(command)); });
  run_weapon_timers(turn);
  expire_smokes(world);
  expire_flashes(world);
  const std::size_t first = events.size();
  for (Slot slot = 0; slot < kMaxPlayers; ++slot) {
    if (world.players[slot].shot_waiting) fire_waiting_shot(turn, slot);
    for (const Command& command : commands) {
      if (command.slot == slot) take_weapon_command(turn, command);
    }
  }
  run_projectiles(turn);
  settle_damage(turn, first);
  remember_positions(world);
}

}  // namespace sim
