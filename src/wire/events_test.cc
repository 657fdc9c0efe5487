#include "wire/events.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "wire/allocation_count.h"
#include "wire/test_json.h"
#include "wire/test_match.h"

namespace wire {
namespace {

using sim::Event;
using sim::EventKind;
using sim::Team;
using sim::WeaponId;
using test::keys_of;
using test::kIds;
using test::ReadPacket;

constexpr double kPi = 3.14159265358979323846;

// Slot 0 and 1 are enemies who see each other, 2 is 0's mate elsewhere, 3 is an enemy behind the
// wall whom only 1 (his mate) knows of.
class EventsTest : public ::testing::Test {
 protected:
  EventsTest() {
    match_.join(0, Team::red, {60, 50}, 0.0);
    match_.join(1, Team::blue, {150, 50}, kPi);
    match_.join(2, Team::red, {60, 220}, kPi);
    match_.join(3, Team::blue, {400, 240}, 0.0);
  }

  std::string_view packet(sim::Slot viewer) const { return encoder_.packet(viewer); }
  void encode(const Event& event) {
    encoder_.encode(match_.match(), match_.roster, match_.clock, event);
  }

  // Who gets a packet, as a mask.
  unsigned receivers() const {
    unsigned mask = 0;
    for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot)
      mask |= packet(slot).empty() ? 0u : 1u << slot;
    return mask;
  }

  static Event make(EventKind kind, sim::Slot slot) {
    Event event;
    event.kind = kind;
    event.slot = slot;
    return event;
  }

  double now() { return static_cast<double>(match_.clock.ms(match_.match().world().tick)); }

  test::TestMatch match_;
  EventEncoder encoder_;
};

TEST_F(EventsTest, SilentOnesAreNeverSent) {
  for (const EventKind kind :
       {EventKind::player_joined, EventKind::match_started, EventKind::match_ended}) {
    encode(make(kind, 0));
    EXPECT_EQ(receivers(), 0u);
  }
}

TEST_F(EventsTest, PlayerLeftGoesToTheOthers) {
  encode(make(EventKind::player_left, 1));
  EXPECT_EQ(receivers(), 0b1101u);
  EXPECT_EQ(packet(0),
            std::string(R"(42["player:left",{"playerId":")") + std::string(kIds[1]) + R"("}])");
}

TEST_F(EventsTest, BotsAndTheDisconnectedGetNothing) {
  match_.roster.seats[2].bot = true;
  match_.roster.seats[3].connected = false;
  encode(make(EventKind::player_left, 1));
  EXPECT_EQ(receivers(), 0b0001u);
}

TEST_F(EventsTest, M8_WeaponSwitchedToTheOwnerOnly) {
  Event event = make(EventKind::weapon_switched, 0);
  event.weapon = WeaponId::grenade;
  event.weapon2 = WeaponId::rifle;
  encode(event);
  EXPECT_EQ(receivers(), 0b0001u);
  const ReadPacket read(packet(0));
  EXPECT_EQ(read.text("/playerId"), kIds[0]);
  EXPECT_EQ(read.text("/fromWeapon"), "rifle");
  EXPECT_EQ(read.text("/toWeapon"), "grenade");
}

TEST_F(EventsTest, WeaponReloadedToTheOwnerOnly) {
  Event event = make(EventKind::weapon_reloaded, 1);
  event.weapon = WeaponId::pistol;
  encode(event);
  EXPECT_EQ(receivers(), 0b0010u);
  const ReadPacket read(packet(1));
  EXPECT_EQ(read.name(), "weapon:reloaded");
  EXPECT_EQ(read.text("/weaponType"), "pistol");
  EXPECT_EQ(read.number("/currentAmmo"), 12.0);
  EXPECT_EQ(read.number("/reserveAmmo"), 72.0);
}

TEST_F(EventsTest, B28_HeatToTheOwnerOnly) {
  Event event = make(EventKind::heat, 0);
  event.value = 315.5;
  event.flag = true;
  encode(event);
  EXPECT_EQ(receivers(), 0b0001u);
  EXPECT_EQ(
      packet(0),
      R"(42["weapon:heat:update",{"weaponType":"machinegun","heatLevel":315.5,"isOverheated":true}])");
}

TEST_F(EventsTest, Recipe5_FiredEchoesTheSequenceToTheShooter) {
  Event event = make(EventKind::shot_fired, 0);
  event.weapon = WeaponId::rifle;
  event.position = {60, 50};
  event.angle = -3.1769;
  event.sequence = 46;
  event.value = 29;
  event.flag = true;
  encode(event);
  EXPECT_EQ(receivers(), 0b0111u);  // not to 3, who does not see him
  const ReadPacket own(packet(0));
  EXPECT_EQ(own.name(), "weapon:fired");
  EXPECT_EQ(own.text("/playerId"), kIds[0]);
  EXPECT_EQ(own.text("/weaponType"), "rifle");
  EXPECT_EQ(own.number("/position/x"), 60.0);
  EXPECT_EQ(own.number("/direction"), -3.1769);
  EXPECT_EQ(own.number("/sequence"), 46.0);
  EXPECT_EQ(own.number("/ammoRemaining"), 29.0);
  EXPECT_EQ(own.number("/timestamp"), now());
  EXPECT_TRUE(own.boolean("/isADS"));
  const ReadPacket other(packet(1));
  EXPECT_EQ(keys_of(other.body()), (std::set<std::string>{"playerId", "weaponType", "position",
                                                          "direction", "timestamp", "isADS"}));
  EXPECT_EQ(packet(1), packet(2));
  event.flag2 = true;
  encode(event);
  EXPECT_TRUE(ReadPacket(packet(1)).boolean("/isGrenade"));
  EXPECT_FALSE(ReadPacket(packet(1)).has("/isADS"));
}

TEST_F(EventsTest, Recipe5_HitCarriesItsStart) {
  Event event = make(EventKind::shot_hit, 0);
  event.weapon = WeaponId::shotgun;
  event.other = 1;
  event.origin = {68, 50};
  event.position = {150, 50};
  event.pellet = 7;
  event.count = 1;
  encode(event);
  EXPECT_EQ(receivers(), 0b0011u);  // 2 does not see the victim
  const ReadPacket read(packet(0));
  EXPECT_EQ(read.name(), "weapon:hit");
  EXPECT_EQ(read.text("/playerId"), kIds[0]);
  EXPECT_EQ(read.text("/targetType"), "player");
  EXPECT_EQ(read.text("/targetId"), kIds[1]);
  EXPECT_EQ(read.number("/startPosition/x"), 68.0);
  EXPECT_EQ(read.number("/position/x"), 150.0);
  EXPECT_EQ(read.number("/pelletIndex"), 7.0);
  EXPECT_EQ(read.number("/penetrationCount"), 1.0);
  event.other = sim::kNoSlot;
  event.wall = 6;
  event.pellet = 0xff;
  encode(event);
  EXPECT_EQ(receivers(), 0b0111u);
  EXPECT_EQ(ReadPacket(packet(0)).text("/targetType"), "wall");
  EXPECT_EQ(ReadPacket(packet(0)).text("/targetId"), "wall_7");
  EXPECT_FALSE(ReadPacket(packet(0)).has("/pelletIndex"));
}

TEST_F(EventsTest, S5_AHitOnSomebodyUnseenShowsNoPlace) {
  Event event = make(EventKind::shot_hit, 0);
  event.weapon = WeaponId::rifle;
  event.other = 3;
  event.origin = {60, 50};
  event.position = {400, 240};
  encode(event);
  // The victim and his mate do not see the shooter; the mate of the shooter sees the shot, not the
  // hit.
  EXPECT_EQ(receivers(), 0b0011u);
  EXPECT_EQ(packet(0).find("400"), std::string_view::npos);
  const ReadPacket read(packet(0));
  EXPECT_EQ(read.text("/targetId"), kIds[3]);
  EXPECT_EQ(read.number("/position/x"), 60.0);
}

TEST_F(EventsTest, MissEndsWhereTheTrailDoes) {
  Event event = make(EventKind::shot_missed, 0);
  event.weapon = WeaponId::rifle;
  event.origin = {60, 50};
  event.position = {222.126, 141.76};
  event.angle = 0.5;
  encode(event);
  const ReadPacket read(packet(1));
  EXPECT_EQ(read.name(), "weapon:miss");
  EXPECT_EQ(read.text("/playerId"), kIds[0]);
  EXPECT_EQ(read.text("/weaponType"), "rifle");
  EXPECT_EQ(read.number("/position/x"), 222.13);
  EXPECT_EQ(read.number("/startPosition/y"), 50.0);
  EXPECT_EQ(read.number("/direction"), 0.5);
  EXPECT_FALSE(read.has("/pelletIndex"));
}

TEST_F(EventsTest, Recipe5_WallDamageAlwaysNamesAShooter) {
  Event event = make(EventKind::wall_damaged, 0);
  event.weapon = WeaponId::rifle;
  event.wall = 4;
  event.slice = 3;
  event.position = {245, 245};
  event.value = 25;
  event.value2 = 55;
  encode(event);
  EXPECT_EQ(receivers(), 0b1111u);
  const ReadPacket read(packet(1));
  EXPECT_EQ(read.name(), "wall:damaged");
  EXPECT_EQ(read.text("/wallId"), "wall_5");
  EXPECT_EQ(read.number("/sliceIndex"), 3.0);
  EXPECT_EQ(read.number("/newHealth"), 55.0);
  EXPECT_EQ(read.number("/damage"), 25.0);
  EXPECT_FALSE(read.boolean("/isDestroyed"));
  EXPECT_EQ(read.number("/position/x"), 245.0);
  EXPECT_EQ(read.text("/material"), "wood");
  EXPECT_EQ(read.text("/playerId"), kIds[0]);
  EXPECT_EQ(read.text("/weaponType"), "rifle");
  EXPECT_EQ(read.number("/timestamp"), now());
  // Who does not see the shooter learns of the hole, not of him; a playerId is there (else the
  // client marks a hit).
  const ReadPacket unseen(packet(3));
  EXPECT_EQ(unseen.text("/playerId"), "unknown");
  EXPECT_FALSE(unseen.has("/weaponType"));
  EXPECT_EQ(packet(3).find(kIds[0]), std::string_view::npos);

  event.kind = EventKind::wall_destroyed;
  event.flag = true;
  encode(event);
  EXPECT_EQ(ReadPacket(packet(0)).name(), "wall:destroyed");
  EXPECT_TRUE(ReadPacket(packet(0)).boolean("/isDestroyed"));
}

TEST_F(EventsTest, Recipe6_Death) {
  Event event = make(EventKind::player_died, 1);
  event.other = 0;
  event.weapon = WeaponId::rifle;
  event.team = Team::red;
  event.team2 = Team::blue;
  event.position = {150, 50};
  encode(event);
  EXPECT_EQ(receivers(), 0b1111u);
  const ReadPacket read(packet(0));
  EXPECT_EQ(read.name(), "backend:player:died");
  EXPECT_EQ(read.text("/playerId"), kIds[1]);
  EXPECT_EQ(read.text("/killerId"), kIds[0]);
  EXPECT_EQ(read.text("/killerTeam"), "red");
  EXPECT_EQ(read.text("/victimTeam"), "blue");
  EXPECT_EQ(read.text("/weaponType"), "rifle");
  EXPECT_FALSE(read.boolean("/isTeamKill"));
  EXPECT_EQ(read.text("/damageType"), "bullet");
  EXPECT_EQ(read.number("/position/x"), 150.0);
  EXPECT_EQ(read.number("/timestamp"), now());
}

TEST_F(EventsTest, S5_DeathOfSomebodyUnseenNamesNamesNotPlaces) {
  Event event = make(EventKind::player_died, 3);
  event.other = 2;
  event.position = {400, 240};
  event.team = Team::red;
  event.team2 = Team::blue;
  event.damage_type = sim::DamageType::explosion;
  encode(event);
  const ReadPacket unseen(packet(0));
  EXPECT_EQ(unseen.text("/playerId"), kIds[3]);
  EXPECT_EQ(unseen.text("/killerId"), kIds[2]);
  EXPECT_EQ(unseen.number("/position/x"), -1000.0);
  EXPECT_EQ(unseen.number("/position/y"), -1000.0);
  EXPECT_EQ(unseen.text("/weaponType"), "unknown");
  EXPECT_EQ(unseen.text("/damageType"), "explosion");
  EXPECT_EQ(ReadPacket(packet(3)).number("/position/x"), 400.0);
  EXPECT_EQ(ReadPacket(packet(1)).number("/position/x"), 400.0);  // his mate
}

TEST_F(EventsTest, B22_DeathByNobodyAndByOneself) {
  Event event = make(EventKind::player_died, 1);
  encode(event);
  EXPECT_EQ(ReadPacket(packet(0)).text("/killerId"), "unknown");
  EXPECT_EQ(ReadPacket(packet(0)).text("/killerTeam"), "unknown");
  EXPECT_FALSE(ReadPacket(packet(0)).boolean("/isTeamKill"));
  event.other = 1;
  event.team = event.team2 = Team::blue;
  encode(event);
  EXPECT_EQ(ReadPacket(packet(0)).text("/killerId"), kIds[1]);
  EXPECT_TRUE(ReadPacket(packet(0)).boolean("/isTeamKill"));
}

TEST_F(EventsTest, M9_DamageNamesTheAttacker) {
  Event event = make(EventKind::player_damaged, 1);
  event.other = 3;
  event.value = 87.5;
  event.value2 = 12.5;
  event.position = {400, 240};  // met where the shooter stands
  event.damage_type = sim::DamageType::explosion;
  encode(event);
  const ReadPacket read(packet(1));
  EXPECT_EQ(read.name(), "player:damaged");
  EXPECT_EQ(read.text("/playerId"), kIds[1]);
  EXPECT_EQ(read.text("/attackerId"), kIds[3]);
  EXPECT_EQ(read.text("/sourcePlayerId"), kIds[3]);
  EXPECT_EQ(read.number("/damage"), 87.5);
  EXPECT_EQ(read.number("/newHealth"), 12.5);
  EXPECT_EQ(read.text("/damageType"), "explosion");
  EXPECT_FALSE(read.boolean("/isKilled"));
  // S5: the place is the victim's; his enemies may know it, but not the shooter's.
  EXPECT_EQ(read.number("/position/x"), 150.0);
  EXPECT_EQ(read.number("/position/y"), 50.0);
  // Damage to somebody unseen is not told, not even to him who did it: it would say how near he
  // was.
  event.slot = 3;
  event.other = 0;
  encode(event);
  EXPECT_EQ(receivers(), 0b1010u);
}

TEST_F(EventsTest, Recipe7_Respawn) {
  Event event = make(EventKind::player_respawned, 1);
  event.position = {150, 50};
  event.team = Team::blue;
  event.until = match_.match().world().tick + 120;
  encode(event);
  EXPECT_EQ(receivers() & 0b0011u, 0b0011u);
  const ReadPacket read(packet(1));
  EXPECT_EQ(read.name(), "backend:player:respawned");
  EXPECT_EQ(read.text("/playerId"), kIds[1]);
  EXPECT_EQ(read.number("/position/x"), 150.0);
  EXPECT_EQ(read.number("/health"), 100.0);
  EXPECT_EQ(read.text("/team"), "blue");
  EXPECT_EQ(read.number("/invulnerableUntil"), now() + 2000.0);
  event.slot = 3;
  event.position = {400, 240};
  encode(event);
  EXPECT_EQ(receivers(), 0b1010u);
}

TEST_F(EventsTest, Recipe8_Projectile) {
  Event event = make(EventKind::projectile_created, 0);
  event.id = 1;
  event.weapon = WeaponId::grenade;
  event.position = {60, 50};
  event.velocity = {66, -1.184};
  encode(event);
  EXPECT_EQ(receivers() & 0b0011u, 0b0011u);
  const ReadPacket created(packet(1));
  EXPECT_EQ(created.name(), "projectile:created");
  EXPECT_EQ(created.text("/id"), "projectile_1");
  EXPECT_EQ(created.text("/type"), "grenade");
  EXPECT_EQ(created.text("/playerId"), kIds[0]);
  EXPECT_EQ(created.number("/position/x"), 60.0);
  EXPECT_EQ(created.number("/velocity/y"), -1.18);
  EXPECT_EQ(created.number("/lifetime"), 3300.0);  // the fuse, and a little
  EXPECT_EQ(created.number("/timestamp"), now());

  event.kind = EventKind::projectile_moved;
  event.position = {63, 50};
  encode(event);
  EXPECT_EQ(packet(1),
            R"(42["projectile:updated",{"id":"projectile_1","position":{"x":63,"y":50}}])");

  event.kind = EventKind::projectile_exploded;
  event.value = 40;
  encode(event);
  EXPECT_EQ(
      packet(1),
      R"(42["projectile:exploded",{"id":"projectile_1","type":"explosion","position":{"x":63,"y":50},"radius":40}])");
  event.weapon = WeaponId::smokegrenade;
  encode(event);
  EXPECT_EQ(ReadPacket(packet(1)).text("/type"), "smoke");
  event.weapon = WeaponId::flashbang;
  encode(event);
  EXPECT_EQ(ReadPacket(packet(1)).text("/type"), "flash");
}

TEST_F(EventsTest, S5_AProjectileThatFliesIntoViewIsAnnounced) {
  Event event = make(EventKind::projectile_created, 3);
  event.id = 9;
  event.weapon = WeaponId::rocket;
  event.position = {400, 240};
  event.velocity = {-200, 0};
  encode(event);
  EXPECT_EQ(packet(0), "");
  EXPECT_NE(packet(3), "");
  event.kind = EventKind::projectile_moved;
  event.position = {150, 60};
  encode(event);
  EXPECT_EQ(ReadPacket(packet(0)).name(), "projectile:created");
  EXPECT_EQ(ReadPacket(packet(0)).number("/position/x"), 150.0);
  EXPECT_EQ(ReadPacket(packet(3)).name(), "projectile:updated");
  encode(event);
  EXPECT_EQ(ReadPacket(packet(0)).name(), "projectile:updated");
  // A viewer who starts afresh is told again, once.
  encoder_.forget(0);
  encode(event);
  EXPECT_EQ(ReadPacket(packet(0)).name(), "projectile:created");
  EXPECT_EQ(ReadPacket(packet(3)).name(), "projectile:updated");
  // Out of view: nothing, and the end only to those who know it.
  event.position = {400, 240};
  encode(event);
  EXPECT_EQ(packet(0), "");
  encoder_.reset();
  event.kind = EventKind::projectile_exploded;
  event.position = {150, 60};
  encode(event);
  EXPECT_EQ(packet(0), "");
}

// Decision 20 and rules 6.1: taken out without effect. No explosion is shown, and no sprite stays.
TEST_F(EventsTest, Decision20_AProjectileThatIsGoneIsTakenFromWhomItWasShownTo) {
  Event event = make(EventKind::projectile_created, 0);
  event.id = 5;
  event.weapon = WeaponId::grenade;
  event.position = {60, 50};
  event.velocity = {66, 0};
  encode(event);
  const unsigned shown = receivers();
  ASSERT_NE(shown & 0b0011u, 0u);
  ASSERT_EQ(shown & 0b1000u, 0u) << "one does not see it";
  event.kind = EventKind::projectile_gone;
  event.position = {400, 240};  // where those who saw it do not see it any more
  encode(event);
  EXPECT_EQ(receivers(), shown);
  EXPECT_EQ(packet(1),
            R"(42["projectile:updated",{"id":"projectile_5","position":{"x":-1000,"y":-1000}}])");
}

TEST_F(EventsTest, Contract45_Explosion) {
  Event event = make(EventKind::explosion, 0);
  event.weapon = WeaponId::rocket;
  event.position = {150, 86.06};
  event.value = 50;
  event.value2 = 200;
  encode(event);
  const ReadPacket read(packet(0));
  EXPECT_EQ(read.name(), "explosion:created");
  EXPECT_EQ(read.number("/position/y"), 86.06);
  EXPECT_EQ(read.number("/radius"), 50.0);
  EXPECT_EQ(read.number("/damage"), 200.0);
  EXPECT_EQ(read.text("/weaponType"), "rocket");
  EXPECT_EQ(read.text("/sourcePlayerId"), kIds[0]);
}

TEST_F(EventsTest, Contract45_FlashToTheVictimAlone) {
  Event event = make(EventKind::flash, 1);
  event.other = 0;
  event.id = 12;
  event.position = {140, 50};
  event.value = 0.697;
  event.value2 = 26.93;
  event.angle = 0.25;
  event.flag = true;
  encode(event);
  EXPECT_EQ(receivers(), 0b0010u);
  const ReadPacket read(packet(1));
  EXPECT_EQ(read.name(), "FLASHBANG_EFFECT");
  EXPECT_EQ(read.text("/id"), "flash_12");
  ASSERT_EQ(read.size("/affectedPlayers"), 1u);
  EXPECT_EQ(read.text("/affectedPlayers/0/playerId"), kIds[1]);
  EXPECT_EQ(read.number("/affectedPlayers/0/distance"), 26.93);
  EXPECT_EQ(read.number("/affectedPlayers/0/intensity"), 0.697);
  EXPECT_EQ(read.number("/affectedPlayers/0/duration"), 3136.0);
  EXPECT_EQ(read.number("/affectedPlayers/0/phases/blindDuration"), 1045.0);
  EXPECT_EQ(read.number("/affectedPlayers/0/phases/disorientedDuration"), 1394.0);
  EXPECT_EQ(read.number("/affectedPlayers/0/phases/recoveringDuration"), 697.0);
  EXPECT_TRUE(read.boolean("/affectedPlayers/0/lineOfSight"));
  EXPECT_EQ(read.number("/affectedPlayers/0/viewingAngle"), 0.25);
}

// Every kind with the fields a fresh Event has, empty seats, slots and walls out of range: valid
// JSON or nothing.
TEST_F(EventsTest, S2_OddEventsMakeValidPacketsOrNone) {
  for (int kind = 0; kind <= static_cast<int>(EventKind::match_ended); ++kind) {
    for (const sim::Slot slot : {sim::Slot{0}, sim::Slot{5}, sim::Slot{7}}) {
      for (const sim::Slot other : {sim::Slot{1}, sim::Slot{6}, sim::kNoSlot}) {
        for (const std::int16_t wall : {-1, 0, 30'000}) {
          Event event = make(static_cast<EventKind>(kind), slot);
          event.other = other;
          event.wall = wall;
          event.position = {std::nan(""), 1e300};
          encode(event);
          for (sim::Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
            if (packet(viewer).empty()) continue;
            EXPECT_FALSE(ReadPacket(packet(viewer)).name().empty());
          }
        }
      }
    }
  }
}

TEST_F(EventsTest, NothingIsAllocatedOnceWarm) {
  const auto run = [&] {
    for (int kind = 0; kind <= static_cast<int>(EventKind::match_ended); ++kind) {
      Event event = make(static_cast<EventKind>(kind), 0);
      event.other = 1;
      event.wall = 1;
      event.weapon = WeaponId::antimaterialrifle;
      event.position = {123.45, 67.89};
      event.origin = {-12.25, 1.5};
      encode(event);
    }
  };
  run();
  run();
  const std::uint64_t before = test::allocations();
  for (int i = 0; i < 50; ++i) run();
  EXPECT_EQ(test::allocations(), before);
}

}  // namespace
}  // namespace wire
