#include "lobby/bot_senses.h"

#include <algorithm>
#include <cmath>

#include "sim/sight.h"

namespace lobby {
namespace {

constexpr double kFarthest =
    sim::kViewDistance + sim::kBodyRadius;  // nobody is seen beyond (rules 8.4)
constexpr double kBlind = 0.9;              // dazzled more than this, a bot sees nobody
constexpr double kFaithful = 30.0;       // px by which another enemy must be nearer to be preferred
constexpr double kExtrapolation = 12.0;  // ticks for which a motion is thought to go on
constexpr double kFastest = 2.6;         // px per tick; more is a respawn
constexpr sim::Tick kRumourLife = 30;    // ticks before a rumour gives way to a newer one

double distance(sim::Vec2 a, sim::Vec2 b) {
  const double x = a.x - b.x;
  const double y = a.y - b.y;
  return std::sqrt(x * x + y * y);
}

}  // namespace

double dazzle(const sim::FlashState& flash, sim::Tick now) {
  if (flash.intensity <= 0.0 || now >= flash.end || flash.end <= flash.begin) return 0.0;
  const double progress =
      static_cast<double>(now - flash.begin) / static_cast<double>(flash.end - flash.begin);
  // A third of the time blind, then fading (rules 6.7).
  return progress < 1.0 / 3.0 ? 1.0 : flash.intensity * (1.0 - progress);
}

void BotSenses::update(const match::Match& match, sim::Slot self) {
  listen(match, self);
  if ((match.world().tick + self) % sim::kSnapshotEvery == 0) look(match, self);
}

void BotSenses::listen(const match::Match& match, sim::Slot self) {
  const sim::World& world = match.world();
  const sim::Team team = world.players[self].team;
  const auto mate = [&](sim::Slot slot) {
    return slot < sim::kMaxPlayers && slot != self && world.players[slot].team == team;
  };
  for (const sim::Event& event : match.events()) {
    switch (event.kind) {
      case sim::EventKind::player_damaged:
        if (event.slot == self) hurt_at_ = world.tick;
        break;
      case sim::EventKind::player_died:  // names of the dead are told to everybody
        forget(event.slot);
        if (mate(event.slot)) suspect(event.position, world.tick);
        break;
      case sim::EventKind::player_left:
        forget(event.slot);
        break;
      case sim::EventKind::shot_fired:
        if (mate(event.slot) && world.tick - rumour_.at > kRumourLife)
          suspect(event.position, world.tick);
        break;
      case sim::EventKind::wall_destroyed:  // walls are shown to everybody
        if (event.slot != self && !mate(event.slot) && match.may_know(self, event))
          suspect(event.position, world.tick);
        break;
      default:
        break;
    }
  }
}

void BotSenses::look(const match::Match& match, sim::Slot self) {
  const sim::World& world = match.world();
  const sim::Player& me = world.players[self];
  const bool blind = dazzle(me.flash, world.tick) > kBlind;
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const sim::Player& other = world.players[slot];
    Sighting& sighting = enemies_[slot];
    if (slot == self || !other.in_world || other.team == me.team) {
      sighting = {};
      continue;
    }
    // The distance only spares the dear question whose answer it implies.
    const bool seen = !blind && other.alive && distance(me.position, other.position) <= kFarthest &&
                      match.sees(self, slot);
    if (seen) {
      see(sighting, other.position, world.tick);
    } else {
      sighting.visible = false;
      if (sighting.known && world.tick - sighting.last > kMemory) sighting = {};
    }
  }
  choose(me.position);
}

void BotSenses::see(Sighting& sighting, sim::Vec2 position, sim::Tick now) {
  sim::Vec2 velocity;
  if (sighting.known && now - sighting.last <= 2 * sim::kSnapshotEvery) {
    const double ticks = now - sighting.last;
    velocity = {(position.x - sighting.position.x) / ticks,
                (position.y - sighting.position.y) / ticks};
    if (std::abs(velocity.x) > kFastest || std::abs(velocity.y) > kFastest) velocity = {};
  }
  if (!sighting.visible) sighting.since = now;
  sighting.known = sighting.visible = true;
  sighting.last = now;
  sighting.position = position;
  sighting.velocity = velocity;
}

void BotSenses::choose(sim::Vec2 from) {
  sim::Slot nearest = sim::kNoSlot;
  double best = 1e9;
  lost_ = sim::kNoSlot;
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const Sighting& sighting = enemies_[slot];
    if (!sighting.known) continue;
    if (!sighting.visible) {
      if (lost_ == sim::kNoSlot || sighting.last > enemies_[lost_].last) lost_ = slot;
      continue;
    }
    const double measure = distance(from, sighting.position) - (slot == focus_ ? kFaithful : 0.0);
    if (measure < best) {
      best = measure;
      nearest = slot;
    }
  }
  focus_ = nearest;
}

sim::Vec2 BotSenses::expected(sim::Slot slot, sim::Tick now) const {
  const Sighting& sighting = enemies_[slot];
  const double ticks = std::min<double>(now - sighting.last, kExtrapolation);
  return {sighting.position.x + sighting.velocity.x * ticks,
          sighting.position.y + sighting.velocity.y * ticks};
}

void BotSenses::forget(sim::Slot slot) {
  if (slot >= sim::kMaxPlayers) return;
  enemies_[slot] = {};
  if (focus_ == slot) focus_ = sim::kNoSlot;
  if (lost_ == slot) lost_ = sim::kNoSlot;
}

}  // namespace lobby
