#include "wire/events.h"

#include "match/view.h"
#include "wire/event_text.h"

namespace wire {
namespace {

using match::Knowledge;
using sim::EventKind;

bool is_projectile(EventKind kind) {
  return kind == EventKind::projectile_created || kind == EventKind::projectile_moved ||
         kind == EventKind::projectile_exploded || kind == EventKind::projectile_gone;
}

bool is_wall(EventKind kind) {
  return kind == EventKind::wall_damaged || kind == EventKind::wall_destroyed;
}

// Events without a packet: the state or the lobby tells of them.
bool is_silent(EventKind kind) {
  return kind == EventKind::player_joined || kind == EventKind::match_started ||
         kind == EventKind::match_ended;
}

// Events of which a packet without a place is made; of others nothing is told then. A respawn out
// of sight shows in the next state, and damage without health says nothing that weapon:hit or the
// death does not.
bool can_be_bare(EventKind kind) {
  return kind == EventKind::player_died || kind == EventKind::shot_hit || is_wall(kind);
}

}  // namespace

EventEncoder::Form EventEncoder::choose(const EventScene& scene, sim::Slot viewer) {
  const sim::Event& event = scene.event;
  const bool own = viewer == event.slot;
  if (own && event.kind == EventKind::player_left) return Form::none;  // he is gone
  switch (scene.match.knowledge(viewer, event)) {
    case Knowledge::nothing:
      return Form::none;
    case Knowledge::name_only:
      // Who sees a shooter but not his victim is told of the shot, not of the hit.
      if (event.kind == EventKind::shot_hit && !own) return Form::none;
      return can_be_bare(event.kind) ? Form::bare : Form::none;
    case Knowledge::full:
      // Walls are everybody's business, who shoots at them is not.
      if (is_wall(event.kind) && !scene.match.sees(viewer, event.slot)) return Form::bare;
      return own && event.kind == EventKind::shot_fired ? Form::own : Form::common;
  }
  return Form::none;
}

EventEncoder::Form EventEncoder::choose_projectile(const EventScene& scene, sim::Slot viewer) {
  const sim::Event& event = scene.event;
  const bool gone = event.kind == EventKind::projectile_gone;
  if (!gone && scene.match.knowledge(viewer, event) != Knowledge::full) return Form::none;
  Told& told = told_[event.id % told_.size()];
  if (told.id != event.id) told = {event.id, 0};
  const auto bit = static_cast<std::uint8_t>(1u << viewer);
  const bool known = (told.viewers & bit) != 0;
  if (gone) return known ? Form::bare : Form::none;  // wherever it is by now: no place is told
  switch (event.kind) {
    case EventKind::projectile_exploded:
      // A projectile nobody told of has no sprite; what its end does is told by explosion:created
      // and the state.
      return known ? Form::common : Form::none;
    case EventKind::projectile_moved:
      told.viewers |= bit;
      return known ? Form::common : Form::announce;
    default:
      told.viewers |= bit;
      return Form::announce;
  }
}

void EventEncoder::write(const EventScene& scene, Form form, std::string& out) {
  const bool whole = form != Form::bare;
  switch (scene.event.kind) {
    case EventKind::player_left:
      return write_player_left(scene, out);
    case EventKind::weapon_switched:
      return write_weapon_switched(scene, out);
    case EventKind::weapon_reloaded:
      return write_weapon_reloaded(scene, out);
    case EventKind::heat:
      return write_heat(scene, out);
    case EventKind::shot_fired:
      return write_fired(scene, form == Form::own, out);
    case EventKind::shot_hit:
      return write_hit(scene, whole, out);
    case EventKind::shot_missed:
      return write_miss(scene, out);
    case EventKind::wall_damaged:
    case EventKind::wall_destroyed:
      return write_wall(scene, whole, out);
    case EventKind::player_died:
      return write_died(scene, whole, out);
    case EventKind::player_damaged:
      return write_damaged(scene, out);
    case EventKind::player_respawned:
      return write_respawned(scene, out);
    case EventKind::projectile_created:
      return write_projectile_created(scene, out);
    case EventKind::projectile_moved:
      return form == Form::announce ? write_projectile_created(scene, out)
                                    : write_projectile_updated(scene, out);
    case EventKind::projectile_exploded:
      return write_projectile_exploded(scene, out);
    case EventKind::projectile_gone:
      return write_projectile_gone(scene, out);
    case EventKind::explosion:
      return write_explosion(scene, out);
    case EventKind::flash:
      return write_flash(scene, out);
    case EventKind::player_joined:
    case EventKind::match_started:
    case EventKind::match_ended:
      return;
  }
}

void EventEncoder::encode(const match::Match& match, const Roster& roster, const Clock& clock,
                          const sim::Event& event) {
  choice_.fill(Form::none);
  for (std::string& form : forms_) form.clear();
  if (is_silent(event.kind)) return;
  const EventScene scene{match, roster, clock, event};
  for (sim::Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
    const Roster::Seat& seat = roster.seats[viewer];
    if (!seat.used || seat.bot || !seat.connected) continue;
    const Form form =
        is_projectile(event.kind) ? choose_projectile(scene, viewer) : choose(scene, viewer);
    choice_[viewer] = form;
    std::string& text = forms_[static_cast<std::size_t>(form)];
    if (form != Form::none && text.empty()) write(scene, form, text);
  }
}

void EventEncoder::forget(sim::Slot viewer) {
  const auto kept = static_cast<std::uint8_t>(~(1u << viewer));
  for (Told& told : told_) told.viewers &= kept;
}

void EventEncoder::reset() { told_.fill(Told{}); }

}  // namespace wire
