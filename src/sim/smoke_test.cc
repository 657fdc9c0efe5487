#include "sim/smoke.h"

#include <gtest/gtest.h>

#include "sim/test_scene.h"

namespace sim {
namespace {

using test::Scene;

struct Row {
  double age, radius, density;
  double at0, at30, at60;  // opacity
};

TEST(Smoke, S1_RadiusDensityAndOpacityByAge) {
  const Row rows[] = {
      {375, 34.6875, .059375, .0594, .0337, 0},  {750, 52.5, .2375, .2375, .1696, 0},
      {1125, 59.0625, .534375, .5344, .3987, 0}, {1500, 60, .95, .95, .7125, .475},
      {13000, 60, .95, .95, .7125, .475},        {13500, 60, .890625, .8906, .6680, .4453},
      {14000, 60, .7125, .7125, .5344, .3562},   {14500, 60, .415625, .4156, .3117, .2078}};
  for (const Row& row : rows) {
    const SmokeShape shape = smoke_shape(row.age);
    EXPECT_NEAR(shape.radius, row.radius, 1e-9) << row.age;
    EXPECT_NEAR(shape.density, row.density, 1e-9) << row.age;
    const SmokeDisc disc{{100, 100}, shape.radius, shape.density};
    EXPECT_NEAR(opacity_of(disc, {100, 100}), row.at0, 1e-4) << row.age;
    EXPECT_NEAR(opacity_of(disc, {130, 100}), row.at30, 1e-4) << row.age;
    EXPECT_NEAR(opacity_of(disc, {100, 160}), row.at60, 1e-4) << row.age;
  }
  EXPECT_EQ(smoke_shape(15000).radius, 0.0);
  EXPECT_EQ(smoke_shape(-1).radius, 0.0);
}

// 12.2 #23: a zone starts from nothing, and its centre is a number.
TEST(Smoke, StartsClean) {
  EXPECT_EQ(smoke_shape(0).radius, 0.0);
  EXPECT_EQ(opacity_of({{0, 0}, 0.0, 0.0}, {0, 0}), 0.0);
}

TEST(Smoke, S2_OpacitiesAddUpToOne) {
  const SmokeDiscs discs = {{{220, 135}, 60, 0.95}, {{260, 135}, 60, 0.95}};
  EXPECT_EQ(opacity_at(discs, {240, 135}), 1.0);
}

TEST(Smoke, LivesFor900Ticks) {
  Scene scene;
  add_smoke(scene.world(), 5, {240, 135});
  scene.steps(899);
  ASSERT_EQ(scene.world().smokes.size(), 1U);
  EXPECT_EQ(smoke_discs(scene.world()).size(), 1U);
  scene.step();
  EXPECT_TRUE(scene.world().smokes.empty());
}

// Decision 20.
TEST(Smoke, TheOldestOf32GivesWay) {
  Scene scene;
  for (std::uint32_t id = 1; id <= 40; ++id) add_smoke(scene.world(), id, {240, 135});
  EXPECT_EQ(scene.world().smokes.size(), 32U);
  EXPECT_EQ(scene.world().smokes.front().id, 9U);
}

}  // namespace
}  // namespace sim
