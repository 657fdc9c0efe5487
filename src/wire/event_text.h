#pragma once

// The text of each event packet of contract 4.5, as a function of what it says. Private to this
// room: events.cc decides who gets which.

#include <string>

#include "match/match.h"
#include "sim/event.h"
#include "wire/roster.h"

namespace wire {

struct EventScene {
  const match::Match& match;
  const Roster& roster;
  const Clock& clock;
  const sim::Event& event;

  std::int64_t now() const { return clock.ms(match.world().tick); }
  // "unknown" where nobody sits (any more).
  std::string_view id(sim::Slot slot) const;
};

void write_player_left(const EventScene& scene, std::string& out);
void write_weapon_switched(const EventScene& scene, std::string& out);
void write_weapon_reloaded(const EventScene& scene, std::string& out);
void write_heat(const EventScene& scene, std::string& out);
void write_fired(const EventScene& scene, bool own, std::string& out);
void write_hit(const EventScene& scene, bool with_place, std::string& out);
void write_miss(const EventScene& scene, std::string& out);
void write_wall(const EventScene& scene, bool with_shooter, std::string& out);
void write_died(const EventScene& scene, bool with_place, std::string& out);
void write_damaged(const EventScene& scene, std::string& out);
void write_respawned(const EventScene& scene, std::string& out);
void write_projectile_created(const EventScene& scene, std::string& out);
void write_projectile_updated(const EventScene& scene, std::string& out);
void write_projectile_exploded(const EventScene& scene, std::string& out);
void write_projectile_gone(const EventScene& scene, std::string& out);
void write_explosion(const EventScene& scene, std::string& out);
void write_flash(const EventScene& scene, std::string& out);

}  // namespace wire
