#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "sim/loadout.h"
#include "sim/weapons.h"
#include "wire/decode.h"
#include "wire/names.h"

namespace wire {
namespace {

using json::Value;

constexpr double kPi = 3.14159265358979323846;

std::uint16_t key_bit(std::string_view name) {
  if (name.size() == 1) {
    switch (name[0]) {
      case 'w':
        return sim::kKeyW;
      case 'a':
        return sim::kKeyA;
      case 's':
        return sim::kKeyS;
      case 'd':
        return sim::kKeyD;
      case 'r':
        return sim::kKeyR;
      case 'g':
        return sim::kKeyG;
      case '1':
        return sim::kKey1;
      case '2':
        return sim::kKey2;
      case '3':
        return sim::kKey3;
      case '4':
        return sim::kKey4;
      default:
        return 0;
    }
  }
  if (name == "shift") return sim::kKeyShift;
  if (name == "ctrl") return sim::kKeyCtrl;
  return 0;
}

bool keys(Value& value, std::uint16_t& out) {
  out = 0;
  return json::each_member(value, [&](std::string_view name, Value& member) {
    const std::uint16_t bit = key_bit(name);
    if (bit == 0) return true;
    bool down = false;
    if (!json::boolean(member, down)) return false;
    out = static_cast<std::uint16_t>(down ? out | bit : out & ~bit);
    return true;
  });
}

sim::Vec2 in_arena(sim::Vec2 at) {
  return {std::clamp(at.x, 0.0, sim::kArenaWidth), std::clamp(at.y, 0.0, sim::kArenaHeight)};
}

// {x, y}, both needed; `rest` sees the other members.
template <class Rest>
bool read_point(Value& value, sim::Vec2& out, Rest&& rest) {
  bool x = false;
  bool y = false;
  const bool sound = json::each_member(value, [&](std::string_view name, Value& member) {
    if (name == "x") return x = json::number(member, out.x);
    if (name == "y") return y = json::number(member, out.y);
    return rest(name, member);
  });
  return sound && x && y;
}

// The client counts rendered frames from 0; anything but a whole number of 32 bits is not a
// counter.
bool counter(Value& value, std::uint32_t& out) {
  double exact = 0.0;
  if (!json::number(value, exact)) return false;
  if (exact < 0.0 || exact > std::numeric_limits<std::uint32_t>::max() ||
      exact != std::floor(exact))
    return false;
  out = static_cast<std::uint32_t>(exact);
  return true;
}

bool weapon(Value& value, sim::WeaponId& out) {
  std::string_view name;
  if (!json::view(value, name)) return false;
  const auto found = sim::weapon_from_name(name);
  if (found) out = *found;
  return found.has_value();
}

// What a loadout says. Nonsense in it makes it illegal (decision 17), not the message malformed;
// only broken JSON does.
struct WantedLoadout {
  sim::Loadout loadout;
  std::optional<sim::Team> team;
  bool legal = true;

  void carried(Value& value, sim::WeaponId& out) {
    out = sim::WeaponId::none;
    if (!json::is_null(value)) legal = weapon(value, out) && legal;
  }

  bool support(Value& value) {
    loadout.support.fill(sim::WeaponId::none);
    if (json::is_null(value)) return true;
    if (!json::is(value, json::Type::array)) {
      legal = false;
      return true;
    }
    std::size_t count = 0;
    return json::each_element(value, [&](Value& element) {
      sim::WeaponId id = sim::WeaponId::none;
      legal = weapon(element, id) && count < loadout.support.size() && legal;
      if (legal) loadout.support[count++] = id;
      return true;
    });
  }

  bool read(Value& value) {
    if (!json::is(value, json::Type::object)) {
      legal = false;
      return true;
    }
    return json::each_member(value, [&](std::string_view name, Value& member) {
      if (name == "primary") carried(member, loadout.primary);
      if (name == "secondary") carried(member, loadout.secondary);
      if (name == "support") return support(member);
      std::string_view text;
      if (name == "team") team = json::view(member, text) ? team_from_name(text) : std::nullopt;
      return true;
    });
  }
};

}  // namespace

bool decode_input(Value& value, sim::Command& out) {
  out.kind = sim::CommandKind::input;
  bool has_keys = false;
  bool has_mouse = false;
  bool has_sequence = false;
  const bool sound = json::each_member(value, [&](std::string_view name, Value& member) {
    if (name == "keys") return has_keys = keys(member, out.keys);
    if (name == "mouse") {
      return has_mouse = read_point(member, out.point, [&](std::string_view inner, Value& more) {
               return inner != "buttons" || json::clamped(more, 0, 7, out.buttons);
             });
    }
    if (name == "sequence") return has_sequence = counter(member, out.sequence);
    return true;
  });
  out.point = in_arena(out.point);
  return sound && has_keys && has_mouse && has_sequence;
}

bool decode_fire(Value& value, sim::Command& out) {
  out.kind = sim::CommandKind::fire;
  bool has_weapon = false;
  const bool sound = json::each_member(value, [&](std::string_view name, Value& member) {
    if (name == "weaponType") return has_weapon = weapon(member, out.weapon);
    if (json::is_null(member)) return true;
    if (name == "targetPosition") {
      return out.flag =
                 read_point(member, out.point, [](std::string_view, Value&) { return true; });
    }
    if (name == "direction") return out.flag2 = json::number(member, out.angle);
    if (name == "chargeLevel") return json::clamped(member, 1, 5, out.charge);
    if (name == "sequence") return counter(member, out.sequence);
    return true;
  });
  if (out.flag2) out.angle = std::remainder(out.angle, 2 * kPi);
  // A target outside the arena is none (decision 3) while there is a direction to go by; else the
  // nearest point in it.
  const sim::Vec2 inside = in_arena(out.point);
  if (out.flag && inside != out.point && out.flag2) out.flag = false;
  out.point = out.flag ? inside : sim::Vec2{};
  return sound && has_weapon;
}

bool decode_switch(Value& value, sim::Command& out) {
  out.kind = sim::CommandKind::switch_weapon;
  bool has_weapon = false;
  return json::each_member(value,
                           [&](std::string_view name, Value& member) {
                             if (name == "toWeapon") return has_weapon = weapon(member, out.weapon);
                             return true;
                           }) &&
         has_weapon;
}

// The held weapon is reloaded whatever the message names (rules 4.3); the name is only checked.
bool decode_reload(Value& value, sim::Command& out) {
  out.kind = sim::CommandKind::reload;
  return json::each_member(value, [&](std::string_view name, Value& member) {
    return name != "weaponType" || json::is_null(member) || weapon(member, out.weapon);
  });
}

bool decode_ads(Value& value, sim::Command& out) {
  out.kind = sim::CommandKind::ads;
  bool has_flag = false;
  return json::each_member(value,
                           [&](std::string_view name, Value& member) {
                             if (name == "isADS") return has_flag = json::boolean(member, out.flag);
                             return true;
                           }) &&
         has_flag;
}

bool decode_player_join(Value& value, PlayerJoin& out) {
  bool has_loadout = false;
  WantedLoadout wanted;
  const bool sound = json::each_member(value, [&](std::string_view name, Value& member) {
    if (name == "loadout") {
      has_loadout = true;
      return wanted.read(member);
    }
    if (name == "playerName" && !json::is_null(member)) {
      std::string_view text;
      if (!json::view(member, text)) return false;
      out.name = clean_name(text, kPlayerNameLimit);
    }
    return true;
  });
  out.team = wanted.team;
  out.loadout_legal = has_loadout && wanted.legal && sim::is_legal(wanted.loadout);
  out.loadout = out.loadout_legal ? wanted.loadout : sim::default_loadout();
  return sound;
}

bool decode_spawn_request(Value& value, SpawnRequest& out) {
  return json::each_member(value, [&](std::string_view name, Value& member) {
    if (name != "team" || json::is_null(member)) return true;
    std::string_view team;
    if (!json::view(member, team)) return false;
    out.team = team_from_name(team);
    return out.team.has_value();
  });
}

}  // namespace wire
