#pragma once

// Who may know what of a match (S5, rules 8.4 REC, decision 19). The whole table with its reasons
// is in docs/protocol-sight.md. The questions of Match about sight are answered in view.cc.

#include "sim/event.h"
#include "sim/world.h"

namespace match {

// How much of an event somebody may be told.
enum class Knowledge : std::uint8_t {
  nothing,    // not that it happened
  name_only,  // that it happened and to whom, but neither a place (position, origin, velocity,
              // angle) nor a health
  full,
};

inline constexpr double kHeardWithin =
    200.0;  // px: explosions and smoke this near are known to everybody (8.4)

// What the viewer may be told of an event of this tick, judged by the world after the tick. A slot
// outside the world sees nobody. Pure.
Knowledge knowledge_of(const sim::World& world, sim::Slot viewer, const sim::Event& event);

// May the viewer know where the projectile is? His own always.
bool knows_projectile(const sim::World& world, sim::Slot viewer, const sim::Projectile& projectile);

// May the viewer know of the smoke zone?
bool knows_smoke(const sim::World& world, sim::Slot viewer, const sim::Smoke& smoke);

}  // namespace match
