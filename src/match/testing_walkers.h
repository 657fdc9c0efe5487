#pragma once

// For tests and benchmarks: eight players who walk, aim, shoot walls down, throw smoke, leave and
// come back, all drawn from a seed. They know the world they play in, so that they may aim at
// enemies they do not see.

#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/png.h"
#include "match/match.h"
#include "sim/random.h"

namespace match::testing {

// A map of the maps folder, null when it is none.
inline std::shared_ptr<const sim::Map> load_map(const std::string& folder,
                                                const std::string& name) {
  std::ifstream file(folder + "/" + name + ".png", std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
  const auto image = base::decode_png(bytes);
  if (!image) return nullptr;
  auto map = sim::map_from_pixels(name, image->width, image->height, image->rgb);
  if (!map) return nullptr;
  return std::make_shared<const sim::Map>(std::move(*map));
}

class Walkers {
 public:
  explicit Walkers(std::uint64_t seed) : random_(seed) {}

  // The commands of the next tick, valid until the next call.
  const std::vector<sim::Command>& next(const sim::World& world) {
    commands_.clear();
    if (world.tick == 0) {
      for (Slot slot = 0; slot < sim::kMaxPlayers; ++slot) join(slot);
      commands_.push_back({});  // start
    }
    for (Slot slot = 0; slot < sim::kMaxPlayers; ++slot) play(world, slot);
    return commands_;
  }

 private:
  struct Walker {
    std::uint16_t keys = 0;
    sim::Vec2 aim{240, 135};
    sim::Vec2 goal{240, 135};
    std::uint32_t sequence = 0;
    int walk_left = 0;   // ticks until other keys
    int aim_left = 0;    // ticks until another goal
    int burst_left = 0;  // ticks of shooting left; below 0: of rest
    int away = 0;        // ticks until it comes back
  };

  std::uint32_t below(std::uint32_t limit) { return random_.next() % limit; }
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::uint32_t>(high - low + 1)));
  }

  sim::Command& add(Slot slot, sim::CommandKind kind) {
    sim::Command& command = commands_.emplace_back();
    command.kind = kind;
    command.slot = slot;
    return command;
  }

  void join(Slot slot) {
    using W = sim::WeaponId;
    static constexpr W kPrimaries[] = {W::rifle, W::smg, W::shotgun, W::battlerifle,
                                       W::sniperrifle};
    static constexpr W kSecondaries[] = {W::pistol, W::revolver, W::suppressedpistol};
    static constexpr std::array<W, 3> kSupport[] = {{W::machinegun, W::none, W::none},
                                                    {W::antimaterialrifle, W::none, W::none},
                                                    {W::rocket, W::smokegrenade, W::none},
                                                    {W::grenadelauncher, W::flashbang, W::none},
                                                    {W::smokegrenade, W::grenade, W::flashbang}};
    sim::Command& command = add(slot, sim::CommandKind::join);
    command.team = slot % 2 == 0 ? Team::red : Team::blue;
    command.loadout.primary = kPrimaries[below(std::size(kPrimaries))];
    command.loadout.secondary = kSecondaries[below(std::size(kSecondaries))];
    command.loadout.support = kSupport[below(std::size(kSupport))];
    walkers_[slot].sequence = 0;
  }

  void play(const sim::World& world, Slot slot) {
    Walker& walker = walkers_[slot];
    if (walker.away > 0) {
      if (--walker.away == 0) join(slot);
      return;
    }
    if (below(20'000) == 0) {
      walker.away = between(60, 1200);
      add(slot, sim::CommandKind::leave);
      return;
    }
    steer(world, slot, walker);
    sim::Command& input = add(slot, sim::CommandKind::input);
    input.keys = walker.keys;
    input.point = walker.aim;
    input.sequence = ++walker.sequence;
    handle_weapon(world.players[slot], slot, walker);
  }

  void steer(const sim::World& world, Slot slot, Walker& walker) {
    if (--walker.walk_left < 0) {
      static constexpr std::uint16_t kWays[] = {sim::kKeyW,
                                                sim::kKeyS,
                                                sim::kKeyA,
                                                sim::kKeyD,
                                                0,
                                                sim::kKeyW | sim::kKeyA,
                                                sim::kKeyW | sim::kKeyD,
                                                sim::kKeyS | sim::kKeyA,
                                                sim::kKeyS | sim::kKeyD};
      walker.keys = kWays[below(std::size(kWays))];
      if (below(3) == 0) walker.keys |= below(2) == 0 ? sim::kKeyShift : sim::kKeyCtrl;
      walker.walk_left = between(10, 90);
    }
    if (--walker.aim_left < 0) {
      walker.goal = {480.0 * random_.uniform(), 270.0 * random_.uniform()};
      if (below(2) == 0) {
        const sim::Player& other = world.players[(slot + 1 + 2 * below(4)) % sim::kMaxPlayers];
        if (other.in_world) walker.goal = other.position;
      }
      walker.aim_left = between(10, 60);
    }
    const auto approach = [](double from, double to) {  // what a mouse sends: quarters of a pixel
      return std::round((from + (to - from) * 0.25) * 4.0) / 4.0;
    };
    walker.aim = {approach(walker.aim.x, walker.goal.x), approach(walker.aim.y, walker.goal.y)};
  }

  void handle_weapon(const sim::Player& player, Slot slot, Walker& walker) {
    if (!player.in_world || player.held >= player.weapons.size()) return;
    const sim::WeaponState& held = player.weapons[player.held];
    if (below(200) == 0) {
      add(slot, sim::CommandKind::switch_weapon).weapon =
          player.weapons[below(static_cast<std::uint32_t>(player.weapons.size()))].id;
    }
    if (held.ammo == 0 && below(20) == 0) add(slot, sim::CommandKind::reload);
    if (below(300) == 0) add(slot, sim::CommandKind::ads).flag = !player.ads;
    if (--walker.burst_left < -60) walker.burst_left = between(5, 90);
    if (walker.burst_left > 0 && below(4) == 0) {
      sim::Command& fire = add(slot, sim::CommandKind::fire);
      fire.weapon = held.id;
      fire.charge = static_cast<std::uint8_t>(between(1, 5));
      fire.point = walker.aim;
      fire.flag = true;
      fire.view_delay = static_cast<std::uint16_t>(below(13));
      fire.sequence = ++walker.sequence;
    }
  }

  sim::Random random_;
  std::array<Walker, sim::kMaxPlayers> walkers_{};
  std::vector<sim::Command> commands_;
};

}  // namespace match::testing
