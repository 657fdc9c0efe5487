// Hash, snapshot and restore of a match.
//
//   snapshot := magic fingerprint state sum
//   magic    := the 4 bytes "TSM2"
//   fingerprint, sum := 64 bits; of the map, and of all bytes before the sum
//   state    := the fields of Match::archive in order, as base/bytes.h writes them

#include <algorithm>
#include <bit>
#include <cmath>
#include <type_traits>

#include "base/bytes.h"
#include "match/match.h"
#include "sim/archive.h"
#include "sim/loadout.h"
#include "sim/weapons.h"

namespace match {
namespace {

constexpr std::uint32_t kMagic = 0x324d5354;  // "TSM2"

// A 64-bit hash by multiply and fold; the bits of doubles are hashed, so -0.0 differs from 0.0 as
// it does in play.
class Hasher {
 public:
  static constexpr bool kReads = false;

  void bits(std::uint64_t word) {
    state_ = (state_ ^ word) * 0x9e3779b97f4a7c15ULL;
    state_ ^= state_ >> 32u;
  }

  template <class T>
  void value(const T& x) {
    if constexpr (std::is_same_v<T, double>) {
      bits(std::bit_cast<std::uint64_t>(x));
    } else {
      bits(static_cast<std::uint64_t>(x));
    }
  }

  template <class List>
  void count(const List& list, std::size_t) {
    bits(list.size());
  }

  std::uint64_t result() const { return state_ ^ (state_ >> 29u); }

 private:
  std::uint64_t state_ = 0x243f6a8885a308d3ULL;
};

// Eight bytes at a time, for it is done four times a second in every lobby.
std::uint64_t hash_of(std::span<const std::uint8_t> bytes) {
  Hasher hasher;
  hasher.bits(bytes.size());
  base::ByteReader reader(bytes);
  for (std::size_t left = bytes.size(); left > 0;) {
    const std::size_t word = std::min<std::size_t>(left, 8);
    hasher.bits(reader.bits(word));
    left -= word;
  }
  return hasher.result();
}

std::uint64_t fingerprint_of(const sim::Map& map) {
  Hasher hasher;
  const auto point = [&](sim::Vec2 p) {
    hasher.value(p.x);
    hasher.value(p.y);
  };
  for (const sim::Wall& wall : map.walls) {
    point(wall.corner);
    hasher.value(wall.horizontal);
    hasher.value(wall.material);
    hasher.value(wall.tiles);
  }
  for (const auto* spawns : {&map.red_spawns, &map.blue_spawns}) {
    hasher.count(*spawns, 0);
    for (const sim::Vec2 spawn : *spawns) point(spawn);
  }
  return hasher.result();
}

bool in_arena(sim::Vec2 p) {
  return p.x >= 0.0 && p.x <= sim::kArenaWidth && p.y >= 0.0 && p.y <= sim::kArenaHeight;
}

bool sane(const sim::Player& player) {
  if (!player.in_world) return true;
  if (player.held != 0xff && player.held >= player.weapons.size()) return false;
  if (player.killer != sim::kNoSlot && player.killer >= sim::kMaxPlayers) return false;
  if (!in_arena(player.position) || player.health < 0.0 || player.health > sim::kMaxHealth)
    return false;
  if (player.step_credit < 0.0 || player.step_credit > 15.0 || player.heat < 0.0) return false;
  if (!sim::is_legal(player.loadout) || !sim::is_legal(player.next_loadout)) return false;
  for (const sim::Vec2 past : player.past) {
    if (!in_arena(past)) return false;
  }
  const auto& fresh = sim::fresh_weapons(player.loadout);
  if (fresh.size() != player.weapons.size()) return false;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const sim::WeaponState& weapon = player.weapons[i];
    if (weapon.id != fresh[i].id || weapon.ammo < 0 || weapon.ammo > fresh[i].ammo) return false;
    if (weapon.reserve < 0 || weapon.reserve > fresh[i].reserve) return false;
  }
  return true;
}

bool sane(const sim::Projectile& p) {
  const sim::WeaponKind kind = sim::weapon_info(p.type).kind;
  const bool flies = kind == sim::WeaponKind::projectile || kind == sim::WeaponKind::thrown;
  const bool moves = kind == sim::WeaponKind::thrown || p.velocity.x != 0.0 || p.velocity.y != 0.0;
  const auto slow = [](double speed) { return std::fabs(speed) <= 1000.0; };
  return flies && moves && slow(p.velocity.x) && slow(p.velocity.y) && p.owner < sim::kMaxPlayers &&
         in_arena(p.position);
}

bool sane(const sim::World& world) {
  for (const sim::Player& player : world.players) {
    if (!sane(player)) return false;
  }
  for (std::size_t i = 0; i < world.walls.size(); ++i) {
    const sim::WallState& wall = world.walls[i];
    const unsigned unreal = 0x1fu & ~((1u << world.map->walls[i].tiles) - 1u);
    if (wall.open > 0x1f || (wall.open & unreal) != unreal) return false;
    for (const double health : wall.health) {
      if (health < 0.0 || health > sim::slice_health(world.map->walls[i].material)) return false;
    }
  }
  for (const sim::Projectile& p : world.projectiles) {
    if (!sane(p)) return false;
  }
  for (const sim::Smoke& smoke : world.smokes) {
    if (!in_arena(smoke.position)) return false;
  }
  return true;
}

}  // namespace

constexpr std::uint64_t last_of(Phase) { return 2; }
constexpr std::uint64_t last_of(EndReason) { return 3; }

template <class Archive>
void Match::archive(Archive& a) {
  a.value(settings_.kill_limit);
  a.value(settings_.time_limit);
  a.value(settings_.friendly_fire);
  a.value(settings_.forfeit_after);
  a.value(phase_);
  a.value(started_at_);
  for (std::uint16_t& score : score_) a.value(score);
  for (bool& played : has_played_) a.value(played);
  for (Tick& since : empty_since_) a.value(since);
  bool ended = outcome_.has_value();
  a.value(ended);
  if (ended) {
    if (!outcome_) outcome_.emplace();
    bool won = outcome_->winner.has_value();
    a.value(won);
    Team winner = outcome_->winner.value_or(Team::red);
    a.value(winner);
    if constexpr (Archive::kReads) outcome_->winner = won ? std::optional(winner) : std::nullopt;
    a.value(outcome_->reason);
    a.value(outcome_->red);
    a.value(outcome_->blue);
    a.value(outcome_->duration);
  } else {
    outcome_.reset();
  }
  sim::archive(a, world_);
}

// Archives that do not read leave the match as it is.
std::uint64_t Match::hash() const {
  Hasher hasher;
  const_cast<Match*>(this)->archive(hasher);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  return hasher.result();
}

void Match::snapshot(std::vector<std::uint8_t>& out) const {
  out.clear();
  base::ByteWriter writer(out);
  writer.bits(kMagic, 4);
  writer.bits(fingerprint_of(map()), 8);
  const_cast<Match*>(this)->archive(writer);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  writer.bits(hash_of(out), 8);
}

base::Result<void> Match::restore(std::span<const std::uint8_t> bytes) {
  const auto wrong = [](const char* why) {
    return base::Error{"invalid", std::string("match snapshot: ") + why};
  };
  constexpr std::size_t kSum = 8;
  if (bytes.size() < kSum) return wrong("too short");
  const auto body = bytes.first(bytes.size() - kSum);
  if (base::ByteReader(bytes.last(kSum)).bits(8) != hash_of(body)) return wrong("damaged");
  base::ByteReader reader(body);
  if (reader.bits(4) != kMagic) return wrong("not one of this version");
  if (reader.bits(8) != fingerprint_of(map())) return wrong("of another map");
  Match loaded(world_.map, settings_, 0);
  loaded.archive(reader);
  if (!reader.ok() || !reader.at_end()) return wrong("malformed");
  if (!sane(loaded.world_)) return wrong("impossible state");
  loaded.events_ = std::move(events_);
  loaded.events_.clear();
  *this = std::move(loaded);
  return {};
}

}  // namespace match
