#include "lobby/navigation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "lobby/map_pool.h"
#include "sim/movement.h"
#include "sim/walls.h"

namespace lobby {
namespace {

sim::World world_on(std::shared_ptr<const sim::Map> map) {
  sim::World world;
  world.map = std::move(map);
  for (const sim::Wall& wall : world.map->walls) world.walls.push_back(sim::fresh_wall(wall));
  return world;
}

sim::World world_of(const std::string& name) {
  const auto pool = MapPool::load(std::filesystem::path(TRESPASSER_SOURCE_DIR) / "maps", name);
  EXPECT_TRUE(pool.ok()) << pool.error().message;
  return world_on(pool->default_map());
}

sim::World world_with(std::vector<sim::Wall> walls) {
  auto map = sim::map_from_walls("hand", std::move(walls), {{45, 85}}, {{435, 155}});
  EXPECT_TRUE(map.ok()) << map.error().message;
  return world_on(std::make_shared<const sim::Map>(std::move(*map)));
}

void open_slice(sim::World& world, std::size_t wall, int slice) {
  world.walls[wall].health[static_cast<std::size_t>(slice)] = 0;
  world.walls[wall].open = static_cast<std::uint8_t>(world.walls[wall].open | 1 << slice);
}

class NavigationOnMaps : public testing::TestWithParam<const char*> {};

TEST_P(NavigationOnMaps, GroundIsTheMovementRuleAlsoThroughFreshHoles) {
  sim::World world = world_of(GetParam());
  Navigation navigation;
  sim::Random random(7);
  for (int round = 0; round < 40; ++round) {
    navigation.refresh(world);
    for (int i = 0; i < 3000; ++i) {
      const sim::Vec2 p = {random.uniform() * 480, random.uniform() * 270};
      const bool clamped = p.x <= sim::kClampLeft || p.x >= sim::kClampRight ||
                           p.y <= sim::kClampTop || p.y >= sim::kClampBottom;
      const bool closed = clamped || sim::blocked(*world.map, world.walls, p);
      ASSERT_EQ(navigation.at(p) != Ground::free, closed)
          << p.x << "," << p.y << " round " << round;
    }
    for (int i = 0; i < 6; ++i) {
      open_slice(world, random.next() % world.walls.size(), static_cast<int>(random.next() % 5));
    }
  }
}

// Walks a route square by square and reports the kinds of ground under it.
struct Walk {
  Square end;
  int squares = 0;
  int soft = 0;
  bool straight = true;
  bool closed = false;
};
Walk walk(const Navigation& navigation, Square from, const Route& route) {
  Walk result{from};
  for (const Square corner : route) {
    const int dx = column_of(corner) - column_of(result.end);
    const int dy = row_of(corner) - row_of(result.end);
    if (dx != 0 && dy != 0 && std::abs(dx) != std::abs(dy)) result.straight = false;
    const int n = std::max(std::abs(dx), std::abs(dy));
    for (int i = 1; i <= n; ++i) {
      const Square s =
          square_of(column_of(result.end) + dx * i / n, row_of(result.end) + dy * i / n);
      ++result.squares;
      if (navigation.at(s) == Ground::soft) ++result.soft;
      if (navigation.at(s) == Ground::closed) result.closed = true;
    }
    result.end = corner;
  }
  return result;
}

TEST_P(NavigationOnMaps, RoutesRunStraightOverOpenGroundToTheirGoal) {
  const sim::World world = world_of(GetParam());
  Navigation navigation;
  navigation.refresh(world);
  ASSERT_GE(navigation.posts().size(), 30u);
  sim::Random random(11);
  int with_soft = 0;
  for (int i = 0; i < 300; ++i) {
    const Square from = navigation.posts()[random.next() % navigation.posts().size()];
    const Square to = navigation.posts()[random.next() % navigation.posts().size()];
    if (from == to) continue;
    for (const bool through_soft : {false, true}) {
      Square at = from;
      for (int leg = 0; leg < 4 && at != to; ++leg) {  // a long route comes in pieces
        const Route route =
            navigation.route(at, to, {.taste = random.next(), .through_soft = through_soft});
        ASSERT_FALSE(route.empty());
        const Walk result = walk(navigation, at, route);
        EXPECT_TRUE(result.straight);
        EXPECT_FALSE(result.closed);
        if (!through_soft) {
          EXPECT_EQ(result.soft, 0);
        }
        with_soft += result.soft > 0 ? 1 : 0;
        at = result.end;
      }
      EXPECT_EQ(at, to);
    }
  }
  EXPECT_GT(with_soft, 10);
}

INSTANTIATE_TEST_SUITE_P(Maps, NavigationOnMaps, testing::Values("depot", "foundry", "gardens"),
                         [](const auto& tested) { return std::string(tested.param); });

// A wall of five slices with a hole in the fourth: the way leads through the hole.
TEST(Navigation, SingleOpenSliceIsADoor) {
  std::vector<sim::Wall> walls;
  for (int i = 0; i < 5; ++i) walls.push_back({{200, 50.0 * i}, false, sim::Material::concrete, 5});
  walls.push_back({{200, 250}, false, sim::Material::concrete, 2});
  sim::World world = world_with(walls);
  Navigation navigation;
  navigation.refresh(world);
  const Square from = square_at({100, 100});
  const Square to = square_at({300, 100});
  EXPECT_TRUE(navigation.route(from, to, {}).empty());
  open_slice(world, 2, 3);  // y 130..140
  navigation.refresh(world);
  const Route route = navigation.route(from, to, {});
  ASSERT_FALSE(route.empty());
  EXPECT_EQ(walk(navigation, from, route).end, to);
  EXPECT_FALSE(walk(navigation, from, route).closed);
}

TEST(Navigation, WoodIsPassableAtAPriceAndNamesTheSliceToShoot) {
  std::vector<sim::Wall> walls;
  for (int i = 0; i < 5; ++i) walls.push_back({{200, 50.0 * i}, false, sim::Material::wood, 5});
  walls.push_back({{200, 250}, false, sim::Material::wood, 2});
  const sim::World world = world_with(walls);
  Navigation navigation;
  navigation.refresh(world);
  const Square from = square_at({152, 122});
  const Square to = square_at({252, 122});
  EXPECT_TRUE(navigation.route(from, to, {.through_soft = false}).empty());
  const Route route = navigation.route(from, to, {});
  ASSERT_FALSE(route.empty());
  EXPECT_EQ(walk(navigation, from, route).soft, 4);
  const auto barrier = navigation.barrier(world, square_at({197, 122}));
  ASSERT_TRUE(barrier.has_value());
  EXPECT_EQ(barrier->wall, 2);
  EXPECT_EQ(barrier->slice, 2);
  EXPECT_EQ(barrier->centre, (sim::Vec2{205, 125}));
  EXPECT_FALSE(navigation.barrier(world, square_at({152, 122})).has_value());
}

TEST(Navigation, LinesAreClearUnlessASliceStandsOnThem) {
  sim::World world = world_with({{{200, 100}, false, sim::Material::glass, 5}});
  Navigation navigation;
  navigation.refresh(world);
  EXPECT_FALSE(navigation.clear_line({100, 125}, {300, 125}));
  EXPECT_FALSE(navigation.clear_line({300, 125}, {100, 125}));
  EXPECT_FALSE(navigation.clear_line({190, 95}, {260, 155}));
  EXPECT_TRUE(navigation.clear_line({100, 95}, {300, 95}));
  EXPECT_TRUE(navigation.clear_line({100, 125}, {195, 125}));
  EXPECT_TRUE(navigation.clear_line({205, 60}, {205, 95}));
  open_slice(world, 0, 2);
  navigation.refresh(world);
  EXPECT_TRUE(navigation.clear_line({100, 125}, {300, 125}));
}

TEST(Navigation, CoverIsOutOfTheLineOfEveryThreat) {
  const sim::World world = world_of("foundry");
  Navigation navigation;
  navigation.refresh(world);
  sim::Random random(3);
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    const Square from = navigation.posts()[random.next() % navigation.posts().size()];
    std::vector<sim::Vec2> threats;
    for (int k = 0; k < 2; ++k) {
      threats.push_back(centre_of(navigation.posts()[random.next() % navigation.posts().size()]));
    }
    const auto cover = navigation.cover(from, threats, 120);
    if (!cover) continue;
    ++found;
    EXPECT_EQ(navigation.at(*cover), Ground::free);
    for (const sim::Vec2& threat : threats)
      EXPECT_FALSE(navigation.clear_line(threat, centre_of(*cover)));
  }
  EXPECT_GT(found, 100);
}

}  // namespace
}  // namespace lobby
