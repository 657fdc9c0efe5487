#include "sim/sight.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sim/sight_polygon.h"
#include "sim/smoke.h"
#include "sim/test_maps.h"
#include "sim/trig.h"
#include "sim/walls.h"

namespace sim {
namespace {

World world_of(std::vector<Wall> walls) {
  World world;
  for (const Wall& wall : walls) world.walls.push_back(fresh_wall(wall));
  auto map = std::make_shared<Map>();
  map->walls = std::move(walls);
  index_map(*map);
  world.map = std::move(map);
  world.tick = 100'000;
  return world;
}

World shipped_map() {
  World world;
  world.map = test::map_a();
  for (const Wall& wall : world.map->walls) world.walls.push_back(fresh_wall(wall));
  world.tick = 100'000;
  return world;
}

World world_with(bool horizontal, double x, double y, Material material = Material::concrete,
                 int tiles = 5) {
  return world_of({Wall{{x, y}, horizontal, material, static_cast<std::uint8_t>(tiles)}});
}

std::vector<Vec2> polygon(const World& world, Vec2 from, double angle) {
  std::vector<Vec2> out;
  visibility_polygon(world, {from, direction(angle)}, out);
  return out;
}

double area(const std::vector<Vec2>& vertices) {
  double twice = 0.0;
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    const Vec2 a = vertices[i];
    const Vec2 b = vertices[(i + 1) % vertices.size()];
    twice += a.x * b.y - a.y * b.x;
  }
  return twice / 2.0;
}

double area_seen(const World& world, Vec2 from, double angle) {
  return area(polygon(world, from, angle));
}

void put_smoke(World& world, Vec2 at, Tick age) {
  world.smokes.push_back({1, at, world.tick - age});
}

constexpr Tick kFullGrown = 120;  // ticks: between the end of growth and the begin of fading

TEST(Sight, V1_EmptyArena) {
  const auto vertices = polygon(world_of({}), {240, 135}, 0.0);
  EXPECT_EQ(vertices.size(), 14u);
  EXPECT_NEAR(area(vertices), 26672.36, 0.01);
}

TEST(Sight, V1_DoesNotDependOnTheDirection) {
  const World world = world_of({});
  for (int i = -36; i <= 36; ++i) {
    const auto vertices = polygon(world, {240, 135}, i * kPi / 36.0 + 0.013);
    EXPECT_EQ(vertices.size(), 14u) << i;
    EXPECT_NEAR(area(vertices), 26672.36, 0.01) << i;
  }
}

struct WallVector {
  const char* id;
  bool horizontal;
  double x, y;
  unsigned open;
  Vec2 viewer;
  double area;
};

class SightVectors : public ::testing::TestWithParam<WallVector> {};

TEST_P(SightVectors, AreaWithinHalfAPercent) {
  const WallVector& v = GetParam();
  World world = world_with(v.horizontal, v.x, v.y);
  world.walls[0].open = static_cast<std::uint8_t>(v.open);
  EXPECT_NEAR(area_seen(world, v.viewer, 0.0), v.area, v.area * 0.005) << v.id;
}

INSTANTIATE_TEST_SUITE_P(
    Rules13_7, SightVectors,
    ::testing::Values(WallVector{"V2", false, 300, 110, 0, {240, 135}, 18126.78},
                      WallVector{"V3", false, 300, 110, 4, {240, 135}, 19695.29},
                      WallVector{"V4", false, 300, 110, 31, {240, 135}, 26672.36},
                      WallVector{"V7", true, 230, 130, 0, {240, 135}, 0.0},
                      WallVector{"V8", false, 246, 110, 0, {240, 135}, 62.35},
                      WallVector{"V9", true, 395, 100, 0, {240, 105}, 26634.03}),
    [](const auto& info) { return info.param.id; });

TEST(Sight, V5_WoodOpensAtHalfItsHealth) {
  World world = world_with(false, 300, 110, Material::wood);
  damage_slice(world.map->walls[0], world.walls[0], 2, 39.9);
  EXPECT_NEAR(area_seen(world, {240, 135}, 0.0), 18126.78, 90.0);
  damage_slice(world.map->walls[0], world.walls[0], 2, 0.1);
  EXPECT_NEAR(area_seen(world, {240, 135}, 0.0), 19695.29, 98.0);
}

TEST(Sight, V10_ShippedMap) {
  const World world = shipped_map();
  ASSERT_EQ(world.walls.size(), 79u);
  const struct {
    Vec2 viewer;
    double angle;
    double area;
  } views[] = {
      {{45, 85}, 0.0, 5251.0},   {{45, 85}, kPi / 2, 1811.6}, {{435, 155}, kPi, 5393.8},
      {{240, 110}, 0.0, 5530.7}, {{60, 240}, 0.0, 4607.4},
  };
  for (const auto& view : views) {
    EXPECT_NEAR(area_seen(world, view.viewer, view.angle), view.area, view.area * 0.005)
        << view.area;
  }
}

TEST(Sight, Decision15_ShortWallsHideOnlyTheirTrueLength) {
  const World pillar = world_with(false, 300, 130, Material::concrete, 1);
  EXPECT_FALSE(wall_between(pillar, {240, 150}, {340, 150}));  // would be hidden by a padded strip
  EXPECT_TRUE(wall_between(pillar, {240, 135}, {340, 135}));
}

TEST(Sight, StandingInAWallGivesThreeEqualVertices) {
  const auto vertices = polygon(world_with(true, 230, 130), {240, 135}, 0.0);
  ASSERT_EQ(vertices.size(),
            3u);  // fewer than three would lift the client's fog (wire contract 5.6)
  for (const Vec2& vertex : vertices) EXPECT_EQ(vertex, (Vec2{240, 135}));
}

TEST(Sight, S3_RayThroughOneFullZone) {
  const struct {
    double centre, end;
  } rays[] = {{100, 10}, {130, 15}, {150, 15},  {180, 35},
              {200, 55}, {240, 95}, {300, 155}, {321, 160}};
  for (const auto& ray : rays) {
    World world = world_of({});
    put_smoke(world, {ray.centre, 135}, kFullGrown);
    EXPECT_DOUBLE_EQ(ray_length(world, {100, 135}, {1, 0}), ray.end) << ray.centre;
  }
}

TEST(Sight, S3b_RayBesideTheCentre) {
  const struct {
    double dy, end;
  } rays[] = {{30, 45}, {50, 65}, {55, 75}, {58, 80}, {59, 85}};
  for (const auto& ray : rays) {
    World world = world_of({});
    put_smoke(world, {180, 135 + ray.dy}, kFullGrown);
    EXPECT_DOUBLE_EQ(ray_length(world, {100, 135}, {1, 0}), ray.end) << ray.dy;
  }
}

TEST(Sight, RayEndsAtTheNearerOfWallAndSmoke) {
  World world = world_with(false, 130, 110);
  EXPECT_DOUBLE_EQ(ray_length(world, {100, 135}, {1, 0}), 30.0);
  put_smoke(world, {180, 135}, kFullGrown);
  EXPECT_DOUBLE_EQ(ray_length(world, {100, 135}, {1, 0}), 30.0);
  world.walls[0].open = 4;
  EXPECT_DOUBLE_EQ(ray_length(world, {100, 135}, {1, 0}), 35.0);
}

TEST(Sight, SmokeAheadShortensThePolygon) {
  World world = world_of({});
  put_smoke(world, {340, 135}, kFullGrown);
  const auto vertices = polygon(world, {240, 135}, 0.0);
  double ahead = 160.0;  // the vertex nearest to straight ahead
  double best = 1.0;
  for (std::size_t i = 1; i < vertices.size(); ++i) {
    const Vec2 way{vertices[i].x - 240, vertices[i].y - 135};
    const double off = std::abs(std::atan2(way.y, way.x));
    if (off < best) {
      best = off;
      ahead = std::hypot(way.x, way.y);
    }
  }
  EXPECT_LT(best, 0.06);
  EXPECT_NEAR(ahead, 55.0, 0.5);  // S3: centre 100 px away
  EXPECT_LT(area(vertices), 26672.36 * 0.75);
  EXPECT_GT(area(vertices), 26672.36 * 0.4);  // both sides stay lit
}

TEST(Sight, PolygonVerticesFollowTheAngleAndStayInTheCone) {
  World world = shipped_map();
  put_smoke(world, {240, 135}, kFullGrown);
  Random random(7);
  for (int i = 0; i < 2000; ++i) {
    const Vec2 from{10 + 460 * random.uniform(), 10 + 250 * random.uniform()};
    const double angle = (random.uniform() * 2.0 - 1.0) * kPi;
    const auto vertices = polygon(world, from, angle);
    ASSERT_GE(vertices.size(), 3u);
    EXPECT_LE(vertices.size(), 256u);
    EXPECT_EQ(vertices[0], from);
    double before = -1.1;
    for (std::size_t k = 1; k < vertices.size(); ++k) {
      const Vec2 way{vertices[k].x - from.x, vertices[k].y - from.y};
      if (way == Vec2{}) continue;
      const double off = std::remainder(std::atan2(way.y, way.x) - angle, 2.0 * kPi);
      EXPECT_GE(off, before - 1e-6);
      EXPECT_LE(std::abs(off), kPi / 3.0 + 1e-6);
      EXPECT_LE(std::hypot(way.x, way.y), kViewDistance + 1e-6);
      before = off;
    }
  }
}

// The polygon and the rays are two algorithms: what one shows lit the other must reach.
TEST(Sight, PolygonAgreesWithRays) {
  const World world = shipped_map();
  Random random(11);
  for (int i = 0; i < 500; ++i) {
    const Vec2 from{10 + 460 * random.uniform(), 10 + 250 * random.uniform()};
    const double angle = (random.uniform() * 2.0 - 1.0) * kPi;
    const auto vertices = polygon(world, from, angle);
    double sectors = 0.0;  // area by 24,000 thin sectors
    constexpr int kRays = 24'000;
    for (int k = 0; k < kRays && i % 25 == 0; ++k) {
      const double length =
          ray_length(world, from, direction(angle + kViewAngle * ((k + 0.5) / kRays - 0.5)));
      sectors += length * length * (kViewAngle / kRays) / 2.0;
    }
    if (i % 25 == 0) {  // chords of 10 degrees lose up to 0.51 % of the arc
      EXPECT_LE(area(vertices), sectors * 1.001 + 0.5);
      EXPECT_GE(area(vertices), sectors * 0.9935 - 0.5);
    }
    for (std::size_t k = 1; k + 1 < vertices.size();
         ++k) {  // a point just inside each triangle of the fan is reached
      const Vec2 inside{from.x + (vertices[k].x + vertices[k + 1].x - 2 * from.x) * 0.4999,
                        from.y + (vertices[k].y + vertices[k + 1].y - 2 * from.y) * 0.4999};
      const double twice = std::abs((vertices[k].x - from.x) * (vertices[k + 1].y - from.y) -
                                    (vertices[k].y - from.y) * (vertices[k + 1].x - from.x));
      if (twice > 1e-3) EXPECT_FALSE(wall_between(world, from, inside)) << i << " " << k;
    }
  }
}

// 8.4 REC: who sees whom.

World duel(std::vector<Wall> walls, Vec2 viewer, double rotation, Vec2 target) {
  World world = world_of(std::move(walls));
  world.players[0].in_world = world.players[1].in_world = true;
  world.players[0].alive = world.players[1].alive = true;
  world.players[0].team = Team::red;
  world.players[1].team = Team::blue;
  world.players[0].position = viewer;
  world.players[0].rotation = rotation;
  world.players[1].position = target;
  return world;
}

TEST(CanSee, DistanceIs160PlusTheBody) {
  EXPECT_TRUE(can_see(duel({}, {100, 135}, 0, {266, 135}), 0, 1));
  EXPECT_FALSE(can_see(duel({}, {100, 135}, 0, {266.001, 135}), 0, 1));
}

TEST(CanSee, ConeIsWidenedByTheBody) {
  for (const double distance : {30.0, 60.0, 150.0}) {
    const double widened = kPi / 3.0 + std::asin(6.0 / distance);
    for (const double sign : {-1.0, 1.0}) {
      const auto at = [&](double angle) {
        return Vec2{200 + distance * std::cos(0.7 + sign * angle),
                    135 + distance * std::sin(0.7 + sign * angle)};
      };
      EXPECT_TRUE(can_see(duel({}, {200, 135}, 0.7, at(widened - 1e-9)), 0, 1)) << distance;
      EXPECT_FALSE(can_see(duel({}, {200, 135}, 0.7, at(widened + 1e-9)), 0, 1)) << distance;
    }
  }
}

TEST(CanSee, PointBlankBehindTheBackUnlessAWallIsBetween) {
  EXPECT_TRUE(can_see(duel({}, {200, 135}, 0, {180, 135}), 0, 1));
  EXPECT_FALSE(can_see(duel({}, {200, 135}, 0, {179.99, 135}), 0, 1));
  EXPECT_FALSE(can_see(
      duel({Wall{{185, 110}, false, Material::glass, 5}}, {201, 135}, 0, {181, 135}), 0, 1));
  World smoky = duel({}, {200, 135}, 0, {180, 135});
  put_smoke(smoky, {190, 135}, kFullGrown);
  EXPECT_TRUE(can_see(smoky, 0, 1));
}

TEST(CanSee, OnePointOfThreeIsEnough) {
  // The wall's end is at y = 135: centre and lower tangent point are hidden as long as they are
  // above it.
  const std::vector<Wall> wall{Wall{{150, 85}, false, Material::concrete, 5}};
  EXPECT_FALSE(can_see(duel(wall, {100, 125}, 0, {200, 125}), 0, 1));
  EXPECT_FALSE(can_see(duel(wall, {100, 131}, 0, {200, 131}), 0,
                       1));  // tangent point (200,137): ray passes y = 134.6
  EXPECT_TRUE(can_see(duel(wall, {100, 133}, 0, {200, 133}), 0, 1));  // ray enters at y = 136
  EXPECT_TRUE(can_see(duel(wall, {100, 136}, 0, {200, 136}), 0, 1));
}

TEST(CanSee, ThroughAHoleButNotThroughItsNeighbours) {
  World world = duel({Wall{{150, 110}, false, Material::concrete, 5}}, {100, 135}, 0, {200, 135});
  EXPECT_FALSE(can_see(world, 0, 1));
  world.walls[0].open = 1u << 2;
  EXPECT_TRUE(can_see(world, 0, 1));
  world.walls[0].open = 1u << 0;
  EXPECT_FALSE(can_see(world, 0, 1));
}

TEST(CanSee, SmokeHides) {
  World world = duel({}, {100, 135}, 0, {200, 135});
  put_smoke(world, {150, 135}, kFullGrown);
  EXPECT_FALSE(can_see(world, 0, 1));
  world.smokes[0].born = world.tick;  // just born: no radius yet
  EXPECT_TRUE(can_see(world, 0, 1));
}

TEST(CanSee, TeamMatesAndSelfAlwaysStrangersToTheWorldNever) {
  World world = duel({Wall{{150, 110}, false, Material::concrete, 5}}, {100, 135}, kPi, {400, 135});
  EXPECT_FALSE(can_see(world, 0, 1));
  EXPECT_TRUE(can_see(world, 0, 0));
  world.players[1].team = Team::red;
  EXPECT_TRUE(can_see(world, 0, 1));
  world.players[1].in_world = false;
  EXPECT_FALSE(can_see(world, 0, 1));
  world.players[1].in_world = true;
  world.players[0].in_world = false;
  EXPECT_FALSE(can_see(world, 0, 1));
  EXPECT_FALSE(can_see(world, kNoSlot, 1));
}

TEST(CanSee, TheDeadSeeFromTheirCorpse) {
  World world = duel({}, {100, 135}, 0, {200, 135});
  world.players[0].alive = false;
  EXPECT_TRUE(can_see(world, 0, 1));
  EXPECT_FALSE(can_see(world, 1, 0));  // looks to the right, the corpse lies to the left
}

TEST(CanSee, InsideAWallNothing) {
  EXPECT_FALSE(can_see(
      duel({Wall{{90, 110}, false, Material::concrete, 5}}, {95, 135}, 0, {99, 135}), 0, 1));
}

}  // namespace
}  // namespace sim
