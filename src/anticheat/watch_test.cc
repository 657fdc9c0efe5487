// The whole watch over a match on an empty field: red (slot 0) shoots at blue (slot 1).

#include "anticheat/watch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <vector>

#include "sim/random.h"
#include "sim/test_maps.h"

namespace anticheat {
namespace {

using sim::Command;
using sim::CommandKind;
using sim::Slot;
using sim::Tick;

constexpr sim::test::Row kFieldRows[] = {{13, "R18 B28"}};

std::shared_ptr<const sim::Map> field() {
  const auto pixels = sim::test::pixels_of(kFieldRows);
  return std::make_shared<const sim::Map>(
      sim::map_from_pixels("field", sim::kMapColumns, sim::kMapRows, pixels).value());
}

constexpr Slot kRed = 0;
constexpr Slot kBlue = 1;

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() {
    Command start;
    start.kind = CommandKind::start;
    queued_.push_back(start);
    join(kRed, sim::Team::red);
    join(kBlue, sim::Team::blue);
    tick();
  }

  static Command command(CommandKind kind, Slot slot) {
    Command made;
    made.kind = kind;
    made.slot = slot;
    return made;
  }

  void join(Slot slot, sim::Team team) {
    Command made = command(CommandKind::join, slot);
    made.team = team;
    made.loadout.primary = sim::WeaponId::rifle;
    watch_.entered(slot, now());
    queued_.push_back(made);
  }

  void send(const Command& made) {
    watch_.heard(made, now());
    queued_.push_back(made);
  }

  void input(Slot slot, sim::Vec2 mouse, std::uint16_t keys = 0, std::uint32_t step = 1) {
    Command made = command(CommandKind::input, slot);
    made.point = mouse;
    made.keys = keys;
    made.sequence = sequence_[slot] += step;
    send(made);
  }

  void fire(Slot slot, sim::Vec2 at, sim::WeaponId weapon = sim::WeaponId::rifle) {
    Command made = command(CommandKind::fire, slot);
    made.weapon = weapon;
    made.flag = true;
    made.view_delay = 1;
    made.point = at;
    made.sequence = ++sequence_[slot];
    send(made);
  }

  void tick() {
    match_.step(queued_);
    queued_.clear();
    watch_.stepped(match_, 0xff);
    for (const Finding& finding : watch_.findings()) {
      ++found_[finding.kind];
      last_ = finding;
    }
    watch_.clear();
  }

  Tick now() const { return match_.world().tick; }
  const sim::Player& player(Slot slot) const { return match_.world().players[slot]; }
  int found(Kind kind) const { return found_.contains(kind) ? found_.at(kind) : 0; }

  match::Match match_{field(), {.kill_limit = 60'000}, 1};
  Watch watch_;
  std::vector<Command> queued_;
  std::array<std::uint32_t, 8> sequence_{};
  std::map<Kind, int> found_;
  Finding last_;
};

TEST_F(WatchTest, S4_SixtyInputsASecondAreHonest) {
  for (int i = 0; i < 3600; ++i) {
    input(kRed, {300, 100}, sim::kKeyD);
    tick();
  }
  EXPECT_TRUE(found_.empty());
}

TEST_F(WatchTest, S4_AFastDisplayAndASlowOneAreHonest) {
  for (int i = 0; i < 3600; ++i) {
    input(kRed, {300, 100}, sim::kKeyD, 6);          // 360 pictures a second
    if (i % 2 == 0) input(kBlue, {100, 100}, 0, 1);  // 30
    tick();
  }
  EXPECT_TRUE(found_.empty());
}

TEST_F(WatchTest, S4_ALineThatStoodStillDeliversAllAtOnce) {
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 600; ++i) tick();
    for (int i = 0; i < 600; ++i) {
      input(kRed, {300, 100}, sim::kKeyD);
      if (i % 6 == 0) fire(kRed, {300, 100});
    }
    for (int i = 0; i < 600; ++i) {
      input(kRed, {300, 100}, sim::kKeyD);
      tick();
    }
  }
  EXPECT_TRUE(found_.empty());
}

// What clients sent while the server stood still comes at once, and the world counts none of it.
TEST_F(WatchTest, S4_AServerThatStoodStillMakesNobodyASuspect) {
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 600; ++i) {
      input(kRed, {300, 100}, sim::kKeyD);
      if (i % 6 == 0) fire(kRed, {300, 20});
      tick();
    }
    watch_.stalled(295);
    for (int i = 0; i < 5; ++i) tick();
    for (int i = 0; i < 300; ++i) {
      input(kRed, {300, 100}, sim::kKeyD, 6);
      if (i % 6 == 0) fire(kRed, {300, 20});
    }
  }
  EXPECT_TRUE(found_.empty());
}

// Another shard hands over what it kept before the stall is told.
TEST_F(WatchTest, S4_NorDoesItWhenTheInputsComeBeforeTheWordOfIt) {
  for (int i = 0; i < 600; ++i) {
    input(kRed, {300, 100}, sim::kKeyD);
    tick();
  }
  for (int i = 0; i < 300; ++i) {
    input(kRed, {300, 100}, sim::kKeyD, 6);
    if (i % 6 == 0) fire(kRed, {300, 20});
  }
  watch_.stalled(295);
  for (int i = 0; i < 600; ++i) {
    input(kRed, {300, 100}, sim::kKeyD);
    tick();
  }
  EXPECT_TRUE(found_.empty());
}

TEST_F(WatchTest, S4_AServerThatLeavesOutEverySixthTickMakesNobodyASuspect) {
  for (int i = 0; i < 20'000; ++i) {
    input(kRed, {300, 100}, sim::kKeyD, 6);
    if (i % 6 == 0) {
      fire(kRed, {300, 20});
      watch_.stalled(1);
    } else {
      tick();
    }
  }
  EXPECT_TRUE(found_.empty());
}

TEST_F(WatchTest, S4_AFloodIsFoundOnAServerThatStallsToo) {
  for (int i = 0; i < 600; ++i) {
    for (int n = 0; n < 4; ++n) input(kRed, {300, 100}, sim::kKeyD);
    if (i % 6 == 0) watch_.stalled(1);
    if (i == 100) watch_.stalled(295);
    tick();
  }
  EXPECT_GE(found(Kind::input_flood), 1);
}

TEST_F(WatchTest, S4_ThreeInputsATickAreAFlood) {
  for (int i = 0; i < 120; ++i) {
    for (int n = 0; n < 3; ++n) input(kRed, {300, 100}, sim::kKeyD);
    tick();
  }
  EXPECT_GE(found(Kind::input_flood), 1);
  EXPECT_EQ(last_.slot, kRed);
  ASSERT_EQ(last_.numbers.size(), 2u);
  EXPECT_GT(last_.numbers[0].value, 150.0);  // a second
  EXPECT_EQ(last_.numbers[1].value, kMostInputs);
}

TEST_F(WatchTest, S4_AFloodOfAnHourIsAHandfulOfFindings) {
  for (int i = 0; i < 20'000; ++i) {
    for (int n = 0; n < 5; ++n) input(kRed, {300, 100});
    tick();
  }
  EXPECT_GE(found(Kind::input_flood), 5);
  EXPECT_LE(found(Kind::input_flood), 16);
  EXPECT_GE(last_.score, 5.0);
}

TEST_F(WatchTest, S4_StepsThatNoDisplayDrewAreClaimedMovement) {
  for (int i = 0; i < 300; ++i) {
    input(kRed, {300, 100}, sim::kKeyD, 20);
    tick();
  }
  EXPECT_GE(found(Kind::movement), 1);
  EXPECT_EQ(found(Kind::input_flood), 0);
}

TEST_F(WatchTest, S4_AJumpOfTheCounterIsNoFinding) {
  for (int i = 0; i < 600; ++i) {
    input(kRed, {300, 100}, sim::kKeyD, i == 100 ? 4'000'000'000U : 1);
    tick();
  }
  EXPECT_TRUE(found_.empty());
}

TEST_F(WatchTest, S4_ShotsAtTheWeaponsRateAreHonest) {
  for (int i = 0; i < 3600; ++i) {
    input(kRed, {300, 100});
    if (i % 6 == 0) fire(kRed, {300, 20});
    tick();
  }
  EXPECT_EQ(found(Kind::fire_rate), 0);
}

TEST_F(WatchTest, S4_ShotsAskedTwiceAsFastAreNot) {
  for (int i = 0; i < 300; ++i) {
    input(kRed, {300, 100});
    if (i % 3 == 0) fire(kRed, {300, 20});
    tick();
  }
  EXPECT_GE(found(Kind::fire_rate), 1);
  EXPECT_EQ(last_.numbers[0].value, static_cast<double>(sim::WeaponId::rifle));
}

TEST_F(WatchTest, S4_WeaponsInTurnAreEachAtTheirOwnRate) {
  for (int i = 0; i < 3600; ++i) {
    input(kRed, {300, 100});
    if (i % 8 == 0) fire(kRed, {300, 20}, sim::WeaponId::pistol);
    if (i % 6 == 0) fire(kRed, {300, 20}, sim::WeaponId::rifle);
    tick();
  }
  EXPECT_EQ(found(Kind::fire_rate), 0);
}

TEST_F(WatchTest, S4_InputsSentASecondTimeAreReplayed) {
  for (int i = 0; i < 60; ++i) {
    input(kRed, {300, 100});
    tick();
  }
  for (int i = 0; i < 12; ++i) {
    Command old = command(CommandKind::input, kRed);
    old.sequence = static_cast<std::uint32_t>(i + 1);
    send(old);
    tick();
  }
  EXPECT_EQ(found(Kind::replayed_sequence), 1);
}

TEST_F(WatchTest, S4_ANewSceneCountsFromOneHonestly) {
  for (int scene = 0; scene < 20; ++scene) {
    join(kRed, sim::Team::red);
    sequence_[kRed] = 0;
    for (int i = 0; i < 30; ++i) {
      input(kRed, {300, 100});
      tick();
    }
  }
  EXPECT_TRUE(found_.empty());
}

TEST_F(WatchTest, S4_AnotherOneInTheSeatStartsWithAClearName) {
  for (int i = 0; i < 120; ++i) {
    for (int n = 0; n < 3; ++n) input(kRed, {300, 100});
    tick();
  }
  ASSERT_GE(found(Kind::input_flood), 1);
  watch_.forget(kRed);
  found_.clear();
  for (int i = 0; i < 600; ++i) {
    input(kRed, {300, 100});
    tick();
  }
  EXPECT_TRUE(found_.empty());
}

TEST_F(WatchTest, S4_WhatNobodyCouldSendBreaksNothing) {
  Command odd = command(CommandKind::fire, kRed);
  odd.weapon = static_cast<sim::WeaponId>(200);
  watch_.heard(odd, now());
  watch_.heard(command(CommandKind::input, 200), now());
  odd = command(CommandKind::input, kRed);
  odd.point = {std::nan(""), HUGE_VAL};
  watch_.heard(odd, now());
  tick();
  EXPECT_TRUE(found_.empty());
}

// Blue walks up and down in red's view; red aims with an error of his own.
class AimTest : public WatchTest {
 protected:
  // `error` px off blue's middle at each shot, `swing` rad away from him between shots.
  template <class Error>
  void duel(Tick ticks, Tick pause, double swing, Error error) {
    for (Tick i = 0; i < ticks; ++i) {
      const sim::Vec2 blue = player(kBlue).position;
      const sim::Vec2 red = player(kRed).position;
      const sim::Vec2 way{blue.x - red.x, blue.y - red.y};
      const bool shoots = i % pause == pause - 1;
      const double turn = shoots || i % pause > pause - 1 ? 0.0 : swing;
      const double off = error();
      const double length = std::max(1.0, std::hypot(way.x, way.y));
      const double c = std::cos(turn);
      const double s = std::sin(turn);
      sim::Vec2 aim{red.x + way.x * c - way.y * s, red.y + way.x * s + way.y * c};
      if (shoots) aim = {blue.x - way.y / length * off, blue.y + way.x / length * off};
      input(kRed, aim);
      input(kBlue, red, i / 40 % 2 == 0 ? sim::kKeyW : sim::kKeyS);
      if (shoots) fire(kRed, aim);
      if (!player(kBlue).alive) send(command(CommandKind::respawn, kBlue));
      if (i % 200 == 0) send(command(CommandKind::reload, kRed));
      tick();
    }
  }
  double uniform() { return random_.uniform(); }
  sim::Random random_{5};
};

TEST_F(AimTest, S4_TheMiddleEachTimeIsAProgram) {
  duel(4000, 30, 0.0, [] { return 0.3; });
  EXPECT_GE(found(Kind::aim_precision), 1);
}

TEST_F(AimTest, S4_AHandsErrorIsHonest) {
  duel(12'000, 30, 0.0, [this] { return (uniform() - 0.5) * 14.0; });
  EXPECT_EQ(found(Kind::aim_precision), 0);
  EXPECT_GT(watch_.aim(kRed).precision().seen(), 30u);
}

TEST_F(AimTest, S4_SnapsThatEndInTheMiddleAreAProgram) {
  duel(8000, 30, 0.8, [] { return 0.3; });
  EXPECT_GE(found(Kind::aim_snap), 1);
}

TEST_F(AimTest, S4_SnapsWithAHandsErrorAreHonest) {
  duel(12'000, 30, 0.8, [this] { return (uniform() - 0.5) * 20.0; });
  EXPECT_EQ(found(Kind::aim_snap), 0);
  EXPECT_GT(watch_.aim(kRed).snap().seen(), 30u);
}

TEST_F(AimTest, S4_ShootingWheneverTheAimCrossesIsATrigger) {
  duel(8000, 40, 0.8, [this] { return (uniform() - 0.5) * 10.0; });
  EXPECT_GE(found(Kind::aim_trigger), 1);
}

TEST_F(AimTest, S4_ShootingSometimesBesideIsNone) {
  duel(12'000, 40, 0.8, [this] { return (uniform() - 0.5) * 40.0; });
  EXPECT_EQ(found(Kind::aim_trigger), 0);
  EXPECT_GT(watch_.aim(kRed).trigger().seen(), 30u);
}

TEST_F(AimTest, S4_HowSomebodyAimsIsRememberedFromMatchToMatch) {
  duel(4000, 30, 0.0, [] { return 0.3; });
  const std::uint32_t seen = watch_.aim(kRed).precision().seen();
  ASSERT_GT(seen, 0u);
  watch_.new_match();
  EXPECT_EQ(watch_.aim(kRed).precision().seen(), seen);
  watch_.forget(kRed);
  EXPECT_EQ(watch_.aim(kRed).precision().seen(), 0u);
}

}  // namespace
}  // namespace anticheat
