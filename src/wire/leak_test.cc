// S5 on the wire: plays a wild match and reads every frame as a cheater would. What sight is, is
// proved in sim and match; here it is proved that no frame says more than match::Match::sees
// allows.

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "sim/loadout.h"
#include "wire/events.h"
#include "wire/state.h"
#include "wire/test_json.h"
#include "wire/test_match.h"

namespace wire {
namespace {

using test::keys_of;
using test::kIds;
using test::ReadPacket;

constexpr double kParkedAt = -1000.0;

// A player who wanders about, aims at somebody and uses everything he carries. Seeded: the same
// match every time.
class Wild {
 public:
  explicit Wild(std::uint32_t seed) : random_(seed) {}

  void act(const sim::World& world, sim::Slot slot, std::vector<sim::Command>& out) {
    const sim::Player& me = world.players[slot];
    if (!me.alive) return out.push_back(make(sim::CommandKind::respawn, slot));
    sim::Command input = make(sim::CommandKind::input, slot);
    if (world.tick % 20 == slot) keys_[slot] = static_cast<std::uint16_t>(random_() & 15u);
    if (random_() % 100 == 0) aim_[slot] = static_cast<sim::Slot>(random_() % sim::kMaxPlayers);
    input.keys = keys_[slot];
    input.point = world.players[aim_[slot]].position;
    input.sequence = ++sequence_[slot];
    out.push_back(input);
    if (random_() % 8 == 0 && me.held < me.weapons.size()) {
      sim::Command fire = make(sim::CommandKind::fire, slot);
      fire.weapon = sim::held_weapon(me);
      fire.sequence = ++sequence_[slot];
      fire.flag = true;
      fire.point = input.point;
      fire.charge = static_cast<std::uint8_t>(1 + random_() % 5);
      out.push_back(fire);
    }
    if (random_() % 120 == 0 && !me.weapons.empty()) {
      sim::Command change = make(sim::CommandKind::switch_weapon, slot);
      change.weapon = me.weapons[random_() % me.weapons.size()].id;
      out.push_back(change);
    }
    if (random_() % 300 == 0) out.push_back(make(sim::CommandKind::reload, slot));
  }

 private:
  static sim::Command make(sim::CommandKind kind, sim::Slot slot) {
    sim::Command command;
    command.kind = kind;
    command.slot = slot;
    return command;
  }

  std::mt19937 random_;
  std::array<std::uint16_t, sim::kMaxPlayers> keys_{};
  std::array<sim::Slot, sim::kMaxPlayers> aim_{1, 0, 3, 2, 5, 4, 7, 6};
  std::array<std::uint32_t, sim::kMaxPlayers> sequence_{};
};

sim::Loadout loadout_of(sim::Slot slot) {
  using enum sim::WeaponId;
  switch (slot % 4) {
    case 0:
      return {rifle, pistol, {grenade, flashbang, smokegrenade}};
    case 1:
      return {smg, revolver, {rocket, grenade, none}};
    case 2:
      return {shotgun, suppressedpistol, {grenadelauncher, flashbang, none}};
    default:
      return {battlerifle, pistol, {antimaterialrifle, none, none}};
  }
}

class LeakTest : public ::testing::Test {
 protected:
  LeakTest() {
    for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
      // Both teams on both sides of the wall.
      const double x = slot < 4 ? 60.0 + 35 * slot : 420.0 - 35 * (slot - 4);
      match_.join(slot, slot % 2 == 0 ? sim::Team::red : sim::Team::blue, {x, 50.0 + 22 * slot},
                  0.0, loadout_of(slot));
    }
  }

  bool hidden(sim::Slot viewer, sim::Slot other) {
    return match_.match().world().players[other].in_world && !match_.match().sees(viewer, other);
  }

  // A position as it would stand in a frame.
  static std::string printed(sim::Vec2 at) {
    std::string text;
    base::JsonWriter(text).begin_object().member("x", at.x, 2).member("y", at.y, 2).end_object();
    return text;
  }

  void expect_no_place(sim::Slot viewer, sim::Slot other, std::string_view frame) {
    const sim::Vec2 at = match_.match().world().players[other].position;
    if (std::floor(at.x) == at.x && std::floor(at.y) == at.y)
      return;  // a spawn: such numbers stand for other things too
    EXPECT_EQ(frame.find(printed(at)), std::string_view::npos)
        << int{viewer} << " sees " << int{other} << " in " << frame;
  }

  void check_state(sim::Slot viewer, const std::string& frame) {
    const ReadPacket packet(frame);
    for (sim::Slot other = 0; other < sim::kMaxPlayers; ++other) {
      if (!hidden(viewer, other)) continue;
      ++hidden_seen_;
      const std::string id(kIds[other]);
      EXPECT_EQ(keys_of(packet.body().at_pointer("/players/" + id)),
                (std::set<std::string>{"id", "name", "team", "kills", "deaths", "isAlive"}));
      for (const simdjson::dom::element entry : packet.body()["visiblePlayers"].get_array()) {
        if (std::string_view(entry["id"]) != id) continue;
        EXPECT_EQ(keys_of(entry),
                  (std::set<std::string>{"id", "team", "position", "isAlive", "kills"}));
        EXPECT_EQ(double(entry["position"]["x"]), kParkedAt);
        EXPECT_EQ(double(entry["position"]["y"]), kParkedAt);
      }
      expect_no_place(viewer, other, frame);
    }
  }

  // Somebody hidden may be named by a death, by leaving, as the victim of one's own shot, as the
  // source of one's wounds.
  void check_event(sim::Slot viewer, std::string_view frame) {
    ++events_seen_;
    const ReadPacket packet(frame);
    for (sim::Slot other = 0; other < sim::kMaxPlayers; ++other) {
      if (!hidden(viewer, other)) continue;
      expect_no_place(viewer, other, frame);
      if (frame.find(kIds[other]) == std::string_view::npos) continue;
      const std::string_view name = packet.name();
      if (name == "backend:player:died") {
        if (packet.text("/playerId") != kIds[other]) continue;
        ++hidden_deaths_;
        EXPECT_EQ(packet.number("/position/x"), kParkedAt);
        EXPECT_EQ(packet.number("/position/y"), kParkedAt);
      } else if (name == "weapon:hit") {
        EXPECT_EQ(packet.text("/playerId"), kIds[viewer]);
        EXPECT_EQ(packet.number("/position/x"), packet.number("/startPosition/x"));
        EXPECT_EQ(packet.number("/position/y"), packet.number("/startPosition/y"));
      } else if (name == "player:damaged") {
        EXPECT_NE(packet.text("/playerId"), kIds[other]) << frame;
      } else if (name == "projectile:created") {
        EXPECT_EQ(packet.text("/playerId"), kIds[other]);  // whose it is, as one sees it fly
      } else {
        EXPECT_EQ(name, "explosion:created") << frame;
      }
    }
  }

  void play(int ticks) {
    Wild wild(11);
    std::vector<sim::Command> commands;
    std::string frame;
    for (int i = 0; i < ticks; ++i) {
      commands.clear();
      for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot)
        wild.act(match_.match().world(), slot, commands);
      match_.step(commands);
      for (const sim::Event& event : match_.match().events()) {
        events_.encode(match_.match(), match_.roster, match_.clock, event);
        for (sim::Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
          if (!events_.packet(viewer).empty()) check_event(viewer, events_.packet(viewer));
        }
      }
      if (match_.match().world().tick % sim::kSnapshotEvery != 0) continue;
      states_.begin(match_.match(), match_.roster, match_.clock);
      for (sim::Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
        frame.clear();
        states_.append(viewer, WallsIn::none, frame);
        check_state(viewer, frame);
      }
    }
  }

  test::TestMatch match_;
  EventEncoder events_;
  StateEncoder states_;
  int hidden_seen_ = 0;
  int events_seen_ = 0;
  int hidden_deaths_ = 0;
};

TEST_F(LeakTest, S5_NoFrameTellsOfTheHidden) {
  play(1'800);
  // The match was one in which there was something to hide, and to tell.
  EXPECT_GT(hidden_seen_, 5'000);
  EXPECT_GT(events_seen_, 2'000);
  EXPECT_GT(hidden_deaths_, 10);
}

}  // namespace
}  // namespace wire
