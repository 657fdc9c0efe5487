// When a player hears of what happens (decision 11): of himself at once, of what he merely watches
// with his next picture.

#include <gmock/gmock.h>

#include "lobby/duel_test_bench.h"

namespace lobby::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

sim::Command pistol_at(sim::Vec2 point) {
  sim::Command shot;
  shot.kind = sim::CommandKind::fire;
  shot.weapon = sim::WeaponId::pistol;
  shot.flag = true;
  shot.point = point;
  return shot;
}

constexpr sim::Vec2 kIntoTheAir{250, 0};

class HeldBack : public ::testing::Test {
 protected:
  HeldBack() {
    duel_.begin();
    duel_.wait_for_respawn();
    sim::Command look;
    look.kind = sim::CommandKind::input;
    look.point = duel_.position(duel_.a);
    look.sequence = 1;
    duel_.bench.engine.match_command(duel_.b.seat, look);
    duel_.bench.run(3);
    place_of_b_ = duel_.position(duel_.b);
  }

  // Runs until the tick after a state, and `more` ticks: the next state is 3 - more ticks away.
  void after_a_state(sim::Tick more) {
    do {
      duel_.a.clear();
      duel_.bench.run(1);
    } while (duel_.a.heard("game:state").empty());
    duel_.bench.run(more);
    duel_.a.clear();
    duel_.b.clear();
  }

  Duel duel_;
  sim::Vec2 place_of_b_;
};

TEST_F(HeldBack, the_shooter_hears_his_shot_at_once_and_who_watches_with_the_next_state) {
  for (sim::Tick phase = 0; phase < sim::kSnapshotEvery; ++phase) {
    after_a_state(phase);
    duel_.bench.engine.match_command(duel_.a.seat, pistol_at(kIntoTheAir));
    duel_.bench.run(1);
    EXPECT_THAT(duel_.a.heard("weapon:fired"), SizeIs(1)) << phase;
    while (duel_.b.heard("game:state").empty()) {
      EXPECT_THAT(duel_.b.heard("weapon:fired"), IsEmpty()) << phase;
      duel_.bench.run(1);
    }
    ASSERT_THAT(duel_.b.packets, SizeIs(3)) << phase;
    EXPECT_THAT(duel_.b.packets[0], HasSubstr("weapon:fired"));
    EXPECT_THAT(duel_.b.packets[1], HasSubstr("weapon:miss"));
    EXPECT_THAT(duel_.b.packets[2], HasSubstr("game:state"));
    duel_.bench.run(30);  // the pistol's rate
  }
}

TEST_F(HeldBack, who_is_hit_hears_it_at_once_and_in_order) {
  after_a_state(0);
  duel_.bench.engine.match_command(duel_.a.seat, pistol_at(place_of_b_));
  duel_.bench.run(1);
  ASSERT_THAT(duel_.b.packets, SizeIs(3));
  EXPECT_THAT(duel_.b.packets[0], HasSubstr("weapon:fired"));  // waited for nothing
  EXPECT_THAT(duel_.b.packets[1], HasSubstr("player:damaged"));
  EXPECT_THAT(duel_.b.packets[2], HasSubstr("weapon:hit"));
}

TEST_F(HeldBack, what_is_told_for_another_reason_takes_along_what_waited) {
  after_a_state(0);
  duel_.bench.engine.match_command(duel_.a.seat, pistol_at(kIntoTheAir));
  duel_.bench.run(1);
  EXPECT_THAT(duel_.b.packets, IsEmpty());
  duel_.bench.leave(duel_.a);
  ASSERT_FALSE(duel_.b.packets.empty());
  EXPECT_THAT(duel_.b.packets.front(), HasSubstr("weapon:fired"));
  EXPECT_THAT(duel_.b.heard("player:left"), SizeIs(1));
}

TEST_F(HeldBack, who_takes_over_a_seat_hears_nothing_of_before) {
  after_a_state(0);
  duel_.bench.engine.match_command(duel_.a.seat, pistol_at(kIntoTheAir));
  duel_.bench.run(1);
  Player& heir = duel_.bench.player("heir");
  duel_.bench.engine.take_over(duel_.b.seat, {.number = heir.number}, "heir");
  duel_.bench.run(3);
  EXPECT_THAT(heir.heard("weapon:fired"), IsEmpty());
}

TEST_F(HeldBack, who_takes_an_empty_seat_hears_nothing_of_before) {
  after_a_state(0);
  duel_.bench.engine.match_command(duel_.a.seat, pistol_at(kIntoTheAir));
  duel_.bench.run(1);
  const auto slot = duel_.b.seat.slot;
  duel_.bench.leave(duel_.b);
  Player& newcomer = duel_.bench.quick("newcomer");
  ASSERT_EQ(newcomer.seat.slot, slot);
  duel_.bench.run(3);
  EXPECT_THAT(newcomer.heard("weapon:fired"), IsEmpty());
}

TEST_F(HeldBack, the_end_of_the_match_comes_after_all_that_led_to_it) {
  after_a_state(0);
  duel_.bench.engine.match_command(duel_.a.seat, pistol_at(kIntoTheAir));
  duel_.bench.run(1);
  EXPECT_THAT(duel_.b.packets, IsEmpty());
  duel_.bench.say(duel_.a, wire::ClientKind::debug_trigger_match_end);
  duel_.bench.run(1);
  ASSERT_FALSE(duel_.b.packets.empty());
  EXPECT_THAT(duel_.b.packets.front(), HasSubstr("weapon:fired"));
}

}  // namespace
}  // namespace lobby::testing
