#pragma once

// For tests: reads the packets of one viewer as a cheater would and judges each place in them with
// match/reference_sight.h. It knows the wire from the contract and docs/protocol-sight.md and
// shares no line with the encoders or with Match::sees.

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "match/reference_sight.h"
#include "sim/event.h"
#include "sim/world.h"

namespace lobby {

class FramesJudge {
 public:
  using Ids = std::array<std::string, sim::kMaxPlayers>;
  using Visible = match::reference::Visible;

  struct Tally {
    std::uint64_t updates = 0;  // what one viewer is told of one enemy in one state
    std::uint64_t told = 0;
    std::uint64_t borders = 0;  // hang on less than 1e-6: either answer is right
    std::uint64_t smokes = 0;
    std::map<std::string, std::uint64_t, std::less<>> events;  // packets by name
    std::uint64_t nameless_deaths = 0;                         // told without a place
    std::uint64_t nameless_walls = 0;                          // told without who did it
  };

  explicit FramesJudge(const Ids& ids) : ids_(ids) {}

  // A game:state that `viewer` gets at the end of this tick.
  void state(const sim::World& world, sim::Slot viewer, std::string_view packet) {
    if (!read(world, viewer, packet)) return;
    if (name_ != "game:state") return complain("not a state");
    members_of_players();
    visible_players();
    smokes();
    if (has(body_["projectiles"]) && body_["projectiles"].get_array().size() != 0)
      complain("projectiles in a state");
    for (const char* part : {"players", "visiblePlayers", "smokeZones", "walls"})
      if (has(body_[part])) look_for_hidden(body_[part].value_unsafe());
  }

  // A packet made of `cause`, an event of this tick. `cause` only gives back what the two decimals
  // of the packet have lost.
  void event(const sim::World& world, sim::Slot viewer, const sim::Event& cause,
             std::string_view packet) {
    event(world, viewer, std::span(&cause, 1), packet);
  }

  // The same, when it is not known which of this tick's events the packet tells.
  void event(const sim::World& world, sim::Slot viewer, std::span<const sim::Event> causes,
             std::string_view packet) {
    if (!read(world, viewer, packet)) return;
    ++tally_.events[std::string(name_)];
    judge_event(causes);
  }

  // A tick as it was.
  struct Moment {
    sim::World world;
    std::vector<sim::Event> events;
  };

  // The same of a packet that may have waited for the viewer's next state (decision 11): in one of
  // these ticks it was right.
  void event(std::span<const Moment> moments, sim::Slot viewer, std::string_view packet) {
    if (!complaint_.empty() || !read(moments.front().world, viewer, packet)) return;
    ++tally_.events[std::string(name_)];
    for (const Moment& moment : moments) {
      complaint_.clear();
      world_ = &moment.world;
      judge_event(moment.events);
      if (complaint_.empty()) return;
    }
  }

  // A packet that tells nothing of the world.
  void other(const sim::World& world, sim::Slot viewer, std::string_view packet) {
    if (read(world, viewer, packet)) look_for_hidden(body_);
  }

  const Tally& tally() const { return tally_; }
  // The first thing that is wrong, "" = nothing.
  const std::string& complaint() const { return complaint_; }

 private:
  using Element = simdjson::dom::element;
  using Found = simdjson::simdjson_result<Element>;

  static bool has(const Found& found) { return found.error() == simdjson::SUCCESS; }

  static std::optional<sim::Vec2> point(Element element) {
    sim::Vec2 at;
    if (element["x"].get(at.x) || element["y"].get(at.y)) return std::nullopt;
    return at;
  }

  static std::optional<sim::Vec2> point(const Found& found) {
    return has(found) ? point(found.value_unsafe()) : std::nullopt;
  }

  static bool printed_as(sim::Vec2 truth, sim::Vec2 printed) {
    return std::abs(truth.x - printed.x) < 0.0051 && std::abs(truth.y - printed.y) < 0.0051;
  }

  static bool parked(sim::Vec2 at) { return at.x == -1000.0 && at.y == -1000.0; }

  void judge_event(std::span<const sim::Event> causes) {
    const bool good = std::any_of(causes.begin(), causes.end(), [this](const sim::Event& cause) {
      cause_ = &cause;
      return allowed();
    });
    if (!good) complain("event");
    look_for_hidden(body_);
  }

  bool read(const sim::World& world, sim::Slot viewer, std::string_view packet) {
    world_ = &world;
    viewer_ = viewer;
    packet_ = packet;
    simdjson::dom::array parts;
    if (packet.starts_with("42") &&
        !parser_.parse(packet.data() + 2, packet.size() - 2).get(parts) && parts.size() == 2 &&
        !parts.at(0).get(name_) && !parts.at(1).get(body_))
      return true;
    complain("not an event packet");
    return false;
  }

  void complain(std::string_view what) {
    if (!complaint_.empty()) return;
    complaint_ = std::string(what) + " to " + std::to_string(viewer_) + " in tick " +
                 std::to_string(world_->tick) + ": " + std::string(packet_);
    for (std::size_t slot = 0; slot < ids_.size(); ++slot) {
      const sim::Player& player = world_->players[slot];
      complaint_ += "\n" + ids_[slot] + (player.team == sim::Team::red ? " red" : " blue") +
                    " at " + std::to_string(player.position.x) + "," +
                    std::to_string(player.position.y) + " facing " +
                    std::to_string(player.rotation);
    }
  }

  std::string_view text(const char* member) const {
    std::string_view value;
    return body_[member].get(value) ? std::string_view{} : value;
  }

  sim::Slot slot_of(std::string_view id) const {
    for (std::size_t slot = 0; slot < ids_.size(); ++slot)
      if (ids_[slot] == id) return static_cast<sim::Slot>(slot);
    return sim::kNoSlot;
  }

  Visible truth(sim::Slot slot) const {
    if (slot >= sim::kMaxPlayers) return Visible::no;
    return match::reference::reference_visible(*world_, viewer_, slot);
  }

  bool may_see(sim::Slot slot) const { return truth(slot) != Visible::no; }

  bool may_see(sim::Vec2 place, double radius) const {
    return world_->players[viewer_].in_world &&
           match::reference::visible_place(*world_, viewer_, place, radius) != Visible::no;
  }

  // Loud things are known within 200 px.
  bool may_hear(sim::Vec2 place, double radius) const {
    const sim::Player& ears = world_->players[viewer_];
    const double distance = std::hypot(place.x - ears.position.x, place.y - ears.position.y);
    return ears.in_world &&
           (distance <= 200.0 + match::reference::kSlack || may_see(place, radius));
  }

  // The place of the event that stands in the packet; none = a place from nowhere.
  std::optional<sim::Vec2> exact() const {
    const auto printed = point(body_["position"]);
    if (!printed) return std::nullopt;
    if (printed_as(cause_->position, *printed)) return cause_->position;
    if (printed_as(cause_->origin, *printed)) return cause_->origin;
    return std::nullopt;
  }

  bool allowed() {
    const sim::Slot who = slot_of(text("playerId"));
    if (name_ == "weapon:fired" || name_ == "weapon:miss" || name_ == "player:damaged" ||
        name_ == "backend:player:respawned")
      return may_see(who);
    if (name_ == "weapon:hit") return may_see(who) && hit_allowed();
    if (name_ == "backend:player:died") return death_allowed(who);
    if (name_ == "wall:damaged" || name_ == "wall:destroyed")
      return at_slice_centre() && wall_allowed(who);
    if (name_ == "weapon:switched" || name_ == "weapon:reloaded") return who == viewer_;
    if (name_ == "weapon:heat:update") return cause_->slot == viewer_;
    if (name_ == "FLASHBANG_EFFECT") return flash_allowed();
    return projectile_allowed(who);
  }

  bool hit_allowed() const {
    if (text("targetType") == "wall") return true;
    const auto place = exact();
    const auto start = point(body_["startPosition"]);
    if (!place || !start) return false;
    if (printed_as(*place, *start)) return true;  // bare: the shooter's own place
    return may_see(slot_of(text("targetId"))) || may_see(*place, 0.0);
  }

  bool death_allowed(sim::Slot victim) {
    const auto place = point(body_["position"]);
    if (!place) return false;
    if (!parked(*place)) return may_see(victim);
    ++tally_.nameless_deaths;
    return truth(victim) != Visible::yes;
  }

  // Whose work it is, and with what, is for those who see him.
  bool wall_allowed(sim::Slot who) {
    if (text("playerId") != "unknown") return may_see(who);
    for (const char* secret : {"weaponType", "damage", "damageType", "pelletIndex"})
      if (has(body_[secret])) return false;
    ++tally_.nameless_walls;
    return true;
  }

  // Where a slice of the wall is, so no person's place.
  bool at_slice_centre() const {
    const auto place = point(body_["position"]);
    std::int64_t slice = 0;
    const std::string_view id = text("wallId");
    if (!place || body_["sliceIndex"].get(slice) || !id.starts_with("wall_")) return false;
    const auto index = static_cast<std::size_t>(std::stoi(std::string(id.substr(5))) - 1);
    if (index >= world_->map->walls.size()) return false;
    const sim::Wall& wall = world_->map->walls[index];
    const double along = 10.0 * static_cast<double>(slice) + 5.0;
    return printed_as(wall.horizontal ? sim::Vec2{wall.corner.x + along, wall.corner.y + 5.0}
                                      : sim::Vec2{wall.corner.x + 5.0, wall.corner.y + along},
                      *place);
  }

  bool flash_allowed() const {
    std::string_view id;
    return body_["affectedPlayers"].get_array().size() == 1 &&
           !body_["affectedPlayers"].at(0)["playerId"].get(id) && id == ids_[viewer_];
  }

  bool projectile_allowed(sim::Slot named) {
    double radius = 0.0;
    if (cause_->kind == sim::EventKind::projectile_gone) {
      const auto printed = point(body_["position"]);
      return name_ == "projectile:updated" && printed && parked(*printed) &&
             owners_[viewer_].contains(std::string(text("id")));
    }
    const auto place = exact();
    if (!place) return false;
    if (name_ == "explosion:created")
      return slot_of(text("sourcePlayerId")) == viewer_ ||
             (!body_["radius"].get(radius) && may_hear(*place, radius));
    auto& owners = owners_[viewer_];
    const std::string id(text("id"));
    if (name_ == "projectile:created") owners[id] = named;
    if (!owners.contains(id)) return false;  // never announced
    const bool own = owners[id] == viewer_;
    if (name_ == "projectile:created" || name_ == "projectile:updated")
      return own || may_see(*place, 2.0);
    return name_ == "projectile:exploded" &&
           (own || (!body_["radius"].get(radius) && may_hear(*place, radius)));
  }

  // `players` names everybody and places nobody but the receiver.
  void members_of_players() {
    for (const auto& [id, entry] : body_["players"].get_object()) {
      const sim::Slot slot = slot_of(id);
      if (slot == sim::kNoSlot) complain("a stranger");
      if (slot == viewer_) continue;
      for (const char* secret : {"position", "rotation", "velocity", "health", "weapons",
                                 "weaponId", "weaponType", "transform", "invulnerableUntil"})
        if (has(entry[secret]) && !may_see(slot)) complain("leak in players");
    }
  }

  void visible_players() {
    std::array<bool, sim::kMaxPlayers> listed{};
    for (const Element entry : body_["visiblePlayers"].get_array()) {
      std::string_view id;
      const auto place = point(entry["position"]);
      const sim::Slot slot = entry["id"].get(id) ? sim::kNoSlot : slot_of(id);
      if (slot == sim::kNoSlot || !place || listed[slot])
        return complain("a wrong entry of visiblePlayers");
      listed[slot] = true;
      one_visible(slot, *place, entry);
    }
    for (std::size_t slot = 0; slot < listed.size(); ++slot)
      if (listed[slot] != world_->players[slot].in_world) complain("who is in visiblePlayers");
  }

  void one_visible(sim::Slot slot, sim::Vec2 place, Element entry) {
    const sim::Player& player = world_->players[slot];
    const bool told = !parked(place);
    const Visible visible = truth(slot);
    if (player.team != world_->players[viewer_].team) {
      ++tally_.updates;
      tally_.told += told ? 1 : 0;
      tally_.borders += visible == Visible::border ? 1 : 0;
    }
    if (told && !printed_as(player.position, place)) complain("a wrong place");
    if (told && visible == Visible::no) complain("leak of " + ids_[slot]);
    if (!told && visible == Visible::yes) complain("wrongly hidden " + ids_[slot]);
    if (told) return;
    for (const char* secret :
         {"rotation", "velocity", "health", "weaponType", "weapons", "invulnerableUntil"})
      if (has(entry[secret])) complain("leak by a parked entry");
  }

  void smokes() {
    for (const Element zone : body_["smokeZones"].get_array()) {
      const auto printed = point(zone["position"]);
      ++tally_.smokes;
      bool known = false;
      for (const sim::Smoke& smoke : world_->smokes)
        known = known ||
                (printed && printed_as(smoke.position, *printed) && may_hear(smoke.position, 60.0));
      if (!known) complain("leak of smoke");
    }
  }

  // Whatever it is called: no pair of x and y is where a hidden enemy stands. Unless something else
  // may be seen in that very place: a hit (a point) or a projectile just thrown (2 px) can show
  // through a gap in which neither the middle of a body nor its two sides do.
  void look_for_hidden(Element element) {
    if (element.is_array()) {
      for (const Element child : element.get_array()) look_for_hidden(child);
    } else if (element.is_object()) {
      if (const auto at = point(element)) return no_hidden_at(*at);
      for (const auto& field : element.get_object()) look_for_hidden(field.value);
    }
  }

  // The place of a projectile that allowed() has passed, which is somebody's to two decimals and
  // not quite: in 10^8 updates that happens. One that was thrown just now has the very place.
  bool rolls_past(sim::Vec2 somebody) const {
    if (!name_.starts_with("projectile:")) return false;
    const auto place = exact();
    return place && (place->x != somebody.x || place->y != somebody.y);
  }

  void no_hidden_at(sim::Vec2 at) {
    for (std::size_t slot = 0; slot < ids_.size(); ++slot) {
      const sim::Player& player = world_->players[slot];
      // At whole numbers lie spawns and walls: a coincidence there tells nothing.
      const bool whole = std::floor(player.position.x) == player.position.x &&
                         std::floor(player.position.y) == player.position.y;
      if (!player.in_world || whole || !printed_as(player.position, at)) continue;
      if (may_see(static_cast<sim::Slot>(slot)) || may_see(player.position, 0.0) ||
          may_see(player.position, 2.0))
        continue;
      if (rolls_past(player.position)) continue;
      complain("the place of hidden " + ids_[slot]);
    }
  }

  const Ids& ids_;
  simdjson::dom::parser parser_;
  Tally tally_;
  std::string complaint_;
  std::array<std::map<std::string, sim::Slot>, sim::kMaxPlayers> owners_;  // of projectiles told of

  // The packet at hand.
  const sim::World* world_ = nullptr;
  const sim::Event* cause_ = nullptr;
  sim::Slot viewer_ = 0;
  std::string_view packet_;
  std::string_view name_;
  Element body_;
};

}  // namespace lobby
