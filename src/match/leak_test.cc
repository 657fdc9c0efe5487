// The leak checker (issue 3, S5): what Match says a player may know against
// match/reference_sight.h, over long matches in which walls are shot down. TRESPASSER_LEAK_UPDATES
// sets the number of entity updates (one update = what one viewer is told of one player in one
// state); the default is 10^7 in optimised builds.

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "match/match.h"
#include "match/reference_sight.h"
#include "match/testing_walkers.h"
#include "sim/sight.h"
#include "sim/walls.h"

namespace match {
namespace {

using reference::Visible;
using sim::EventKind;
using sim::Vec2;

#ifdef NDEBUG
constexpr std::uint64_t kDefaultUpdates = 10'000'000;
#else
constexpr std::uint64_t kDefaultUpdates = 300'000;
#endif
constexpr Tick kMatchLength = 18'000;  // ticks: five minutes, then a fresh match on the next map
constexpr const char* kMaps[] = {"foundry", "gardens"};

std::uint64_t updates_wanted() {
  const char* text = std::getenv("TRESPASSER_LEAK_UPDATES");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : kDefaultUpdates;
}

std::shared_ptr<const sim::Map> map_number(std::size_t number) {
  return testing::load_map(std::string(TRESPASSER_SOURCE_DIR) + "/maps",
                           kMaps[number % std::size(kMaps)]);
}

struct Tally {
  std::uint64_t updates = 0;
  std::uint64_t enemies_seen = 0;
  std::uint64_t enemies_hidden = 0;
  std::uint64_t borders = 0;  // hang on less than 1e-6: either answer is right
  std::uint64_t leaks = 0;
  std::uint64_t wrongly_hidden = 0;

  void count(bool told, Visible truth) {
    ++updates;
    (told ? enemies_seen : enemies_hidden) += 1;
    if (truth == Visible::border) ++borders;
    if (told && truth == Visible::no) ++leaks;
    if (!told && truth == Visible::yes) ++wrongly_hidden;
  }
};

std::string describe(const sim::World& world, Slot viewer, Slot target) {
  const sim::Player& a = world.players[viewer];
  const sim::Player& b = world.players[target];
  return "tick " + std::to_string(world.tick) + " viewer " + std::to_string(viewer) + " (" +
         std::to_string(a.position.x) + "," + std::to_string(a.position.y) + ") facing " +
         std::to_string(a.rotation) + " target " + std::to_string(target) + " (" +
         std::to_string(b.position.x) + "," + std::to_string(b.position.y) + ")";
}

void check_players(const Match& match, Tally& tally) {
  const sim::World& world = match.world();
  for (Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
    if (!world.players[viewer].in_world) continue;
    for (Slot target = 0; target < sim::kMaxPlayers; ++target) {
      const bool ours =
          viewer == target || world.players[viewer].team == world.players[target].team;
      if (ours && world.players[target].in_world) {
        ++tally.updates;
        ASSERT_TRUE(match.sees(viewer, target)) << describe(world, viewer, target);
        continue;
      }
      const std::uint64_t wrong = tally.leaks + tally.wrongly_hidden;
      tally.count(match.sees(viewer, target), reference::reference_visible(world, viewer, target));
      ASSERT_EQ(tally.leaks + tally.wrongly_hidden, wrong) << describe(world, viewer, target);
    }
  }
}

// What an event gives away at most, by the words of docs/protocol-sight.md: `certainly` must be
// told in full, what not `possibly` may be told in full must not be.
struct Bounds {
  bool certainly = false;
  bool possibly = false;
};

Bounds from(Visible visible) { return {visible == Visible::yes, visible != Visible::no}; }
Bounds either(Bounds a, Bounds b) { return {a.certainly || b.certainly, a.possibly || b.possibly}; }
Bounds both(Bounds a, Bounds b) { return {a.certainly && b.certainly, a.possibly && b.possibly}; }
Bounds certain(bool value) { return {value, value}; }

Bounds heard(const sim::World& world, Slot viewer, Vec2 place, double radius) {
  const Vec2 own = world.players[viewer].position;
  const double distance = std::hypot(place.x - own.x, place.y - own.y);
  return either({distance <= 200.0 - reference::kSlack, distance <= 200.0 + reference::kSlack},
                from(reference::visible_place(world, viewer, place, radius)));
}

Bounds bounds_of(const sim::World& world, Slot viewer, const sim::Event& event) {
  const auto seen = [&](Slot slot) {
    return from(reference::reference_visible(world, viewer, slot));
  };
  switch (event.kind) {
    case EventKind::player_joined:
    case EventKind::player_died:
    case EventKind::player_respawned:
    case EventKind::player_damaged:
    case EventKind::shot_fired:
    case EventKind::shot_missed:
      return seen(event.slot);
    case EventKind::shot_hit:
      if (event.other == sim::kNoSlot) return seen(event.slot);
      return both(seen(event.slot),
                  either(seen(event.other),
                         from(reference::visible_place(world, viewer, event.position, 0.0))));
    case EventKind::weapon_switched:
    case EventKind::weapon_reloaded:
    case EventKind::heat:
    case EventKind::flash:
      return certain(viewer == event.slot);
    case EventKind::projectile_created:
    case EventKind::projectile_moved:
      return either(certain(viewer == event.slot),
                    from(reference::visible_place(world, viewer, event.position, 2.0)));
    case EventKind::projectile_exploded:
    case EventKind::explosion:
      return either(certain(viewer == event.slot),
                    heard(world, viewer, event.position, event.value));
    case EventKind::projectile_gone:
      return certain(false);
    case EventKind::player_left:
    case EventKind::wall_damaged:
    case EventKind::wall_destroyed:
    case EventKind::match_started:
    case EventKind::match_ended:
      return certain(true);
  }
  return {};
}

void check_events(const Match& match, std::uint64_t& checked) {
  const sim::World& world = match.world();
  for (const sim::Event& event : match.events()) {
    for (Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
      if (!world.players[viewer].in_world) continue;
      ++checked;
      const Bounds bounds = bounds_of(world, viewer, event);
      const Knowledge knowledge = match.knowledge(viewer, event);
      const bool full = knowledge == Knowledge::full;
      ASSERT_TRUE(bounds.possibly || !full)
          << "leak: event kind " << static_cast<int>(event.kind) << " of " << int{event.slot}
          << ", " << int{event.other} << " at " << event.position.x << "," << event.position.y
          << "; " << describe(world, viewer, event.slot % 8);
      ASSERT_TRUE(full || !bounds.certainly)
          << "withheld: event kind " << static_cast<int>(event.kind) << "; "
          << describe(world, viewer, event.slot % 8);
    }
  }
}

TEST(LeakChecker, S5_NobodyIsToldOfWhatHeDoesNotSee) {
  const std::uint64_t wanted = updates_wanted();
  Tally tally;
  std::uint64_t events = 0;
  std::uint64_t open_slices = 0;
  for (std::uint64_t round = 0; tally.updates < wanted; ++round) {
    auto map = map_number(round);
    ASSERT_NE(map, nullptr);
    Settings settings;
    settings.kill_limit = 0xffff;
    Match match(map, settings, round);
    testing::Walkers walkers(round * 7919 + 1);
    while (match.world().tick < kMatchLength && tally.updates < wanted) {
      match.step(walkers.next(match.world()));
      ASSERT_NO_FATAL_FAILURE(check_events(match, events));
      if (match.world().tick % sim::kSnapshotEvery == 0)
        ASSERT_NO_FATAL_FAILURE(check_players(match, tally));
    }
    for (std::size_t w = 0; w < map->walls.size(); ++w) {
      for (int slice = 0; slice < map->walls[w].tiles; ++slice) {
        open_slices += sim::blocks(match.world().walls[w], slice) ? 0 : 1;
      }
    }
  }
  EXPECT_EQ(tally.leaks, 0u);
  EXPECT_EQ(tally.wrongly_hidden, 0u);
  // The test is worth something only if all of this has happened.
  EXPECT_GT(tally.enemies_seen, tally.updates / 200);
  EXPECT_GT(tally.enemies_hidden, tally.updates / 10);
  EXPECT_LE(tally.borders, tally.updates / 100'000 + 1);
  EXPECT_GT(open_slices, 0u);
  RecordProperty("updates", std::to_string(tally.updates));
  std::printf(
      "%llu updates: %llu enemies seen, %llu hidden, %llu on a border; %llu event views; %llu "
      "slices shot open\n",
      static_cast<unsigned long long>(tally.updates),
      static_cast<unsigned long long>(tally.enemies_seen),
      static_cast<unsigned long long>(tally.enemies_hidden),
      static_cast<unsigned long long>(tally.borders), static_cast<unsigned long long>(events),
      static_cast<unsigned long long>(open_slices));
}

// A world nobody has played: everything anywhere, also where no player could get.
sim::World scrambled(const std::shared_ptr<const sim::Map>& map, sim::Random& random) {
  sim::World world;
  world.map = map;
  world.tick = 5000;
  for (const sim::Wall& wall : map->walls) {
    world.walls.push_back(sim::fresh_wall(wall));
    if (random.next() % 3 == 0) world.walls.back().open |= random.next() & sim::kAllSlices;
  }
  for (std::uint32_t i = random.next() % 4; i > 0; --i) {
    world.smokes.push_back(
        {i, {480.0 * random.uniform(), 270.0 * random.uniform()}, 5000 - random.next() % 890});
  }
  for (Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    sim::Player& player = world.players[slot];
    player.in_world = player.alive = true;
    player.team = slot % 2 == 0 ? Team::red : Team::blue;
    player.position = {10 + 460 * random.uniform(), 10 + 250 * random.uniform()};
    player.rotation = (random.uniform() * 2.0 - 1.0) * 3.14159;
  }
  return world;
}

TEST(LeakChecker, AgreesOnScrambledWorlds) {
  sim::Random random(99);
  Tally tally;
  const std::uint64_t wanted = kDefaultUpdates / 20;
  for (std::size_t round = 0; tally.updates < wanted; ++round) {
    const auto map = map_number(round);
    ASSERT_NE(map, nullptr);
    for (int i = 0; i < 500; ++i) {
      const sim::World world = scrambled(map, random);
      for (Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
        for (Slot target = viewer % 2 == 0 ? 1 : 0; target < sim::kMaxPlayers; target += 2) {
          tally.count(sim::can_see(world, viewer, target),
                      reference::reference_visible(world, viewer, target));
          ASSERT_EQ(tally.leaks + tally.wrongly_hidden, 0u) << describe(world, viewer, target);
        }
      }
    }
  }
  EXPECT_GT(tally.enemies_seen, tally.updates / 100);
}

// As plain as can be: steps of 1/50 px along the line, looking whether each lies in a standing
// slice.
bool marches_into_a_wall(const sim::World& world, Vec2 from, Vec2 to) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  const int steps = static_cast<int>(length * 50.0) + 1;
  for (int i = 0; i <= steps; ++i) {
    const Vec2 at{from.x + (to.x - from.x) * i / steps, from.y + (to.y - from.y) * i / steps};
    for (std::size_t w = 0; w < world.walls.size(); ++w) {
      const sim::Wall& wall = world.map->walls[w];
      const double along = wall.horizontal ? at.x - wall.corner.x : at.y - wall.corner.y;
      const double across = wall.horizontal ? at.y - wall.corner.y : at.x - wall.corner.x;
      if (across < 0.0 || across > 10.0 || along < 0.0 || along >= 10.0 * wall.tiles) continue;
      if ((world.walls[w].open & (1 << static_cast<int>(along / 10.0))) == 0) return true;
    }
  }
  return false;
}

TEST(LeakChecker, TheReferenceAgreesWithMarching) {
  sim::Random random(5);
  int clear = 0;
  int blocked = 0;
  for (int i = 0; i < 40; ++i) {
    const sim::World world = scrambled(map_number(static_cast<std::size_t>(i)), random);
    for (Slot a = 0; a + 1 < sim::kMaxPlayers; ++a) {
      const Vec2 from = world.players[a].position;
      const Vec2 far = world.players[a + 1].position;
      const double part = std::min(1.0, 60.0 / std::hypot(far.x - from.x, far.y - from.y));
      const Vec2 to{from.x + (far.x - from.x) * part, from.y + (far.y - from.y) * part};
      const bool marched = marches_into_a_wall(world, from, to);
      // Marching may step over a corner thinner than a step, and nothing else.
      if (marched) {
        ++blocked;
        EXPECT_TRUE(reference::detail::wall_between(world, from, to, 0.0));
      } else {
        ++clear;
        EXPECT_FALSE(reference::detail::wall_between(world, from, to, -0.02));
      }
    }
  }
  EXPECT_GT(clear, 30);
  EXPECT_GT(blocked, 30);
}

}  // namespace
}  // namespace match
