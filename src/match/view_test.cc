#include "match/view.h"

#include <gtest/gtest.h>

#include "match/match.h"
#include "sim/walls.h"

namespace match {
namespace {

using sim::Event;
using sim::EventKind;
using sim::Slot;
using sim::Vec2;

// Red 0 looks along y = 135 to the right; red 1 is his mate, behind him and looking away; blue 2 is
// in red 0's sight; blue 3 is behind a wall. The blues look away from everybody.
constexpr Slot kEyes = 0, kMate = 1, kSeen = 2, kHidden = 3;

sim::World scene() {
  auto map = std::make_shared<sim::Map>();
  map->walls.push_back({{190, 155}, true, sim::Material::concrete, 5});
  sim::index_map(*map);
  sim::World world;
  world.tick = 1000;
  world.walls.push_back(sim::fresh_wall(map->walls[0]));
  world.map = std::move(map);
  const auto put = [&](Slot slot, Team team, Vec2 at, double rotation) {
    sim::Player& player = world.players[slot];
    player.in_world = player.alive = true;
    player.team = team;
    player.position = at;
    player.rotation = rotation;
  };
  put(kEyes, Team::red, {150, 135}, 0.0);
  put(kMate, Team::red, {100, 135}, 3.14);
  put(kSeen, Team::blue, {250, 135}, 0.0);
  put(kHidden, Team::blue, {240, 185}, 0.0);
  return world;
}

Event event(EventKind kind, Slot slot, Slot other = sim::kNoSlot, Vec2 at = {}) {
  Event result;
  result.kind = kind;
  result.slot = slot;
  result.other = other;
  result.position = at;
  return result;
}

Knowledge known(Slot viewer, const Event& what) { return knowledge_of(scene(), viewer, what); }

TEST(View, S5_LivesAndDeathsOfTheHiddenAreNamesWithoutPlaces) {
  for (const auto kind :
       {EventKind::player_joined, EventKind::player_died, EventKind::player_respawned}) {
    EXPECT_EQ(known(kEyes, event(kind, kSeen)), Knowledge::full);
    EXPECT_EQ(known(kEyes, event(kind, kMate)), Knowledge::full);
    EXPECT_EQ(known(kEyes, event(kind, kHidden)), Knowledge::name_only);
    EXPECT_EQ(known(kHidden, event(kind, kHidden)), Knowledge::full);
  }
}

TEST(View, S5_ShotsOfTheHiddenAreNotTold) {
  for (const auto kind : {EventKind::shot_fired, EventKind::shot_missed, EventKind::shot_hit}) {
    EXPECT_EQ(known(kEyes, event(kind, kSeen)), Knowledge::full);
    EXPECT_EQ(known(kEyes, event(kind, kHidden)), Knowledge::nothing);
    EXPECT_EQ(known(kSeen, event(kind, kHidden)), Knowledge::full) << "a mate's";
  }
}

TEST(View, S5_AHitOnSomebodyHiddenIsAHitWithoutAPlace) {
  const Vec2 at_hidden{240, 180};
  EXPECT_EQ(known(kEyes, event(EventKind::shot_hit, kEyes, kSeen, {244, 135})), Knowledge::full);
  EXPECT_EQ(known(kEyes, event(EventKind::shot_hit, kEyes, kHidden, at_hidden)),
            Knowledge::name_only);
  EXPECT_EQ(known(kEyes, event(EventKind::shot_hit, kMate, kHidden, at_hidden)),
            Knowledge::name_only);
  EXPECT_EQ(known(kEyes, event(EventKind::shot_hit, kHidden, kEyes, {150, 140})),
            Knowledge::nothing);
  // Decision 5: hit where he stood in the shooter's picture, before he went behind the wall.
  EXPECT_EQ(known(kEyes, event(EventKind::shot_hit, kEyes, kHidden, {240, 150})), Knowledge::full);
}

TEST(View, S5_HealthIsAsSecretAsThePlace) {
  EXPECT_EQ(known(kEyes, event(EventKind::player_damaged, kSeen, kMate)), Knowledge::full);
  EXPECT_EQ(known(kEyes, event(EventKind::player_damaged, kHidden, kEyes)), Knowledge::name_only);
  EXPECT_EQ(known(kEyes, event(EventKind::player_damaged, kHidden, kMate)), Knowledge::nothing);
  EXPECT_EQ(known(kHidden, event(EventKind::player_damaged, kHidden, kEyes)), Knowledge::full);
}

TEST(View, WallsAndTheMatchAreEverybodys) {
  for (const auto kind :
       {EventKind::wall_damaged, EventKind::wall_destroyed, EventKind::player_left,
        EventKind::match_started, EventKind::match_ended}) {
    EXPECT_EQ(known(kEyes, event(kind, kHidden)), Knowledge::full);
  }
}

TEST(View, OwnThingsAreOnesOwn) {
  for (const auto kind : {EventKind::weapon_switched, EventKind::weapon_reloaded, EventKind::heat,
                          EventKind::flash}) {
    EXPECT_EQ(known(kEyes, event(kind, kEyes)), Knowledge::full);
    EXPECT_EQ(known(kEyes, event(kind, kMate, kEyes)), Knowledge::nothing);
    EXPECT_EQ(known(kEyes, event(kind, kSeen, kEyes)), Knowledge::nothing);
  }
}

TEST(View, ProjectilesAreSeenOrOnesOwn) {
  for (const auto kind : {EventKind::projectile_created, EventKind::projectile_moved}) {
    EXPECT_EQ(known(kEyes, event(kind, kHidden, sim::kNoSlot, {240, 140})), Knowledge::full);
    EXPECT_EQ(known(kEyes, event(kind, kHidden, sim::kNoSlot, {240, 185})), Knowledge::nothing);
    EXPECT_EQ(known(kEyes, event(kind, kEyes, sim::kNoSlot, {240, 185})), Knowledge::full);
  }
  sim::Projectile projectile;
  projectile.owner = kHidden;
  projectile.position = {240, 185};
  EXPECT_FALSE(knows_projectile(scene(), kEyes, projectile));
  EXPECT_TRUE(knows_projectile(scene(), kHidden, projectile));
}

TEST(View, ExplosionsAndSmokeAreKnownWithin200Px) {
  Event blast = event(EventKind::explosion, kHidden, sim::kNoSlot, {150, 265});
  blast.value = 40.0;
  EXPECT_EQ(known(kEyes, blast), Knowledge::full) << "130 px away, behind the shoulder";
  blast.position = {360, 200};
  EXPECT_EQ(known(kEyes, blast), Knowledge::nothing) << "220 px away";
  EXPECT_EQ(known(kHidden, blast), Knowledge::full);
  sim::Smoke smoke;
  smoke.position = {350, 135};
  EXPECT_TRUE(knows_smoke(scene(), kEyes, smoke));
  smoke.position = {351, 135};
  EXPECT_TRUE(knows_smoke(scene(), kEyes, smoke)) << "out of earshot, but its rim is in sight";
  smoke.position = {460, 135};
  EXPECT_FALSE(knows_smoke(scene(), kEyes, smoke));
}

TEST(View, StrangersToTheWorldKnowNoPlaces) {
  constexpr Slot kOutside = 7;
  EXPECT_EQ(known(kOutside, event(EventKind::player_died, kSeen)), Knowledge::name_only);
  EXPECT_EQ(known(kOutside, event(EventKind::shot_fired, kSeen)), Knowledge::nothing);
  EXPECT_EQ(known(kOutside, event(EventKind::explosion, kSeen, sim::kNoSlot, {150, 135})),
            Knowledge::nothing);
  EXPECT_EQ(known(kOutside, event(EventKind::projectile_moved, kSeen, sim::kNoSlot, {150, 135})),
            Knowledge::nothing);
  EXPECT_EQ(known(sim::kNoSlot, event(EventKind::shot_fired, kSeen)), Knowledge::nothing);
}

}  // namespace
}  // namespace match
