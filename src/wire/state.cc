#include "wire/state.h"

#include "match/view.h"
#include "sim/loadout.h"
#include "sim/sight.h"
#include "sim/smoke.h"
#include "sim/walls.h"
#include "sim/weapons.h"
#include "wire/names.h"
#include "wire/packet.h"

namespace wire {
namespace {

using base::JsonWriter;

// The own position is where the client replays its inputs from (contract 7.2). Rounded to the usual
// 0.01 px it could fall inside the closed border of a wall (rules 3.5), which the server's own
// value does not touch.
constexpr int kOwnPlaces = 6;
constexpr double kFogOpacity = 0.64;
constexpr std::size_t kLeastVertices = 3;  // with fewer the client takes its masks away (5.6)
constexpr int kSmokeLifeMs = 15'000;
constexpr int kSmokeExpansionMs = 1'500;

// A dead player's health is 0 whatever the world keeps: any other value revives the client
// (2.9, 7.3).
double shown_health(const sim::Player& player) { return player.alive ? player.health : 0.0; }

void invulnerability(JsonWriter& json, const sim::Player& player, const match::Match& match,
                     const Clock& clock) {
  if (player.invulnerable_until > match.world().tick) {
    json.member("invulnerableUntil", clock.ms(player.invulnerable_until));
  }
}

void weapons(JsonWriter& json, const sim::Player& player) {
  json.key("weapons").begin_object();
  for (const sim::WeaponState& weapon : player.weapons) {
    json.key_text(sim::weapon_name(weapon.id)).begin_object();
    json.member("currentAmmo", weapon.ammo).member("reserveAmmo", weapon.reserve);
    json.member("isReloading", weapon.reload_done != 0).end_object();
  }
  json.end_object();
}

void write_wall(JsonWriter& json, std::string_view id, const sim::Wall& wall,
                const sim::WallState& state) {
  json.key_text(id).begin_object().member("id", id);
  point(json, "position", wall.corner);
  json.member("width", wall.width(), 0).member("height", wall.height(), 0);
  json.member("orientation", wall.horizontal ? "horizontal" : "vertical");
  json.member("material", material_name(wall.material))
      .member("maxHealth", sim::slice_health(wall.material), kPlaces);
  json.key("sliceHealth").begin_array();
  for (int i = 0; i < sim::kSlices; ++i) {
    json.decimal(i < wall.tiles ? state.health[static_cast<std::size_t>(i)] : 0.0, kPlaces);
  }
  json.end_array().key("destructionMask").begin_array();
  for (int i = 0; i < sim::kSlices; ++i)
    json.integer(i < wall.tiles && sim::blocks(state, i) ? 0 : 1);
  json.end_array().end_object();
}

}  // namespace

void StateEncoder::begin(const match::Match& match, const Roster& roster, const Clock& clock) {
  match_ = &match;
  roster_ = &roster;
  clock_ = clock;
  walls_.clear();
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    entries_[slot].present = roster.seats[slot].used && match.world().players[slot].in_world;
    if (entries_[slot].present) encode_player(slot);
  }
  encode_smokes();
}

void StateEncoder::encode_player(sim::Slot slot) {
  const Roster::Seat& seat = roster_->seats[slot];
  const sim::Player& player = match_->world().players[slot];
  Entry& entry = entries_[slot];

  entry.known.clear();
  JsonWriter known(entry.known);
  known.key_text(seat.id).begin_object().member("id", seat.id).member("name", seat.name);
  known.member("team", team_name(player.team))
      .member("kills", player.kills)
      .member("deaths", player.deaths);
  known.member("isAlive", player.alive).end_object();

  entry.seen.clear();
  JsonWriter seen(entry.seen);
  seen.begin_object().member("id", seat.id).member("team", team_name(player.team));
  point(seen, "position", player.position);
  seen.member("rotation", player.rotation, kAnglePlaces)
      .member("health", shown_health(player), kPlaces);
  seen.member("isAlive", player.alive).member("kills", player.kills);
  seen.member("weaponType", sim::weapon_name(sim::held_weapon(player)));
  invulnerability(seen, player, *match_, clock_);
  seen.end_object();

  entry.parked.clear();
  JsonWriter parked(entry.parked);
  parked.begin_object().member("id", seat.id).member("team", team_name(player.team));
  point(parked, "position", kParked);
  parked.member("isAlive", player.alive).member("kills", player.kills).end_object();
}

void StateEncoder::encode_smokes() {
  smokes_.clear();
  const sim::World& world = match_->world();
  std::size_t index = 0;
  for (const sim::Smoke& smoke : world.smokes) {
    smoke_ends_[index++] = smokes_.size();
    const auto age_ms = static_cast<double>(world.tick - smoke.born) * 1000.0 / sim::kTickRate;
    const sim::SmokeShape shape = sim::smoke_shape(age_ms);
    JsonWriter json(smokes_);
    json.begin_object().member("id", projectile_id(smoke.id).view());
    point(json, "position", smoke.position);
    json.member("radius", shape.radius, kPlaces).member("maxRadius", sim::kSmokeRadius, kPlaces);
    json.member("createdAt", clock_.ms(smoke.born)).member("duration", kSmokeLifeMs);
    json.member("expansionTime", kSmokeExpansionMs).member("density", shape.density, kPlaces);
    json.member("maxDensity", sim::kSmokeMaxDensity, kPlaces).member("type", "smoke").end_object();
  }
  smoke_ends_[index] = smokes_.size();
}

void StateEncoder::encode_walls() {
  const sim::World& world = match_->world();
  JsonWriter json(walls_);
  json.begin_object();
  for (std::size_t i = 0; i < world.walls.size(); ++i) {
    write_wall(json, wall_id(i).view(), match_->map().walls[i], world.walls[i]);
  }
  json.end_object();
}

void StateEncoder::write_own(sim::Slot viewer, JsonWriter& json) const {
  const Roster::Seat& seat = roster_->seats[viewer];
  const sim::Player& player = match_->world().players[viewer];
  json.key_text(seat.id).begin_object().member("id", seat.id).member("name", seat.name);
  json.member("team", team_name(player.team));
  point(json, "position", player.position, kOwnPlaces);
  json.member("rotation", player.rotation, kAnglePlaces);
  point(json, "velocity", player.velocity);
  json.member("health", shown_health(player), kPlaces).member("isAlive", player.alive);
  json.member("movementState", movement_name(player.movement)).member("isADS", player.ads);
  json.member("kills", player.kills).member("deaths", player.deaths);
  json.member("lastProcessedInput", player.sequence);
  json.member("weaponType", sim::weapon_name(sim::held_weapon(player)));
  weapons(json, player);
  invulnerability(json, player, *match_, clock_);
  if (!player.alive) json.member("deathTime", clock_.ms(player.died_at));
  json.end_object();
}

void StateEncoder::write_smokes(sim::Slot viewer, JsonWriter& json) const {
  const sim::World& world = match_->world();
  json.begin_array();
  for (std::size_t i = 0; i < world.smokes.size(); ++i) {
    if (!match::knows_smoke(world, viewer, world.smokes[i])) continue;
    json.raw(std::string_view(smokes_).substr(smoke_ends_[i], smoke_ends_[i + 1] - smoke_ends_[i]));
  }
  json.end_array();
}

void StateEncoder::write_vision(sim::Slot viewer, JsonWriter& json) const {
  const sim::Player& player = match_->world().players[viewer];
  json.begin_object().member("type", "polygon").key("polygon").begin_array();
  const auto vertex = [&](sim::Vec2 at) { json.point(at.x, at.y, kPlaces); };
  const auto polygon = match_->polygon(viewer);
  for (const sim::Vec2 at : polygon) vertex(at);
  for (std::size_t i = polygon.size(); i < kLeastVertices; ++i) vertex(player.position);
  json.end_array().member("viewAngle", sim::kViewAngle, kAnglePlaces);
  json.member("viewDirection", player.rotation, kAnglePlaces)
      .member("viewDistance", sim::kViewDistance, kPlaces);
  point(json, "position", player.position);
  json.member("fogOpacity", kFogOpacity, kPlaces).end_object();
}

void StateEncoder::append(sim::Slot viewer, WallsIn walls, std::string& out) {
  if (viewer >= sim::kMaxPlayers || !entries_[viewer].present) return;
  Packet packet(out, "game:state");
  JsonWriter& json = packet.json();
  json.key("players").begin_object();
  write_own(viewer, json);
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    if (slot != viewer && entries_[slot].present) json.raw(entries_[slot].known);
  }
  json.end_object().key("visiblePlayers").begin_array();
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const Entry& entry = entries_[slot];
    if (entry.present) json.raw(match_->sees(viewer, slot) ? entry.seen : entry.parked);
  }
  json.end_array().key("projectiles").begin_array().end_array().key("smokeZones");
  write_smokes(viewer, json);
  if (walls == WallsIn::all) {
    if (walls_.empty()) encode_walls();
    json.key("walls").raw(walls_);
  }
  json.key("scores").begin_object().member("red", match_->score(sim::Team::red));
  json.member("blue", match_->score(sim::Team::blue)).end_object();
  json.member("timestamp", clock_.ms(match_->world().tick))
      .member("tickRate", sim::kTickRate)
      .key("vision");
  write_vision(viewer, json);
  packet.close();
}

}  // namespace wire
