// LINK: match
// A match under arbitrary commands: the bytes of the input are laid into Command field by field,
// any value included. After every tick what the rules promise must hold.

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "match/match.h"
#include "match/test_rabble.h"
#include "sim/walls.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

class Bytes {
 public:
  explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  bool empty() const { return bytes_.empty(); }
  std::uint8_t one() {
    if (bytes_.empty()) return 0;
    const std::uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  std::uint16_t two() { return static_cast<std::uint16_t>(one() | one() << 8); }
  // Mostly a coordinate of the arena, now and then any bits.
  double number() {
    const std::uint8_t kind = one();
    if (kind != 0xff) return kind * 2.0;
    std::uint64_t word = 0;
    for (int i = 0; i < 8; ++i) word = word << 8 | one();
    return std::bit_cast<double>(word);
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

sim::Command command_from(Bytes& in) {
  sim::Command c;
  c.kind = static_cast<sim::CommandKind>(in.one() % sim::kCommandKinds);
  c.slot = in.one();
  if (c.slot < 0xf0) c.slot %= 8;
  switch (c.kind) {
    case sim::CommandKind::join:
      c.team = static_cast<sim::Team>(in.one() % 2);
      c.loadout.primary = static_cast<sim::WeaponId>(in.one() % sim::kWeaponCount);
      c.loadout.secondary = static_cast<sim::WeaponId>(in.one() % sim::kWeaponCount);
      for (auto& id : c.loadout.support)
        id = static_cast<sim::WeaponId>(in.one() % sim::kWeaponCount);
      break;
    case sim::CommandKind::input:
      c.keys = in.two();
      c.sequence = in.two();
      c.point = {in.number(), in.number()};
      break;
    case sim::CommandKind::fire:
      c.weapon = static_cast<sim::WeaponId>(in.one() % sim::kWeaponCount);
      c.charge = in.one();
      c.flag = (in.one() & 1) != 0;
      c.flag2 = (in.one() & 1) != 0;
      c.view_delay = in.one();
      c.sequence = in.two();
      c.point = {in.number(), in.number()};
      c.angle = in.number();
      break;
    case sim::CommandKind::switch_weapon:
      c.weapon = static_cast<sim::WeaponId>(in.one() % sim::kWeaponCount);
      break;
    case sim::CommandKind::ads:
      c.flag = (in.one() & 1) != 0;
      break;
    default:
      break;
  }
  return c;
}

bool in_arena(sim::Vec2 p) {
  return p.x >= 0 && p.x <= sim::kArenaWidth && p.y >= 0 && p.y <= sim::kArenaHeight;
}

bool stands_free(const sim::World& world, sim::Vec2 p) {
  const auto cell = static_cast<std::size_t>(p.y / sim::kCell) * sim::kMapColumns +
                    static_cast<std::size_t>(p.x / sim::kCell);
  const int code = world.map->slice_at[cell];
  return code < 0 || !sim::blocks(world.walls[static_cast<std::size_t>(code >> 3)], code & 7);
}

void check(const sim::World& world) {
  for (const sim::Player& player : world.players) {
    if (!player.in_world) continue;
    require(in_arena(player.position) && stands_free(world, player.position));
    require(std::isfinite(player.rotation) && player.health >= 0 &&
            player.health <= sim::kMaxHealth);
    require(player.alive == (player.health > 0));
    for (const sim::WeaponState& weapon : player.weapons)
      require(weapon.ammo >= 0 && weapon.reserve >= 0);
  }
  for (const sim::Projectile& p : world.projectiles)
    require(in_arena(p.position) && std::isfinite(p.velocity.x));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto map = match::test::field();
  Bytes in({data, size});
  match::Settings settings;
  settings.kill_limit = 1 + in.one() % 4;
  settings.friendly_fire = (in.one() & 1) != 0;
  match::Match game(map, settings, in.one());
  std::vector<sim::Command> commands;
  std::vector<std::uint8_t> stored;
  while (!in.empty()) {
    commands.clear();
    for (int count = in.one() % 12; count > 0 && !in.empty(); --count)
      commands.push_back(command_from(in));
    game.step(commands);
    for (int idle = in.one() % 64; idle > 0; --idle) game.step({});
    check(game.world());
  }
  game.snapshot(stored);
  match::Match copy(map, {}, 0);
  require(copy.restore(stored).ok() && copy.hash() == game.hash());
  return 0;
}
