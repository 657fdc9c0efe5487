#include "lobby/bot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "lobby/bot_loadout.h"
#include "lobby/bot_names.h"
#include "lobby/bot_test_bench.h"
#include "sim/loadout.h"
#include "sim/walls.h"

namespace lobby {
namespace {

using sim::CommandKind;

std::shared_ptr<const sim::Map> hand_map(std::vector<sim::Wall> walls, std::vector<sim::Vec2> red,
                                         std::vector<sim::Vec2> blue) {
  auto map = sim::map_from_walls("hand", std::move(walls), std::move(red), std::move(blue));
  EXPECT_TRUE(map.ok()) << map.error().message;
  return std::make_shared<const sim::Map>(std::move(*map));
}

match::Settings endless() {
  match::Settings settings;
  settings.kill_limit = 60000;
  return settings;
}

// A body in the second seat that a test moves by hand.
class Dummy {
 public:
  explicit Dummy(sim::Slot slot) : slot_(slot) {}
  void join(std::vector<sim::Command>& out, sim::Team team,
            sim::Loadout loadout = sim::default_loadout()) {
    sim::Command& join = add(out, CommandKind::join);
    join.team = team;
    join.loadout = loadout;
  }
  void input(std::vector<sim::Command>& out, std::uint16_t keys, sim::Vec2 mouse) {
    sim::Command& input = add(out, CommandKind::input);
    input.keys = keys;
    input.point = mouse;
    input.sequence = ++sequence_;
  }
  void fire(std::vector<sim::Command>& out, sim::WeaponId weapon, sim::Vec2 at) {
    sim::Command& fire = add(out, CommandKind::fire);
    fire.weapon = weapon;
    fire.flag = true;
    fire.point = at;
    fire.sequence = ++sequence_;
  }

 private:
  sim::Command& add(std::vector<sim::Command>& out, CommandKind kind) {
    sim::Command& command = out.emplace_back();
    command.kind = kind;
    command.slot = slot_;
    return command;
  }
  sim::Slot slot_;
  std::uint32_t sequence_ = 0;
};

bool same(const sim::Command& a, const sim::Command& b) {
  return a.kind == b.kind && a.slot == b.slot && a.team == b.team && a.weapon == b.weapon &&
         a.charge == b.charge && a.flag == b.flag && a.keys == b.keys && a.sequence == b.sequence &&
         a.point == b.point && a.loadout == b.loadout;
}

TEST(BotNames, AreManyDifferentAndClearlyBots) {
  const std::set<std::string_view> names(bot_names().begin(), bot_names().end());
  EXPECT_GE(names.size(), 40u);
  EXPECT_EQ(names.size(), bot_names().size());
  for (const std::string_view name : names) {
    EXPECT_TRUE(name.starts_with("Bot ")) << name;
    EXPECT_LE(name.size(), 16u);
  }
  EXPECT_EQ(Bot(7).name(), Bot(7).name());
  EXPECT_NE(Bot(7).name(), Bot(8).name());
}

TEST(BotLoadouts, AreLegalAndVaried) {
  sim::Random random(1);
  std::set<sim::WeaponId> primaries;
  for (int i = 0; i < 300; ++i) {
    const sim::Loadout loadout = bot_loadout(random);
    EXPECT_TRUE(sim::is_legal(loadout));
    primaries.insert(loadout.primary);
  }
  EXPECT_EQ(primaries.size(), 5u);
}

TEST(BotSkills, UnknownSkillIsNormal) {
  EXPECT_EQ(Bot(1, "hard").skill(), BotSkill::hard);
  EXPECT_EQ(Bot(1, "easy").skill(), BotSkill::easy);
  EXPECT_EQ(Bot(1, "godlike").skill(), BotSkill::normal);
}

// Seven bots that may choose: they fill both sides evenly.
TEST(Bot, L10_JoinsTheSmallerTeam) {
  match::Match match(shipped_map("foundry"), endless(), 1);
  const auto navigation = std::make_shared<Navigation>();
  std::vector<Bot> bots;
  for (std::uint64_t i = 0; i < 8; ++i) bots.emplace_back(i, "normal", navigation);
  std::vector<sim::Command> commands;
  for (int tick = 0; tick < 20; ++tick) {
    commands.clear();
    for (sim::Slot slot = 0; slot < 8; ++slot) bots[slot].think(match, slot, commands);
    match.step(commands);
  }
  const auto& players = match.world().players;
  EXPECT_EQ(std::count_if(players.begin(), players.end(), [](const auto& p) { return p.in_world; }),
            8);
  EXPECT_EQ(std::count_if(players.begin(), players.end(),
                          [](const auto& p) { return p.team == sim::Team::red; }),
            4);
}

// Wire contract 7.3: one number an input, one a shot, no gaps; so each input is worth one step and
// all is acknowledged.
TEST(Bot, L10_NumbersInputsAndShotsAsAClientDoes) {
  BotBench bench(shipped_map("gardens"), endless(), 2);
  bench.fill(8, "normal", "normal");
  bench.start();
  std::array<std::uint32_t, 8> last{};
  int inputs = 0;
  int shots = 0;
  int shots_fired = 0;
  for (int tick = 0; tick < 3600; ++tick) {
    bench.tick();
    std::array<bool, 8> moved{};
    for (const sim::Command& command : bench.commands()) {
      if (command.kind == CommandKind::join) last[command.slot] = 0;
      if (command.kind != CommandKind::input && command.kind != CommandKind::fire) continue;
      ASSERT_EQ(command.sequence, last[command.slot] + 1);
      last[command.slot] = command.sequence;
      if (command.kind == CommandKind::input) {
        ++inputs;
        EXPECT_FALSE(moved[command.slot]) << "two inputs in one tick";
        moved[command.slot] = true;
        EXPECT_EQ(bench.player(command.slot).sequence, command.sequence);
        EXPECT_TRUE(command.point.x >= 0 && command.point.x <= 480 && command.point.y >= 0 &&
                    command.point.y <= 270);
      } else {
        ++shots;
      }
    }
    for (const sim::Event& event : bench.match().events())
      shots_fired += event.kind == sim::EventKind::shot_fired;
  }
  EXPECT_GT(inputs, 8 * 2000);
  EXPECT_GT(shots, 300);
  EXPECT_GE(shots_fired, shots * 98 / 100)
      << "shots that the rules refuse: " << shots - shots_fired;
}

// S5: an enemy out of sight changes nothing of what bots do. Two runs, in which the hidden one does
// different things.
TEST(Bot, S5_ActsOnNoHiddenEnemy) {
  const auto map = shipped_map("foundry");
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    BotBench one(map, endless(), seed);
    BotBench other(map, endless(), seed);
    Dummy enemy_of_one(2);
    Dummy enemy_of_other(2);
    for (BotBench* bench : {&one, &other}) {
      bench->add("hard", sim::Team::red);
      bench->add("normal", sim::Team::red);
      bench->start();
    }
    for (int tick = 0; tick < 1800; ++tick) {
      const auto script = [&](BotBench& bench, Dummy& enemy, bool restless,
                              std::vector<sim::Command>& out) {
        if (!bench.player(2).in_world) return enemy.join(out, sim::Team::blue);
        const sim::Key step = tick / 40 % 2 == 0 ? sim::kKeyW : sim::kKeyS;
        const std::uint16_t key = restless ? static_cast<std::uint16_t>(step) : std::uint16_t{0};
        enemy.input(out, key, {bench.player(2).position.x, restless ? 200.0 : 10.0});
      };
      one.tick([&](auto& out) { script(one, enemy_of_one, true, out); });
      other.tick([&](auto& out) { script(other, enemy_of_other, false, out); });
      ASSERT_TRUE(std::ranges::equal(one.commands(), other.commands(), same))
          << "seed " << seed << " tick " << tick;
      compared += one.player(2).position != other.player(2).position;
      bool seen = false;
      for (const BotBench* bench : {&one, &other}) {
        for (const sim::Slot bot : {0, 1}) seen = seen || bench->match().sees(bot, 2);
      }
      if (seen) break;
    }
  }
  EXPECT_GT(compared, 1500) << "ticks in which the hidden enemy stood elsewhere";
}

// ... but a seen one does. The proof that the test above can fail.
TEST(Bot, ActsOnAnEnemyInView) {
  const auto map = hand_map({}, {{100, 135}}, {{180, 135}});
  BotBench bench(map, endless(), 3);
  bench.add("normal", sim::Team::red);
  Dummy enemy(1);
  bench.start();
  int hits = 0;
  for (int tick = 0; tick < 600; ++tick) {
    bench.tick([&](auto& out) {
      if (!bench.player(1).in_world) return enemy.join(out, sim::Team::blue);
      enemy.input(out, 0, {470, 135});
    });
    for (const sim::Event& event : bench.match().events()) {
      hits += event.kind == sim::EventKind::player_damaged && event.slot == 1;
    }
  }
  EXPECT_GT(hits, 3);
}

// From the first sight of an enemy to the first shot passes at least three quarters of the reaction
// time.
TEST(Bot, NeedsTimeToReact) {
  const auto map = hand_map({}, {{100, 135}}, {{200, 135}});
  for (const char* skill : {"easy", "normal", "hard"}) {
    const auto reaction = traits_of(*bot_skill_from(skill)).reaction;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      BotBench bench(map, endless(), seed);
      bench.add(skill, sim::Team::red);
      Dummy enemy(1);
      bench.start();
      std::optional<sim::Tick> seen;
      bool shot = false;
      for (int tick = 0; tick < 900 && !shot; ++tick) {
        bench.tick([&](auto& out) {
          if (!bench.player(1).in_world) return enemy.join(out, sim::Team::blue);
          enemy.input(out, 0, {470, 135});
        });
        for (const sim::Event& event : bench.match().events())
          shot = shot || event.kind == sim::EventKind::shot_fired;
        const sim::Tick now = bench.match().world().tick;
        if (shot) {
          ASSERT_TRUE(seen.has_value());
          EXPECT_GE(now - *seen, reaction * 3 / 4);
        }
        if (!seen && bench.player(1).in_world && bench.match().sees(0, 1)) seen = now;
      }
      EXPECT_TRUE(shot) << skill << " seed " << seed;
    }
  }
}

// A spawn in a closet of wood: there is no other way than through the wall.
TEST(Bot, ShootsItsWayOutOfAWoodenRoom) {
  std::vector<sim::Wall> walls;
  const auto wood = sim::Material::wood;
  for (int i = 0; i < 3; ++i) {
    walls.push_back({{100.0 + 50 * i, 80}, true, wood, 5});
    walls.push_back({{100.0 + 50 * i, 190}, true, wood, 5});
  }
  for (int i = 0; i < 2; ++i) {
    walls.push_back({{100, 90.0 + 50 * i}, false, wood, 5});
    walls.push_back({{240, 90.0 + 50 * i}, false, wood, 5});
  }
  const auto map = hand_map(walls, {{175, 135}}, {{435, 155}});
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    BotBench bench(map, endless(), seed);
    bench.add("normal", sim::Team::red);
    bench.start();
    bool out = false;
    for (int tick = 0; tick < 1800 && !out; ++tick) {
      bench.tick();
      const sim::Vec2 p = bench.player(0).position;
      out = bench.player(0).in_world && (p.x < 100 || p.x > 250 || p.y < 80 || p.y > 200);
    }
    EXPECT_TRUE(out) << "seed " << seed;
  }
}

// Shot down to a quarter of its health by an enemy in the open, with a wall near by.
TEST(Bot, TakesCoverWhenHurt) {
  const auto concrete = sim::Material::concrete;
  const auto map = hand_map({{{140, 70}, false, concrete, 5}, {{140, 150}, false, concrete, 5}},
                            {{125, 135}}, {{235, 135}});
  int covered = 0;
  int trials = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    BotBench bench(map, endless(), seed);
    bench.add("normal", sim::Team::red);
    Dummy enemy(1);
    bench.start();
    std::optional<int> hurt;
    bool hidden = false;
    for (int tick = 0; tick < 900; ++tick) {
      bench.tick([&](auto& out) {
        if (!bench.player(1).in_world) return enemy.join(out, sim::Team::blue);
        const sim::Vec2 bot = bench.player(0).position;
        enemy.input(out, 0, bot);
        if (tick % 6 == 0 && bench.player(0).health > 30)
          enemy.fire(out, sim::WeaponId::rifle, bot);
      });
      if (!bench.player(1).alive || !bench.player(0).alive) break;
      if (!hurt && bench.player(0).in_world && bench.player(0).health <= 30 &&
          bench.match().sees(0, 1))
        hurt = tick;
      if (!hurt) continue;
      hidden = hidden || !bench.match().sees(1, 0);
      if (tick - *hurt > 150) break;
    }
    if (!hurt || !bench.player(1).alive) continue;  // it won the duel instead
    ++trials;
    covered += hidden;
  }
  EXPECT_GE(trials, 10);
  EXPECT_GE(covered * 10, trials * 6) << covered << " of " << trials;
}

TEST(Bot, SaysNothingOnceTheMatchIsOver) {
  match::Settings settings;
  settings.kill_limit = 1;
  BotBench bench(shipped_map("foundry"), settings, 9);
  bench.fill(8, "hard", "hard");
  bench.start();
  bench.play(36000);
  ASSERT_EQ(bench.match().phase(), match::Phase::over);
  bench.tick();
  EXPECT_TRUE(bench.commands().empty());
}

}  // namespace
}  // namespace lobby
