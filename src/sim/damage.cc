#include "sim/damage.h"

#include <algorithm>
#include <boost/container/static_vector.hpp>

#include "sim/loadout.h"
#include "sim/walls.h"

namespace sim {
namespace {

struct Death {
  std::size_t before = 0;  // index of the blow that killed
  Event event;
};
using Deaths = boost::container::static_vector<Death, kMaxPlayers>;

Event death_of(const Turn& turn, const Event& blow) {
  const Player& victim = turn.player(blow.slot);
  Event event;
  event.kind = EventKind::player_died;
  event.slot = blow.slot;
  event.other = blow.other;
  event.weapon = blow.weapon;
  event.team = blow.other < kMaxPlayers ? turn.player(blow.other).team : victim.team;
  event.team2 = victim.team;
  event.position = victim.position;
  event.damage_type = blow.damage_type;
  return event;
}

void die(const Turn& turn, const Event& blow) {
  Player& victim = turn.player(blow.slot);
  victim.alive = false;
  victim.health = 0.0;
  victim.died_at = turn.world.tick;
  victim.killer = blow.other;
  victim.respawn_wanted = false;
  victim.velocity = {};
  victim.movement = MovementState::idle;
  victim.shot_waiting = false;
  if (!turn.rules.counting) return;
  ++victim.deaths;
  if (blow.other >= kMaxPlayers || blow.other == blow.slot) return;
  Player& killer = turn.player(blow.other);
  if (killer.in_world && killer.team != victim.team) ++killer.kills;
}

// False when the blow meets nobody alive.
bool settle(const Turn& turn, Event& blow) {
  Player& victim = turn.player(blow.slot);
  if (!victim.in_world || !victim.alive) return false;
  const bool absorbed = turn.world.tick < victim.invulnerable_until && !blow.flag2;
  if (absorbed) blow.value = 0.0;
  victim.health = std::max(0.0, victim.health - blow.value);
  blow.value2 = victim.health;
  blow.flag = victim.health <= 0.0;
  blow.flag2 = false;
  return true;
}

void insert_deaths(std::vector<Event>& events, const Deaths& deaths) {
  std::size_t from = events.size();
  events.resize(events.size() + deaths.size());
  std::size_t to = events.size();
  for (std::size_t left = deaths.size(); left > 0; --left) {
    const Death& death = deaths[left - 1];
    while (from > death.before) events[--to] = events[--from];
    events[--to] = death.event;
  }
}

}  // namespace

void hurt_player(const Turn& turn, Slot victim, const Blow& blow, Vec2 at) {
  const bool mate =
      blow.source != victim && turn.player(blow.source).team == turn.player(victim).team;
  if (mate && !turn.rules.friendly_fire) return;
  Event& event = turn.emit(EventKind::player_damaged, victim);
  event.other = blow.source;
  event.weapon = blow.weapon;
  event.damage_type = blow.type;
  event.pellet = blow.pellet;
  event.value = blow.amount;
  event.position = at;
}

void kill_by_hook(const Turn& turn, Slot victim) {
  Event& event = turn.emit(EventKind::player_damaged, victim);
  event.other = victim;
  event.weapon = held_weapon(turn.player(victim));
  event.value = kMaxHealth;
  event.position = turn.player(victim).position;
  event.flag2 = true;  // until settled: not absorbed
}

void hurt_slice(const Turn& turn, int wall, int slice, const Blow& blow) {
  const auto index = static_cast<std::size_t>(wall);
  const Wall& plan = turn.world.map->walls[index];
  const SliceDamage done = damage_slice(plan, turn.world.walls[index], slice, blow.amount);
  if (!done.taken) return;
  const auto tell = [&](EventKind kind) {
    Event& event = turn.emit(kind, blow.source);
    event.weapon = blow.weapon;
    event.damage_type = blow.type;
    event.pellet = blow.pellet;
    event.wall = static_cast<std::int16_t>(wall);
    event.slice = static_cast<std::uint8_t>(slice);
    event.position = slice_center(plan, slice);
    event.value = blow.amount;
    event.value2 = done.new_health;
    event.flag = done.opened;
  };
  tell(EventKind::wall_damaged);
  if (done.opened) tell(EventKind::wall_destroyed);
}

void settle_damage(const Turn& turn, std::size_t first) {
  std::vector<Event>& events = turn.events;
  Deaths deaths;
  std::size_t kept = first;
  for (std::size_t i = first; i < events.size(); ++i) {
    Event& event = events[i];
    if (event.kind == EventKind::player_damaged) {
      if (!settle(turn, event)) continue;
      if (event.flag) {
        deaths.push_back({kept, death_of(turn, event)});
        die(turn, event);
      }
    }
    if (kept != i) events[kept] = event;
    ++kept;
  }
  events.resize(kept);
  insert_deaths(events, deaths);
}

}  // namespace sim
