#include "replay/event_text.h"

#include <cstdio>
#include <string_view>

#include "sim/weapons.h"

namespace replay_tool {
namespace {

using sim::EventKind;

std::string_view kind_name(EventKind kind) {
  switch (kind) {
    case EventKind::player_joined:
      return "player_joined";
    case EventKind::player_left:
      return "player_left";
    case EventKind::weapon_switched:
      return "weapon_switched";
    case EventKind::weapon_reloaded:
      return "weapon_reloaded";
    case EventKind::heat:
      return "heat";
    case EventKind::shot_fired:
      return "shot_fired";
    case EventKind::shot_hit:
      return "shot_hit";
    case EventKind::shot_missed:
      return "shot_missed";
    case EventKind::wall_damaged:
      return "wall_damaged";
    case EventKind::wall_destroyed:
      return "wall_destroyed";
    case EventKind::player_died:
      return "player_died";
    case EventKind::player_damaged:
      return "player_damaged";
    case EventKind::player_respawned:
      return "player_respawned";
    case EventKind::projectile_created:
      return "projectile_created";
    case EventKind::projectile_moved:
      return "projectile_moved";
    case EventKind::projectile_exploded:
      return "projectile_exploded";
    case EventKind::projectile_gone:
      return "projectile_gone";
    case EventKind::explosion:
      return "explosion";
    case EventKind::flash:
      return "flash";
    case EventKind::match_started:
      return "match_started";
    case EventKind::match_ended:
      return "match_ended";
  }
  return "unknown";
}

class Line {
 public:
  explicit Line(std::string begin) : text_(std::move(begin)) {}

  Line& add(std::string_view key, std::string_view value) {
    text_.append(" ").append(key).append("=").append(value);
    return *this;
  }
  Line& add(std::string_view key, double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.6g", value);
    return add(key, std::string_view(buffer));
  }
  Line& add(std::string_view key, sim::Vec2 place) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.2f,%.2f", place.x, place.y);
    return add(key, std::string_view(buffer));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string_view team_name(sim::Team team) { return team == sim::Team::red ? "red" : "blue"; }

void add_wall(Line& line, const sim::Event& event) {
  line.add("wall", "wall_" + std::to_string(event.wall + 1)).add("slice", event.slice);
}

void add_details(Line& line, const sim::Event& event, const Names& names) {
  switch (event.kind) {
    case EventKind::player_joined:
    case EventKind::player_respawned:
      line.add("team", team_name(event.team)).add("at", event.position);
      break;
    case EventKind::weapon_switched:
      line.add("to", sim::weapon_name(event.weapon));
      break;
    case EventKind::weapon_reloaded:
      line.add("weapon", sim::weapon_name(event.weapon));
      break;
    case EventKind::heat:
      line.add("heat", event.value);
      break;
    case EventKind::shot_fired:
      line.add("weapon", sim::weapon_name(event.weapon))
          .add("from", event.position)
          .add("angle", event.angle);
      break;
    case EventKind::shot_hit:
      line.add("weapon", sim::weapon_name(event.weapon)).add("at", event.position);
      if (event.other != sim::kNoSlot)
        line.add("victim", names.of(event.other));
      else
        add_wall(line, event);
      break;
    case EventKind::shot_missed:
      line.add("weapon", sim::weapon_name(event.weapon)).add("end", event.position);
      break;
    case EventKind::wall_damaged:
    case EventKind::wall_destroyed:
      add_wall(line, event);
      line.add("damage", event.value).add("health", event.value2);
      break;
    case EventKind::player_died:
      line.add("killer", names.of(event.other))
          .add("weapon", sim::weapon_name(event.weapon))
          .add("at", event.position);
      break;
    case EventKind::player_damaged:
      line.add("by", names.of(event.other)).add("damage", event.value).add("health", event.value2);
      break;
    case EventKind::projectile_created:
    case EventKind::projectile_moved:
    case EventKind::projectile_exploded:
    case EventKind::projectile_gone:
      line.add("id", event.id)
          .add("type", sim::weapon_name(event.weapon))
          .add("at", event.position);
      break;
    case EventKind::explosion:
      line.add("at", event.position).add("radius", event.value).add("damage", event.value2);
      break;
    case EventKind::flash:
      line.add("by", names.of(event.other))
          .add("intensity", event.value)
          .add("distance", event.value2);
      break;
    case EventKind::player_left:
    case EventKind::match_started:
    case EventKind::match_ended:
      break;
  }
}

}  // namespace

Names::Names() {
  for (std::size_t slot = 0; slot < names_.size(); ++slot)
    names_[slot] = "slot " + std::to_string(slot);
}

std::string Names::of(sim::Slot slot) const {
  if (slot >= sim::kMaxPlayers) return "nobody";
  std::string name = names_[slot];
  for (char& letter : name) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte == 0x7f) letter = '?';
  }
  return '"' + name + '"';
}

std::string line_of(const sim::Event& event, sim::Tick tick, const Names& names) {
  char begin[48];
  std::snprintf(begin, sizeof begin, "%6u %8.2f ", tick, tick * sim::kStepSeconds);
  Line line(begin + std::string(kind_name(event.kind)));
  if (event.slot != sim::kNoSlot) line.add("who", names.of(event.slot));
  add_details(line, event, names);
  return line.take();
}

}  // namespace replay_tool
