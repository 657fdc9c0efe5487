#include "replay/film.h"

#include "base/json_writer.h"
#include "sim/smoke.h"
#include "sim/walls.h"
#include "sim/weapons.h"
#include "wire/names.h"

namespace replay_tool {
namespace {

constexpr int kPlaces = 2;
constexpr std::string_view kEventPrefix =
    "42";  // of a Socket.IO packet; the rest is the event's JSON array

void write_wall(base::JsonWriter& json, const std::string& id, const sim::Wall& wall,
                const sim::WallState& state) {
  json.key_text(id)
      .begin_object()
      .member("id", id)
      .key("position")
      .point(wall.corner.x, wall.corner.y, 0);
  json.member("width", wall.width(), 0).member("height", wall.height(), 0);
  json.member("material", wire::material_name(wall.material));
  json.member("tiles", static_cast<unsigned>(wall.tiles));
  json.member("maxHealth", sim::slice_health(wall.material), kPlaces)
      .key("sliceHealth")
      .begin_array();
  for (int i = 0; i < sim::kSlices; ++i) {
    json.decimal(i < wall.tiles ? state.health[static_cast<std::size_t>(i)] : 0.0, kPlaces);
  }
  json.end_array().key("destructionMask").begin_array();
  for (int i = 0; i < sim::kSlices; ++i)
    json.integer(i < wall.tiles && sim::blocks(state, i) ? 0 : 1);
  json.end_array().end_object();
}

// Names are told in quotation marks, for lines of text; a film has its own.
std::string plain(std::string name) {
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
    return name.substr(1, name.size() - 2);
  return name;
}

// The slots of which `knows` holds, as bits.
template <class Knows>
std::uint64_t slots_that(const Knows& knows) {
  std::uint64_t bits = 0;
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    if (knows(slot)) bits |= std::uint64_t{1} << slot;
  }
  return bits;
}

// An onlooker is told what the best informed player is told.
std::string_view fullest(const wire::EventEncoder& encoder) {
  std::string_view best;
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const std::string_view packet = encoder.packet(slot);
    if (packet.size() > best.size()) best = packet;
  }
  return best;
}

}  // namespace

FilmWriter::FilmWriter() {
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) ids_[slot] = "p" + std::to_string(slot);
}

void FilmWriter::tick(const match::Match& match, const Names& names, std::string& out) {
  if (!begun_) head(match, out);
  const bool shot = !begun_ || match.world().tick % sim::kSnapshotEvery == 0 ||
                    match.phase() == match::Phase::over;
  begun_ = true;
  const std::size_t before = out.size();
  out += "{\"t\":" + std::to_string(match.world().tick);
  const bool news = people(match, names, out);
  const bool happened = events(match, names, out);
  if (shot) snapshot(match, out);
  if (news || happened || shot) {
    out += "}\n";
  } else {
    out.resize(before);
  }
}

void FilmWriter::head(const match::Match& match, std::string& out) const {
  base::JsonWriter json(out);
  json.begin_object().member("film", 1).member("map", match.map().name).key("walls").begin_object();
  for (std::size_t i = 0; i < match.map().walls.size(); ++i) {
    write_wall(json, "wall_" + std::to_string(i + 1), match.map().walls[i], match.world().walls[i]);
  }
  json.end_object().end_object();
  out += '\n';
}

bool FilmWriter::people(const match::Match& match, const Names& names, std::string& out) {
  std::string rows;
  base::JsonWriter json(rows);
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const sim::Player& player = match.world().players[slot];
    Who& who = who_[slot];
    if (!player.in_world) continue;
    std::string name = plain(names.of(slot));
    if (who.known && who.name == name && who.team == player.team) continue;
    who = {true, std::move(name), player.team};
    json.begin_array().text(ids_[slot]).text(who.name).text(wire::team_name(who.team)).end_array();
  }
  if (!rows.empty()) out += ",\"n\":[" + rows + "]";
  return !rows.empty();
}

bool FilmWriter::events(const match::Match& match, const Names& names, std::string& out) {
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    names_[slot] = plain(names.of(slot));
    roster_.seats[slot] = {
        .id = ids_[slot], .name = names_[slot], .used = true, .bot = false, .connected = true};
  }
  std::string rows;
  for (const sim::Event& event : match.events()) {
    encoder_.encode(match, roster_, wire::Clock{}, event);
    const std::string_view packet = fullest(encoder_);
    if (!packet.starts_with(kEventPrefix) || !packet.ends_with(']')) continue;
    if (!rows.empty()) rows += ',';
    rows += packet.substr(kEventPrefix.size(), packet.size() - kEventPrefix.size() - 1);
    rows += ',';
    rows +=
        std::to_string(slots_that([&](sim::Slot viewer) { return match.may_know(viewer, event); }));
    rows += ']';
  }
  if (!rows.empty()) out += ",\"e\":[" + rows + "]";
  return !rows.empty();
}

void FilmWriter::snapshot(const match::Match& match, std::string& out) const {
  const sim::World& world = match.world();
  out += ",\"p\":";
  base::JsonWriter json(out);
  json.begin_array();
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const sim::Player& player = world.players[slot];
    if (!player.in_world) continue;
    const sim::WeaponId held =
        player.held < player.weapons.size() ? player.weapons[player.held].id : sim::WeaponId::none;
    json.begin_array()
        .text(ids_[slot])
        .decimal(player.position.x, kPlaces)
        .decimal(player.position.y, kPlaces);
    json.decimal(player.rotation, kPlaces)
        .decimal(player.alive ? player.health : 0.0, 0)
        .text(sim::weapon_name(held));
    json.unsigned_integer(player.kills).unsigned_integer(player.deaths);
    json.unsigned_integer(slots_that([&](sim::Slot viewer) { return match.sees(viewer, slot); }))
        .end_array();
  }
  json.end_array();
  const sim::SmokeDiscs discs = sim::smoke_discs(world);
  if (!discs.empty()) {
    json.key("z").begin_array();
    for (std::size_t i = 0; i < discs.size(); ++i) {
      const sim::SmokeDisc& disc = discs[i];
      json.begin_array()
          .text("z" + std::to_string(i))
          .decimal(disc.center.x, kPlaces)
          .decimal(disc.center.y, kPlaces);
      json.decimal(disc.radius, kPlaces).decimal(disc.density, kPlaces).end_array();
    }
    json.end_array();
  }
  json.member("r", match.score(sim::Team::red)).member("b", match.score(sim::Team::blue));
}

}  // namespace replay_tool
