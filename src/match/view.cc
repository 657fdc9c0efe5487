#include "match/view.h"

#include "match/match.h"
#include "sim/sight.h"
#include "sim/sight_polygon.h"
#include "sim/smoke.h"

namespace match {
namespace {

using sim::EventKind;
using sim::Slot;
using sim::Vec2;
using sim::World;

constexpr double kProjectileRadius = 2.0;    // px, 8.4
constexpr std::size_t kUsualVertices = 256;  // more than any view of a map of rooms has
constexpr double kHitRadius = 0.0;           // a place, not a thing

const sim::Player* in_world(const World& world, Slot slot) {
  if (slot >= sim::kMaxPlayers || !world.players[slot].in_world) return nullptr;
  return &world.players[slot];
}

bool sees_place(const World& world, Slot viewer, Vec2 place, double radius) {
  const sim::Player* eyes = in_world(world, viewer);
  return eyes != nullptr && sim::sees_disc(world, sim::viewpoint_of(*eyes), place, radius);
}

// Loud things: everybody near knows them, from further away one has to see them.
bool notices(const World& world, Slot viewer, Vec2 place, double radius) {
  const sim::Player* ears = in_world(world, viewer);
  if (ears == nullptr) return false;
  const double x = place.x - ears->position.x;
  const double y = place.y - ears->position.y;
  if (x * x + y * y <= kHeardWithin * kHeardWithin) return true;
  return sim::sees_disc(world, sim::viewpoint_of(*ears), place, radius);
}

Knowledge full_if(bool condition, Knowledge otherwise) {
  return condition ? Knowledge::full : otherwise;
}

// A hit shows where the shooter stands and where the victim stands (or stood, decision 5: then the
// place itself must be in sight). The shooter is always told that he hit.
Knowledge of_hit(const World& world, Slot viewer, const sim::Event& event) {
  if (!sim::can_see(world, viewer, event.slot)) return Knowledge::nothing;
  if (event.other == sim::kNoSlot) return Knowledge::full;
  const bool place = sim::can_see(world, viewer, event.other) ||
                     sees_place(world, viewer, event.position, kHitRadius);
  return full_if(place, Knowledge::name_only);
}

// Health is as secret as the place. Who did it hears that he did.
Knowledge of_damage(const World& world, Slot viewer, const sim::Event& event) {
  if (sim::can_see(world, viewer, event.slot)) return Knowledge::full;
  return viewer == event.other ? Knowledge::name_only : Knowledge::nothing;
}

}  // namespace

Knowledge knowledge_of(const World& world, Slot viewer, const sim::Event& event) {
  const bool own = viewer == event.slot;
  switch (event.kind) {
    case EventKind::player_left:
    case EventKind::wall_damaged:
    case EventKind::wall_destroyed:
    case EventKind::match_started:
    case EventKind::match_ended:
      return Knowledge::full;
    case EventKind::player_joined:
    case EventKind::player_died:
    case EventKind::player_respawned:
      return full_if(sim::can_see(world, viewer, event.slot), Knowledge::name_only);
    case EventKind::weapon_switched:
    case EventKind::weapon_reloaded:
    case EventKind::heat:
    case EventKind::flash:
      return full_if(own, Knowledge::nothing);
    case EventKind::shot_fired:
    case EventKind::shot_missed:
      return full_if(sim::can_see(world, viewer, event.slot), Knowledge::nothing);
    case EventKind::shot_hit:
      return of_hit(world, viewer, event);
    case EventKind::player_damaged:
      return of_damage(world, viewer, event);
    case EventKind::projectile_gone:
      return Knowledge::name_only;
    case EventKind::projectile_created:
    case EventKind::projectile_moved:
      return full_if(own || sees_place(world, viewer, event.position, kProjectileRadius),
                     Knowledge::nothing);
    case EventKind::projectile_exploded:
    case EventKind::explosion:
      return full_if(own || notices(world, viewer, event.position, event.value),
                     Knowledge::nothing);
  }
  return Knowledge::nothing;
}

bool knows_projectile(const World& world, Slot viewer, const sim::Projectile& projectile) {
  return viewer == projectile.owner ||
         sees_place(world, viewer, projectile.position, kProjectileRadius);
}

bool knows_smoke(const World& world, Slot viewer, const sim::Smoke& smoke) {
  return notices(world, viewer, smoke.position, sim::kSmokeRadius);
}

bool Match::sees(Slot viewer, Slot target) const { return sim::can_see(world_, viewer, target); }

Knowledge Match::knowledge(Slot viewer, const sim::Event& event) const {
  return knowledge_of(world_, viewer, event);
}

bool Match::may_know(Slot viewer, const sim::Event& event) const {
  return knowledge(viewer, event) == Knowledge::full;
}

std::span<const Vec2> Match::polygon(Slot viewer) const {
  polygon_.reserve(kUsualVertices);
  polygon_.clear();
  if (const sim::Player* eyes = in_world(world_, viewer)) {
    sim::visibility_polygon(world_, sim::viewpoint_of(*eyes), polygon_);
  }
  return polygon_;
}

}  // namespace match
