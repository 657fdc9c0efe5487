#include "match/replay.h"

#include <gtest/gtest.h>

#include <limits>

#include "match/testing_walkers.h"

namespace match {
namespace {

std::shared_ptr<const sim::Map> foundry() {
  return testing::load_map(std::string(TRESPASSER_SOURCE_DIR) + "/maps", "foundry");
}

ReplayHeader header_for(const sim::Map& map, std::uint64_t seed) {
  ReplayHeader header;
  header.seed = seed;
  header.map_hash = map_hash(map);
  header.map_name = map.name;
  header.settings.kill_limit = 30;
  header.settings.time_limit = 60 * sim::kTickRate;
  return header;
}

struct Recorded {
  std::vector<std::uint8_t> bytes;
  std::vector<std::vector<sim::Command>> commands;
  std::uint64_t hash = 0;
};

Recorded record(const std::shared_ptr<const sim::Map>& map, std::uint64_t seed, Tick ticks) {
  const ReplayHeader header = header_for(*map, seed);
  Match match(map, header.settings, seed);
  testing::Walkers walkers(seed);
  Recorder recorder(header);
  Recorded recorded;
  const auto take = [&] {
    recorded.bytes.insert(recorded.bytes.end(), recorder.bytes().begin(), recorder.bytes().end());
    recorder.drop();
  };
  for (Tick tick = 0; tick < ticks; ++tick) {
    if (tick % 100 == 7)
      recorder.name(static_cast<Slot>(tick % 8), "Player \xf0\x9f\x94\xab " + std::to_string(tick));
    const auto& commands = walkers.next(match.world());
    match.step(commands);
    recorder.tick(commands, match);
    recorded.commands.push_back(commands);
    if (tick % 77 == 0) take();
  }
  recorder.finish(match);
  take();
  recorded.hash = match.hash();
  return recorded;
}

void expect_same(const sim::Command& a, const sim::Command& b) {
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.slot, b.slot);
  EXPECT_EQ(a.sequence, b.sequence);
  EXPECT_EQ(a.keys, b.keys);
  EXPECT_EQ(a.point, b.point);
  if (a.kind == sim::CommandKind::fire || a.kind == sim::CommandKind::switch_weapon)
    EXPECT_EQ(a.weapon, b.weapon);
  EXPECT_EQ(a.flag, b.flag);
  EXPECT_EQ(a.view_delay, b.view_delay);
  EXPECT_EQ(a.charge, b.charge);
  EXPECT_EQ(a.team, b.team);
  EXPECT_EQ(a.loadout, b.loadout);
}

TEST(Replay, CommandsAndNamesComeBackAsTheyWere) {
  const auto map = foundry();
  ASSERT_NE(map, nullptr);
  const Recorded recorded = record(map, 3, 600);
  auto reader = ReplayReader::open(recorded.bytes);
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  EXPECT_EQ(reader->header().seed, 3u);
  EXPECT_EQ(reader->header().map_name, "foundry");
  EXPECT_EQ(reader->header().settings.kill_limit, 30);
  EXPECT_EQ(reader->header().settings.time_limit, 3600u);
  ReplayTick tick;
  std::size_t names = 0;
  for (const auto& expected : recorded.commands) {
    auto more = reader->next(tick);
    ASSERT_TRUE(more.ok() && *more);
    ASSERT_EQ(tick.commands.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) expect_same(tick.commands[i], expected[i]);
    EXPECT_EQ(tick.hash.has_value(), (reader->ticks() - 1) % kReplayHashEvery == 0);
    for (const ReplayName& name : tick.names) EXPECT_EQ(name.name.substr(0, 7), "Player ");
    names += tick.names.size();
  }
  EXPECT_EQ(names, 6u);
  auto end = reader->next(tick);
  ASSERT_TRUE(end.ok()) << end.error().message;
  EXPECT_FALSE(*end);
  EXPECT_EQ(reader->final_hash(), recorded.hash);
}

TEST(Replay, VerifiesAndNamesTheTickThatDiffers) {
  const auto map = foundry();
  const Recorded recorded = record(map, 4, 1200);
  const auto ticks = verify_replay(recorded.bytes, map);
  ASSERT_TRUE(ticks.ok()) << ticks.error().message;
  EXPECT_EQ(*ticks, 1200u);

  auto other_seed = recorded.bytes;
  other_seed[5] ^= 1;
  const auto differs = verify_replay(other_seed, map);
  ASSERT_FALSE(differs.ok());
  EXPECT_EQ(differs.error().code, "conflict");
  EXPECT_EQ(differs.error().message, "the match went another way before tick 1");

  const auto other_map = testing::load_map(std::string(TRESPASSER_SOURCE_DIR) + "/maps", "gardens");
  EXPECT_EQ(verify_replay(recorded.bytes, other_map).error().code, "conflict");
}

TEST(Replay, MayBeginInTheMiddleOfAMatch) {
  const auto map = foundry();
  ReplayHeader header = header_for(*map, 9);
  Match match(map, header.settings, 9);
  testing::Walkers walkers(9);
  for (int i = 0; i < 500; ++i) match.step(walkers.next(match.world()));
  match.snapshot(header.initial);
  Recorder recorder(header);
  for (int i = 0; i < 500; ++i) {
    const auto& commands = walkers.next(match.world());
    match.step(commands);
    recorder.tick(commands, match);
  }
  recorder.finish(match);
  const auto ticks = verify_replay(recorder.bytes(), map);
  ASSERT_TRUE(ticks.ok()) << ticks.error().message;
  EXPECT_EQ(*ticks, 500u);
}

TEST(Replay, OddNumbersAreNotRounded) {
  const auto map = foundry();
  const ReplayHeader header = header_for(*map, 1);
  const Match match(map, header.settings, 1);
  const double odd[] = {0.1,        -0.0, 1e300,       -1e-300, 479.99999999999994,
                        1.0 / 64.0, -3.5, 16777216.25, 5e-324,  std::numeric_limits<double>::max()};
  Recorder recorder(header);
  std::vector<sim::Command> commands;
  for (const double number : odd) {
    sim::Command& command = commands.emplace_back();
    command.kind = sim::CommandKind::fire;
    command.slot = 2;
    command.point = {number, -number};
    command.angle = number;
    command.flag2 = true;
    command.sequence = 0xffffffffu;
    command.view_delay = 0xffff;
    command.charge = 255;
  }
  recorder.tick(commands, match);
  recorder.finish(match);
  auto reader = ReplayReader::open(recorder.bytes());
  ASSERT_TRUE(reader.ok());
  ReplayTick tick;
  ASSERT_TRUE(*reader->next(tick));
  ASSERT_EQ(tick.commands.size(), std::size(odd));
  for (std::size_t i = 0; i < std::size(odd); ++i) {
    EXPECT_EQ(std::signbit(tick.commands[i].point.x), std::signbit(odd[i]));
    EXPECT_EQ(tick.commands[i].angle, odd[i]);
    expect_same(tick.commands[i], commands[i]);
  }
}

TEST(Replay, EveryCutIsAnError) {
  const auto map = foundry();
  const Recorded recorded = record(map, 5, 40);
  for (std::size_t length = 0; length < recorded.bytes.size(); ++length) {
    auto reader = ReplayReader::open(std::span(recorded.bytes).first(length));
    if (!reader) continue;
    ReplayTick tick;
    auto more = reader->next(tick);
    while (more.ok() && *more) more = reader->next(tick);
    ASSERT_FALSE(more.ok()) << length;
    EXPECT_EQ(more.error().code, "invalid");
  }
}

// A changed byte is refused, or read as other legal commands; it never gets anything illegal
// through.
TEST(Replay, EveryChangedByteIsRefusedOrLegal) {
  const auto map = foundry();
  const Recorded recorded = record(map, 6, 20);
  std::size_t refused = 0;
  for (std::size_t i = 0; i < recorded.bytes.size(); ++i) {
    for (const int change : {1, 0x80, 0xff}) {
      auto bytes = recorded.bytes;
      bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ change);
      auto reader = ReplayReader::open(bytes);
      if (!reader) {
        ++refused;
        continue;
      }
      ReplayTick tick;
      auto more = reader->next(tick);
      for (; more.ok() && *more; more = reader->next(tick)) {
        for (const sim::Command& command : tick.commands) {
          ASSERT_LT(static_cast<unsigned>(command.kind), sim::kCommandKinds);
          ASSERT_TRUE(command.slot < sim::kMaxPlayers || command.slot == sim::kNoSlot);
          ASSERT_LT(static_cast<int>(command.weapon), sim::kWeaponCount);
          ASSERT_TRUE(std::isfinite(command.point.x) && std::isfinite(command.point.y) &&
                      std::isfinite(command.angle));
          ASSERT_LE(command.keys, 0xfff);
        }
      }
      if (!more.ok()) ++refused;
    }
  }
  EXPECT_GT(refused, recorded.bytes.size());
}

TEST(Replay, MapHashIsOfTheGround) {
  const auto map = foundry();
  sim::Map other = *map;
  other.name = "elsewhere";
  EXPECT_EQ(map_hash(other), map_hash(*map));
  other.walls[3].material = sim::Material::glass;
  EXPECT_NE(map_hash(other), map_hash(*map));
  other = *map;
  other.red_spawns[0].x += 10;
  EXPECT_NE(map_hash(other), map_hash(*map));
}

}  // namespace
}  // namespace match
