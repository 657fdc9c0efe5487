// S5: what everybody is told of a wall names nobody he does not see, nor the weapon: for every kind
// of wall event and every weapon that makes one.

#include <gtest/gtest.h>

#include "sim/weapons.h"
#include "wire/events.h"
#include "wire/test_json.h"
#include "wire/test_match.h"

namespace wire {
namespace {

using sim::Event;
using sim::EventKind;
using sim::WeaponId;
using test::kIds;
using test::ReadPacket;

constexpr sim::Slot kShooter = 0;
constexpr sim::Slot kMate = 1;    // sees the shooter wherever he is
constexpr sim::Slot kFoe = 2;     // stands before him
constexpr sim::Slot kHidden = 3;  // is behind the long wall

constexpr WeaponId kBreakers[] = {WeaponId::rifle,       WeaponId::smg,
                                  WeaponId::shotgun,     WeaponId::battlerifle,
                                  WeaponId::sniperrifle, WeaponId::pistol,
                                  WeaponId::revolver,    WeaponId::suppressedpistol,
                                  WeaponId::machinegun,  WeaponId::antimaterialrifle,
                                  WeaponId::grenade,     WeaponId::grenadelauncher,
                                  WeaponId::rocket};

class WallEvents : public ::testing::TestWithParam<EventKind> {
 protected:
  WallEvents() {
    match_.join(kShooter, sim::Team::red, {45, 50});
    match_.join(kMate, sim::Team::red, {45, 200});
    match_.join(kFoe, sim::Team::blue, {120, 50}, 3.141592653589793);
    match_.join(kHidden, sim::Team::blue, {435, 50}, 3.141592653589793);
  }

  Event event_by(WeaponId weapon) const {
    Event event;
    event.kind = GetParam();
    event.slot = kShooter;
    event.weapon = weapon;
    event.damage_type =
        sim::weapon_info(weapon).radius > 0 ? sim::DamageType::explosion : sim::DamageType::bullet;
    if (weapon == WeaponId::shotgun) event.pellet = 5;
    event.wall = 4;
    event.slice = 3;
    event.position = {245, 245};
    event.value = sim::weapon_info(weapon).damage;
    event.value2 = 0;
    event.flag = true;
    return event;
  }

  test::TestMatch match_;
  EventEncoder encoder_;
};

TEST_P(WallEvents, S5_OfAnUnseenShooterTellTheWallAndNothingElse) {
  for (const WeaponId weapon : kBreakers) {
    SCOPED_TRACE(sim::weapon_name(weapon));
    encoder_.encode(match_.match(), match_.roster, match_.clock, event_by(weapon));
    const std::string_view text = encoder_.packet(kHidden);
    const ReadPacket read(text);
    EXPECT_EQ(read.name(),
              GetParam() == EventKind::wall_damaged ? "wall:damaged" : "wall:destroyed");
    EXPECT_EQ(read.text("/wallId"), "wall_5");
    EXPECT_EQ(read.number("/sliceIndex"), 3.0);
    EXPECT_EQ(read.text("/playerId"), "unknown");
    for (const char* secret : {"/weaponType", "/damage", "/pelletIndex", "/damageType"})
      EXPECT_FALSE(read.has(secret)) << secret;
    EXPECT_EQ(text.find(sim::weapon_name(weapon)), std::string_view::npos);
    EXPECT_EQ(text.find(kIds[kShooter]), std::string_view::npos);
  }
}

TEST_P(WallEvents, Recipe5_OfASeenShooterTellWhoAndWithWhat) {
  for (const WeaponId weapon : kBreakers) {
    SCOPED_TRACE(sim::weapon_name(weapon));
    encoder_.encode(match_.match(), match_.roster, match_.clock, event_by(weapon));
    for (const sim::Slot viewer : {kShooter, kMate, kFoe}) {
      const ReadPacket read(encoder_.packet(viewer));
      EXPECT_EQ(read.text("/playerId"), kIds[kShooter]);
      EXPECT_EQ(read.text("/weaponType"), sim::weapon_name(weapon));
      EXPECT_EQ(read.number("/damage"), sim::weapon_info(weapon).damage);
      EXPECT_EQ(read.has("/pelletIndex"), weapon == WeaponId::shotgun);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, WallEvents,
                         ::testing::Values(EventKind::wall_damaged, EventKind::wall_destroyed),
                         [](const auto& each) {
                           return each.param == EventKind::wall_damaged ? "Damaged" : "Destroyed";
                         });

}  // namespace
}  // namespace wire
