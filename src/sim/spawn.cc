#include "sim/spawn.h"

#include <algorithm>
#include <array>
#include <boost/container/static_vector.hpp>

#include "sim/loadout.h"
#include "sim/movement.h"
#include "sim/projectiles.h"
#include "sim/ray.h"
#include "sim/walls.h"

namespace sim {
namespace {

constexpr int kReach = 3;  // cells around a spawn
constexpr int kSide = 2 * kReach + 1;
constexpr double kElbowRoom = 2.0 * kBodyRadius;  // px between two bodies that do not overlap

double square_distance(Vec2 a, Vec2 b) {
  const double dx = a.x - b.x;
  const double dy = a.y - b.y;
  return dx * dx + dy * dy;
}

bool standable(const World& world, Vec2 p) {
  if (p.x < kClampLeft || p.x > kClampRight || p.y < kClampTop || p.y > kClampBottom) return false;
  return !blocked(*world.map, world.walls, p);
}

using Points = boost::container::static_vector<Vec2, kSide * kSide>;

// The spawn and the free cells around it, nearest first along walkable cells.
Points cells_around(const World& world, Vec2 spawn) {
  struct Cell {
    int x, y;
  };
  static constexpr std::array<Cell, 4> kNeighbours = {{{0, -1}, {-1, 0}, {1, 0}, {0, 1}}};
  boost::container::static_vector<Cell, kSide * kSide> queue{{0, 0}};
  std::array<bool, kSide * kSide> known{};
  known[kReach * kSide + kReach] = true;
  Points points{spawn};
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const Cell step : kNeighbours) {
      const Cell cell{queue[next].x + step.x, queue[next].y + step.y};
      if (std::max(std::abs(cell.x), std::abs(cell.y)) > kReach) continue;
      bool& seen = known[static_cast<std::size_t>((cell.y + kReach) * kSide + cell.x + kReach)];
      const Vec2 center{spawn.x + kCell * cell.x, spawn.y + kCell * cell.y};
      if (seen || !standable(world, center)) continue;
      seen = true;
      queue.push_back(cell);
      points.push_back(center);
    }
  }
  return points;
}

struct Merit {
  bool empty = false;
  double enemy = -1.0;  // square of the distance to the nearest living enemy
  bool better_than(const Merit& other) const {
    return empty != other.empty ? empty : enemy > other.enemy;
  }
};

Merit merit_of(const World& world, Slot slot, Vec2 point) {
  Merit merit{true, kNowhere};
  for (Slot i = 0; i < kMaxPlayers; ++i) {
    const Player& player = world.players[i];
    if (i == slot || !player.in_world || !player.alive) continue;
    const double square = square_distance(point, player.position);
    if (square < kElbowRoom * kElbowRoom) merit.empty = false;
    if (player.team != world.players[slot].team) merit.enemy = std::min(merit.enemy, square);
  }
  return merit;
}

// A fresh life at a spawn point, with the loadout chosen last.
void enter(const World& world, Slot slot, Player& player) {
  player.loadout = player.next_loadout;
  player.weapons = fresh_weapons(player.loadout);
  player.held = player.loadout.primary == WeaponId::none ? 0xff : 0;
  player.position = choose_spawn(world, slot);
  player.past[world.tick % kPastTicks] = player.position;
  player.alive = true;
  player.health = kMaxHealth;
  player.killer = kNoSlot;
  player.respawn_wanted = false;
  player.ads = false;
  player.movement = MovementState::idle;
  player.velocity = {};
  player.heat = 0.0;
  player.overheated_until = 0;
  player.flash = {};
  player.died_at = 0;
  player.spawned_at = world.tick;
  player.invulnerable_until = 0;
  player.shot_waiting = false;
}

void tell_respawn(const Turn& turn, Slot slot) {
  const Player& player = turn.player(slot);
  Event& event = turn.emit(EventKind::player_respawned, slot);
  event.position = player.position;
  event.team = player.team;
  event.until = player.invulnerable_until;
}

}  // namespace

Team team_for(const World& world, Slot slot, Team wanted) {
  std::array<int, 2> size{};
  for (Slot i = 0; i < kMaxPlayers; ++i) {
    const Player& player = world.players[i];
    if (i != slot && player.in_world) ++size[static_cast<std::size_t>(player.team)];
  }
  const int surplus =
      size[static_cast<std::size_t>(wanted)] - size[static_cast<std::size_t>(other(wanted))];
  return surplus >= 2 ? other(wanted) : wanted;
}

Vec2 choose_spawn(const World& world, Slot slot) {
  const Team team = world.players[slot].team;
  const auto& spawns = team == Team::red ? world.map->red_spawns : world.map->blue_spawns;
  Vec2 best{kArenaWidth / 2, kArenaHeight / 2};
  Merit merit;
  for (const Vec2 spawn : spawns) {
    for (const Vec2 point : cells_around(world, spawn)) {
      const Merit here = merit_of(world, slot, point);
      if (!here.better_than(merit)) continue;
      best = point;
      merit = here;
    }
  }
  return best;
}

void join(const Turn& turn, Slot slot, const Command& command) {
  Player& player = turn.player(slot);
  const Loadout wanted = legal_loadout(command.loadout);
  const Team side = command.team == Team::blue ? Team::blue : Team::red;
  player.sequence = 0;
  player.sequence_shots = 0;
  player.sequence_fresh = true;
  player.next_loadout = wanted;
  if (player.in_world) {
    if (!player.alive) player.team = team_for(turn.world, slot, side);
    return;
  }
  player = Player{};
  player.next_loadout = wanted;
  player.team = team_for(turn.world, slot, side);
  player.in_world = true;
  player.step_credit = kStepBurst;
  enter(turn.world, slot, player);
  Event& event = turn.emit(EventKind::player_joined, slot);
  event.position = player.position;
  event.team = player.team;
}

void leave(const Turn& turn, Slot slot) {
  if (!turn.player(slot).in_world) return;
  turn.player(slot) = Player{};
  remove_projectiles_of(turn, slot);
  turn.emit(EventKind::player_left, slot);
}

void run_respawns(const Turn& turn) {
  for (Slot slot = 0; slot < kMaxPlayers; ++slot) {
    Player& player = turn.player(slot);
    if (!player.in_world || player.alive) continue;
    const Tick dead = turn.world.tick - player.died_at;
    if (dead < kRespawnGate || (dead < kRespawnAuto && !player.respawn_wanted)) continue;
    enter(turn.world, slot, player);
    player.invulnerable_until = turn.world.tick + kInvulnerable;
    tell_respawn(turn, slot);
  }
}

void reset_world(const Turn& turn) {
  World& world = turn.world;
  for (std::size_t i = 0; i < world.walls.size(); ++i)
    world.walls[i] = fresh_wall(world.map->walls[i]);
  world.projectiles.clear();
  world.smokes.clear();
  for (Player& player : world.players) player.alive = false;
  for (Slot slot = 0; slot < kMaxPlayers; ++slot) {
    Player& player = world.players[slot];
    if (!player.in_world) continue;
    player.kills = 0;
    player.deaths = 0;
    enter(world, slot, player);
    tell_respawn(turn, slot);
  }
}

}  // namespace sim
