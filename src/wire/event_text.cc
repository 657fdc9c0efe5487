#include "wire/event_text.h"

#include "sim/flash.h"
#include "sim/loadout.h"
#include "sim/weapons.h"
#include "wire/names.h"
#include "wire/packet.h"
#include "wire/packets.h"

namespace wire {
namespace {

using base::JsonWriter;
using sim::WeaponId;

constexpr std::string_view kUnknown = "unknown";
constexpr std::uint8_t kNoPellet = 0xff;
constexpr std::int64_t kLingerMs =
    300;  // beyond the longest flight: the sprite goes when the end was not told

std::string_view weapon_or_unknown(WeaponId weapon) {
  return weapon == WeaponId::none ? kUnknown : sim::weapon_name(weapon);
}

void pellet(JsonWriter& json, const sim::Event& event) {
  if (event.pellet != kNoPellet) json.member("pelletIndex", static_cast<int>(event.pellet));
}

// Ticks since the launch; 0 for one that is gone.
sim::Tick age_of(const sim::World& world, std::uint32_t id) {
  for (const sim::Projectile& projectile : world.projectiles) {
    if (projectile.id == id) return world.tick - projectile.born;
  }
  return 0;
}

// How long a projectile can fly at most, ms.
std::int64_t longest_flight(WeaponId weapon) {
  const sim::WeaponInfo& info = sim::weapon_info(weapon);
  if (info.fuse != 0) return static_cast<std::int64_t>(info.fuse) * 1000 / sim::kTickRate;
  return info.speed > 0.0 ? static_cast<std::int64_t>(info.range / info.speed * 1000.0) : 0;
}

// What a projectile's end looks like: the client takes it for information, the effect follows the
// projectile's own type.
std::string_view end_name(WeaponId weapon) {
  if (weapon == WeaponId::smokegrenade) return "smoke";
  if (weapon == WeaponId::flashbang) return "flash";
  return "explosion";
}

}  // namespace

std::string_view EventScene::id(sim::Slot slot) const {
  return slot < sim::kMaxPlayers && roster.seats[slot].used ? roster.seats[slot].id : kUnknown;
}

void write_player_left(const EventScene& scene, std::string& out) {
  player_left(out, scene.id(scene.event.slot));
}

void write_weapon_switched(const EventScene& scene, std::string& out) {
  weapon_switched(out, scene.id(scene.event.slot), scene.event.weapon2, scene.event.weapon);
}

void write_weapon_reloaded(const EventScene& scene, std::string& out) {
  const sim::Event& event = scene.event;
  const sim::Player& player = scene.match.world().players[event.slot];
  const int index = sim::find_weapon(player, event.weapon);
  Packet packet(out, "weapon:reloaded");
  packet->member("playerId", scene.id(event.slot))
      .member("weaponType", sim::weapon_name(event.weapon));
  if (index >= 0) {
    const sim::WeaponState& weapon = player.weapons[static_cast<std::size_t>(index)];
    packet->member("currentAmmo", weapon.ammo).member("reserveAmmo", weapon.reserve);
  }
  packet.close();
}

// The client takes it for its own gun's, whoever's it is: hence to the owner only (B28).
void write_heat(const EventScene& scene, std::string& out) {
  Packet packet(out, "weapon:heat:update");
  packet->member("weaponType", "machinegun").member("heatLevel", scene.event.value, kPlaces);
  packet->member("isOverheated", scene.event.flag);
  packet.close();
}

// Before its hits and misses: the client keeps the position as the start of their trails.
// Ammunition and the echoed sequence are for the shooter alone.
void write_fired(const EventScene& scene, bool own, std::string& out) {
  const sim::Event& event = scene.event;
  Packet packet(out, "weapon:fired");
  packet->member("playerId", scene.id(event.slot))
      .member("weaponType", sim::weapon_name(event.weapon));
  point(packet.json(), "position", event.position);
  packet->member("direction", event.angle, kAnglePlaces).member("timestamp", scene.now());
  if (own) packet->member("ammoRemaining", event.value, 0).member("sequence", event.sequence);
  if (event.flag2) {
    packet->member("isGrenade", true);
  } else {
    packet->member("isADS", event.flag);
  }
  packet.close();
}

// Without a place the shooter still learns that he hit, and whom; the mark appears at his own
// muzzle.
void write_hit(const EventScene& scene, bool with_place, std::string& out) {
  const sim::Event& event = scene.event;
  Packet packet(out, "weapon:hit");
  packet->member("playerId", scene.id(event.slot))
      .member("weaponType", sim::weapon_name(event.weapon));
  point(packet.json(), "position", with_place ? event.position : event.origin);
  point(packet.json(), "startPosition", event.origin);
  if (event.other != sim::kNoSlot) {
    packet->member("targetType", "player").member("targetId", scene.id(event.other));
  } else {
    packet->member("targetType", "wall");
    packet->member("targetId",
                   wall_id(static_cast<std::size_t>(event.wall < 0 ? 0 : event.wall)).view());
  }
  packet->member("penetrationCount", static_cast<int>(event.count));
  pellet(packet.json(), event);
  packet.close();
}

// `position` is the end of the trail, not the shooter's (4.5).
void write_miss(const EventScene& scene, std::string& out) {
  const sim::Event& event = scene.event;
  Packet packet(out, "weapon:miss");
  packet->member("playerId", scene.id(event.slot))
      .member("weaponType", sim::weapon_name(event.weapon));
  point(packet.json(), "position", event.position);
  point(packet.json(), "startPosition", event.origin);
  packet->member("direction", event.angle, kAnglePlaces);
  pellet(packet.json(), event);
  packet.close();
}

// Always with a playerId: without one every client draws a hit marker of its own (4.5). Who shoots
// unseen is "unknown".
void write_wall(const EventScene& scene, bool with_shooter, std::string& out) {
  const sim::Event& event = scene.event;
  if (event.wall < 0 || static_cast<std::size_t>(event.wall) >= scene.match.map().walls.size())
    return;
  const auto index = static_cast<std::size_t>(event.wall);
  Packet packet(out,
                event.kind == sim::EventKind::wall_destroyed ? "wall:destroyed" : "wall:damaged");
  packet->member("wallId", wall_id(index).view());
  point(packet.json(), "position", event.position);
  packet->member("sliceIndex", static_cast<int>(event.slice));
  packet->member("newHealth", event.value2, kPlaces).member("isDestroyed", event.flag);
  packet->member("material", material_name(scene.match.map().walls[index].material));
  packet->member("timestamp", scene.now());
  packet->member("playerId", with_shooter ? scene.id(event.slot) : kUnknown);
  if (with_shooter) {
    packet->member("weaponType", weapon_or_unknown(event.weapon));
    packet->member("damage", event.value, kPlaces);  // 250 would name an unseen shooter's weapon
    pellet(packet.json(), event);
  }
  packet.close();
}

// The kill line names names to everybody; the place only to who may know it. killerId is shown as
// it stands.
void write_died(const EventScene& scene, bool with_place, std::string& out) {
  const sim::Event& event = scene.event;
  const bool by_somebody = event.other < sim::kMaxPlayers;
  Packet packet(out, "backend:player:died");
  packet->member("playerId", scene.id(event.slot)).member("killerId", scene.id(event.other));
  packet->member("killerTeam", by_somebody ? team_name(event.team) : kUnknown);
  packet->member("victimTeam", team_name(event.team2))
      .member("weaponType", weapon_or_unknown(event.weapon));
  packet->member("isTeamKill", by_somebody && event.team == event.team2);
  point(packet.json(), "position", with_place ? event.position : kParked);
  packet->member("damageType", damage_name(event.damage_type)).member("timestamp", scene.now());
  packet.close();
}

// attackerId is what the death screen reads; sourcePlayerId is the original's name for it (M9). The
// place is the victim's: where the bullet met him can be where the shooter stands, when their
// bodies overlap (or did in the shooter's picture), and the shooter may be hidden.
void write_damaged(const EventScene& scene, std::string& out) {
  const sim::Event& event = scene.event;
  Packet packet(out, "player:damaged");
  packet->member("playerId", scene.id(event.slot)).member("damage", event.value, kPlaces);
  packet->member("damageType", damage_name(event.damage_type));
  packet->member("sourcePlayerId", scene.id(event.other))
      .member("attackerId", scene.id(event.other));
  point(packet.json(), "position", scene.match.world().players[event.slot].position);
  packet->member("newHealth", event.value2, kPlaces).member("isKilled", event.flag);
  packet->member("timestamp", scene.now());
  packet.close();
}

void write_respawned(const EventScene& scene, std::string& out) {
  const sim::Event& event = scene.event;
  Packet packet(out, "backend:player:respawned");
  packet->member("playerId", scene.id(event.slot));
  point(packet.json(), "position", event.position);
  packet->member("health", sim::kMaxHealth, kPlaces).member("team", team_name(event.team));
  packet->member("invulnerableUntil", scene.clock.ms(event.until)).member("timestamp", scene.now());
  packet.close();
}

// Also written when a projectile flies into view: from where it is then, with the time it has left.
void write_projectile_created(const EventScene& scene, std::string& out) {
  const sim::Event& event = scene.event;
  const std::int64_t age =
      static_cast<std::int64_t>(age_of(scene.match.world(), event.id)) * 1000 / sim::kTickRate;
  Packet packet(out, "projectile:created");
  packet->member("id", projectile_id(event.id).view())
      .member("type", sim::weapon_name(event.weapon));
  packet->member("playerId", scene.id(event.slot));
  point(packet.json(), "position", event.position);
  point(packet.json(), "velocity", event.velocity);
  packet->member("lifetime", longest_flight(event.weapon) - age + kLingerMs)
      .member("timestamp", scene.now());
  packet.close();
}

void write_projectile_updated(const EventScene& scene, std::string& out) {
  Packet packet(out, "projectile:updated");
  packet->member("id", projectile_id(scene.event.id).view());
  point(packet.json(), "position", scene.event.position);
  packet.close();
}

void write_projectile_exploded(const EventScene& scene, std::string& out) {
  const sim::Event& event = scene.event;
  Packet packet(out, "projectile:exploded");
  packet->member("id", projectile_id(event.id).view()).member("type", end_name(event.weapon));
  point(packet.json(), "position", event.position);
  packet->member("radius", event.value, kPlaces);
  packet.close();
}

// Out of the arena, as what is hidden: the client knows no other way of taking a sprite away
// without showing an explosion, and drops it when its lifetime ends.
void write_projectile_gone(const EventScene& scene, std::string& out) {
  Packet packet(out, "projectile:updated");
  packet->member("id", projectile_id(scene.event.id).view());
  point(packet.json(), "position", kParked);
  packet.close();
}

// weaponType picks how hard the client's screen shakes. Only frag, rocket and launcher: the
// original's explosions of smoke and flash were a fault (B24).
void write_explosion(const EventScene& scene, std::string& out) {
  const sim::Event& event = scene.event;
  Packet packet(out, "explosion:created");
  point(packet.json(), "position", event.position);
  packet->member("radius", event.value, kPlaces).member("damage", event.value2, kPlaces);
  packet->member("weaponType", sim::weapon_name(event.weapon));
  packet->member("sourcePlayerId", scene.id(event.slot)).member("timestamp", scene.now());
  packet.close();
}

// To the one it blinds, with his entry alone: the original told everybody who was blind (4.5).
void write_flash(const EventScene& scene, std::string& out) {
  const sim::Event& event = scene.event;
  const sim::FlashPhases phases = sim::flash_phases(event.value);
  Packet packet(out, "FLASHBANG_EFFECT");
  packet->member("id", NumberedId("flash_", event.id).view());
  point(packet.json(), "position", event.position);
  packet->key("affectedPlayers").begin_array().begin_object();
  packet->member("playerId", scene.id(event.slot)).member("distance", event.value2, kPlaces);
  packet->member("lineOfSight", event.flag).member("viewingAngle", event.angle, kAnglePlaces);
  packet->member("intensity", event.value, kAnglePlaces).member("duration", phases.total_ms());
  packet->key("phases").begin_object().member("blindDuration", phases.blind_ms);
  packet->member("disorientedDuration", phases.disoriented_ms)
      .member("recoveringDuration", phases.recovering_ms);
  packet->end_object().end_object().end_array().member("timestamp", scene.now());
  packet.close();
}

}  // namespace wire
