// Random worlds and random inputs, sensible and not (issue 3 point 7): what holds in every tick,
// that kills are the credited deaths, that one run is like the other and a restored match like the
// one that was stored.

#include <gtest/gtest.h>

#include <bit>
#include <limits>

#include "match/test_rabble.h"
#include "match/testing_invariants.h"

namespace match {
namespace {

using sim::Command;
using sim::CommandKind;
using sim::EventKind;

#ifdef NDEBUG
constexpr std::uint64_t kWorlds = 60;
#else
constexpr std::uint64_t kWorlds = 15;
#endif
constexpr int kTicks = 900;

std::uint32_t below(sim::Random& random, std::uint32_t limit) { return random.next() % limit; }

// Walls of any material strewn over the arena, thin in one world and dense in another.
std::shared_ptr<const sim::Map> random_map(sim::Random& random) {
  static constexpr std::array<std::array<std::uint8_t, 3>, 4> kColours = {
      {{0x80, 0x80, 0x80}, {0x8b, 0x45, 0x13}, {0x40, 0x40, 0x40}, {0x87, 0xce, 0xeb}}};
  const std::uint32_t density = 1 + below(random, 9);  // percent
  for (;;) {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(sim::kMapColumns * sim::kMapRows * 3),
                                     0xff);
    const auto paint = [&pixels](std::uint32_t cell, std::array<std::uint8_t, 3> colour) {
      std::copy(colour.begin(), colour.end(), pixels.begin() + cell * 3);
    };
    const auto cells = static_cast<std::uint32_t>(sim::kMapColumns * sim::kMapRows);
    for (std::uint32_t cell = 0; cell < cells; ++cell)
      if (below(random, 100) < density) paint(cell, kColours[below(random, 4)]);
    paint(below(random, cells), {0xff, 0, 0});
    paint(below(random, cells), {0, 0, 0xff});
    auto map = sim::map_from_pixels("random", sim::kMapColumns, sim::kMapRows, pixels);
    if (map) return std::make_shared<const sim::Map>(std::move(*map));
  }
}

double any_number(sim::Random& random) {
  static constexpr double kOdd[] = {std::numeric_limits<double>::quiet_NaN(),
                                    std::numeric_limits<double>::infinity(),
                                    -std::numeric_limits<double>::infinity(),
                                    -0.0,
                                    1e308,
                                    -1e308,
                                    5e-324};
  switch (below(random, 4)) {
    case 0:
      return kOdd[below(random, std::size(kOdd))];
    case 1:
      return std::bit_cast<double>(std::uint64_t{random.next()} << 32u | random.next());
    default:
      return below(random, 500) - 10.0;
  }
}

// Any command with any bits in any field. Only what would end the run is left out.
Command any_command(sim::Random& random) {
  const auto weapon = [&] { return static_cast<sim::WeaponId>(below(random, sim::kWeaponCount)); };
  Command command;
  do {
    command.kind = static_cast<CommandKind>(below(random, sim::kCommandKinds));
  } while (command.kind == CommandKind::abandon ||
           (command.kind == CommandKind::leave && below(random, 20) != 0));
  command.slot = static_cast<Slot>(below(random, 10) == 0 ? random.next() : below(random, 8));
  command.team = static_cast<Team>(below(random, 2));
  command.weapon = weapon();
  command.charge = static_cast<std::uint8_t>(random.next());
  command.buttons = static_cast<std::uint8_t>(random.next());
  command.flag = below(random, 2) != 0;
  command.flag2 = below(random, 2) != 0;
  command.keys = static_cast<std::uint16_t>(random.next());
  command.view_delay = static_cast<std::uint16_t>(random.next());
  command.sequence = below(random, 2) != 0 ? random.next() : below(random, 1000);
  command.point = {any_number(random), any_number(random)};
  command.angle = any_number(random);
  command.loadout = {weapon(), weapon(), {weapon(), weapon(), weapon()}};
  return command;
}

// What the events say each player and each team has done.
struct Ledger {
  std::array<std::uint32_t, sim::kMaxPlayers> kills{};
  std::array<std::uint32_t, sim::kMaxPlayers> deaths{};
  std::array<std::uint32_t, 2> score{};
  std::uint32_t credited = 0;

  void read(const Match& match) {
    for (const sim::Event& event : match.events()) {
      if (event.kind == EventKind::match_started) *this = {};
      if (event.kind == EventKind::player_joined || event.kind == EventKind::player_left)
        kills[event.slot] = deaths[event.slot] = 0;
      if (event.kind != EventKind::player_died || match.phase() != Phase::playing) continue;
      ++deaths[event.slot];
      if (event.other >= sim::kMaxPlayers || event.team == event.team2) continue;
      ++kills[event.other];
      ++score[static_cast<std::size_t>(event.team)];
      ++credited;
    }
  }
};

void check_ledger(const Match& match, const Ledger& ledger) {
  for (Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const sim::Player& player = match.world().players[slot];
    if (!player.in_world) continue;
    ASSERT_EQ(player.kills, ledger.kills[slot]) << "slot " << int{slot};
    ASSERT_EQ(player.deaths, ledger.deaths[slot]) << "slot " << int{slot};
  }
  ASSERT_EQ(match.score(Team::red), ledger.score[0]);
  ASSERT_EQ(match.score(Team::blue), ledger.score[1]);
}

class RandomWorlds : public ::testing::Test {
 protected:
  // One world; a twin runs beside it from the start and a copy from somewhere on the way.
  void live(std::uint64_t seed) {
    sim::Random random(seed);
    const auto map = random_map(random);
    Settings settings;
    settings.kill_limit = 60000;
    settings.forfeit_after = kTicks;
    settings.friendly_fire = below(random, 2) != 0;
    Match match(map, settings, seed);
    Match twin(map, settings, seed);
    Match copy(map, {}, 999);
    const int copied_at = static_cast<int>(below(random, kTicks - 100));
    test::Rabble rabble(seed);
    Ledger ledger;
    std::vector<Command> commands;
    for (int tick = 0; tick < kTicks; ++tick) {
      commands = rabble.next(match.world());
      for (std::uint32_t odd = below(random, 4) == 0 ? below(random, 4) : 0; odd > 0; --odd)
        commands.insert(
            commands.begin() + below(random, static_cast<std::uint32_t>(commands.size() + 1)),
            any_command(random));
      match.step(commands);
      twin.step(commands);
      if (tick > copied_at) copy.step(commands);
      ASSERT_NO_FATAL_FAILURE(testing::check_world(match.world())) << "tick " << tick;
      ledger.read(match);
      ASSERT_NO_FATAL_FAILURE(check_ledger(match, ledger)) << "tick " << tick;
      ASSERT_EQ(twin.hash(), match.hash()) << "one run = the other, tick " << tick;
      if (tick == copied_at) {
        std::vector<std::uint8_t> stored;
        match.snapshot(stored);
        ASSERT_TRUE(copy.restore(stored).ok());
      }
      if (tick >= copied_at) {
        ASSERT_EQ(copy.hash(), match.hash()) << "restored = original, tick " << tick;
      }
    }
    credited_ += ledger.credited;
  }

  std::uint64_t credited_ = 0;
};

TEST_F(RandomWorlds, KeepTheirPromisesWhateverIsDoneToThem) {
  for (std::uint64_t seed = 1; seed <= kWorlds; ++seed) {
    SCOPED_TRACE("world " + std::to_string(seed));
    ASSERT_NO_FATAL_FAILURE(live(seed));
  }
  EXPECT_GT(credited_, kWorlds) << "else nothing has been said of kills";
}

}  // namespace
}  // namespace match
