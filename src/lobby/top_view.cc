#include "lobby/top_view.h"

#include "base/json_writer.h"
#include "lobby/lobby.h"
#include "sim/loadout.h"
#include "sim/smoke.h"
#include "sim/walls.h"
#include "sim/weapons.h"
#include "wire/names.h"

namespace lobby {
namespace {

constexpr int kPlaces = 2;

std::string_view phase_name(match::Phase phase) {
  switch (phase) {
    case match::Phase::warmup:
      return "warmup";
    case match::Phase::playing:
      return "playing";
    default:
      return "over";
  }
}

void write_account(base::JsonWriter& json, const Lobby& lobby, std::string_view player_id) {
  json.key("account");
  const auto person = lobby.person(player_id);
  if (person && !person->account_id.empty()) {
    json.text(person->account_id);
  } else {
    json.null();
  }
}

void write_seats(base::JsonWriter& json, const Lobby& lobby, const wire::Roster& roster) {
  json.key("seats").begin_array();
  for (std::size_t slot = 0; slot < roster.seats.size(); ++slot) {
    const wire::Roster::Seat& seat = roster.seats[slot];
    if (!seat.used) continue;
    json.begin_object().member("slot", slot).member("id", seat.id).member("name", seat.name);
    json.member("bot", seat.bot).member("connected", seat.connected);
    write_account(json, lobby, seat.id);
    json.end_object();
  }
  json.end_array();
}

void write_players(base::JsonWriter& json, const match::Match& match, const wire::Roster& roster) {
  json.key("players").begin_object();
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const sim::Player& player = match.world().players[slot];
    const wire::Roster::Seat& seat = roster.seats[slot];
    if (!player.in_world || !seat.used) continue;
    json.key_text(seat.id).begin_object().member("id", seat.id).member("name", seat.name);
    json.member("team", wire::team_name(player.team)).key("position");
    json.point(player.position.x, player.position.y, kPlaces);
    json.member("rotation", player.rotation, kPlaces);
    json.member("health", player.alive ? player.health : 0.0, 0).member("isAlive", player.alive);
    json.member("weaponType", sim::weapon_name(sim::held_weapon(player)));
    json.member("kills", player.kills).member("deaths", player.deaths).end_object();
  }
  json.end_object();
}

void write_projectiles(base::JsonWriter& json, const sim::World& world) {
  json.key("projectiles").begin_array();
  for (const sim::Projectile& projectile : world.projectiles) {
    json.begin_object().member("id", projectile.id);
    json.member("type", sim::weapon_name(projectile.type)).key("position");
    json.point(projectile.position.x, projectile.position.y, kPlaces);
    json.end_object();
  }
  json.end_array();
}

void write_smokes(base::JsonWriter& json, const sim::World& world) {
  json.key("smokeZones").begin_array();
  int number = 0;
  for (const sim::SmokeDisc& disc : sim::smoke_discs(world)) {
    json.begin_object().member("id", "z" + std::to_string(number++)).key("position");
    json.point(disc.center.x, disc.center.y, kPlaces);
    json.member("radius", disc.radius, kPlaces).member("density", disc.density, kPlaces);
    json.end_object();
  }
  json.end_array();
}

void write_walls(base::JsonWriter& json, const match::Match& match) {
  json.key("walls").begin_object();
  for (std::size_t i = 0; i < match.map().walls.size(); ++i) {
    const sim::Wall& wall = match.map().walls[i];
    const sim::WallState& state = match.world().walls[i];
    const std::string id = "wall_" + std::to_string(i + 1);
    json.key_text(id).begin_object().member("id", id).key("position");
    json.point(wall.corner.x, wall.corner.y, 0);
    json.member("width", wall.width(), 0).member("height", wall.height(), 0);
    json.member("material", wire::material_name(wall.material));
    json.member("tiles", static_cast<unsigned>(wall.tiles));
    json.member("maxHealth", sim::slice_health(wall.material), kPlaces);
    json.key("sliceHealth").begin_array();
    for (int slice = 0; slice < sim::kSlices; ++slice) {
      const bool real = slice < wall.tiles;
      json.decimal(real ? state.health[static_cast<std::size_t>(slice)] : 0.0, kPlaces);
    }
    json.end_array().key("destructionMask").begin_array();
    for (int slice = 0; slice < sim::kSlices; ++slice)
      json.integer(slice < wall.tiles && sim::blocks(state, slice) ? 0 : 1);
    json.end_array().end_object();
  }
  json.end_object();
}

}  // namespace

std::string top_view(const Lobby& lobby) {
  std::string text;
  base::JsonWriter json(text);
  const wire::Roster roster = lobby.roster();
  json.begin_object();
  write_seats(json, lobby, roster);
  json.key("match");
  const match::Match* match = lobby.match();
  if (match == nullptr) {
    json.null().end_object();
    return text;
  }
  json.begin_object().member("tick", match->world().tick).member("map", match->map().name);
  json.member("phase", phase_name(match->phase()));
  json.member("red", match->score(sim::Team::red)).member("blue", match->score(sim::Team::blue));
  write_players(json, *match, roster);
  write_projectiles(json, match->world());
  write_smokes(json, match->world());
  write_walls(json, *match);
  json.end_object().end_object();
  return text;
}

}  // namespace lobby
