// A lobby that breaks goes down alone (S2): its people are told and free, the others and the shard
// play on.

#include <gmock/gmock.h>

#include "lobby/lobby_test_bench.h"

namespace lobby {
namespace {

using testing::Bench;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Player;
using ::testing::SizeIs;
using wire::ClientKind;

// Two lobbies of two in their matches: one that will break and one that must not notice.
class LobbyFault : public ::testing::Test {
 protected:
  void SetUp() override {
    LobbyOptions other;
    other.mode = "duel";
    for (Player* who : {&a_, &b_}) bench_.quick(who->id);
    for (Player* who : {&c_, &d_}) bench_.quick(who->id, other);
    ASSERT_NE(a_.seat.lobby, c_.seat.lobby);
    bench_.run_seconds(11);
    for (Player* who : {&a_, &c_}) bench_.join_world(*who, sim::Team::red);
    for (Player* who : {&b_, &d_}) bench_.join_world(*who, sim::Team::blue);
    bench_.run(10);
    for (Player* who : {&a_, &b_, &c_, &d_}) who->clear();
  }

  // Throws when something is sent to this player, so many times.
  void break_line_to(const Player& victim, int times) {
    bench_.before_send = [&victim, left = times](const Player& to, std::string_view) mutable {
      if (&to != &victim || left == 0) return;
      --left;
      throw std::runtime_error("the outlet is broken");
    };
  }

  void expect_told_and_free(Player& who) {
    EXPECT_FALSE(who.seat) << who.id;
    EXPECT_THAT(who.last("lobby:kicked"), HasSubstr("The lobby broke down")) << who.id;
    EXPECT_THAT(who.heard("left_lobby"), SizeIs(1)) << who.id;
    EXPECT_THAT(who.heard("lobby_error"), SizeIs(1)) << who.id;
  }

  // The broken lobby has left nothing; the other one plays on; the freed find a new one.
  void expect_the_rest_untouched() {
    EXPECT_EQ(bench_.engine.lobby_count(), 1u);
    EXPECT_EQ(bench_.directory.counts().lobbies, 1u);
    EXPECT_EQ(bench_.directory.counts().players, 2u);
    for (Player* who : {&c_, &d_}) {
      EXPECT_TRUE(who->seat);
      EXPECT_THAT(who->heard("lobby:kicked"), IsEmpty());
      who->clear();
    }
    bench_.run(60);
    for (const Player* who : {&c_, &d_})
      EXPECT_THAT(who->heard("game:state"), SizeIs(20)) << "no tick was lost";
    for (Player* who : {&a_, &b_}) {
      who->clear();
      bench_.quick(who->id);
      EXPECT_TRUE(who->seat);
      EXPECT_THAT(who->heard("lobby_joined"), SizeIs(1));
    }
    EXPECT_EQ(a_.seat.lobby, b_.seat.lobby);
    EXPECT_NE(a_.seat.lobby, c_.seat.lobby);
    bench_.run_seconds(11);
    EXPECT_THAT(a_.heard("match_started"), SizeIs(1));
  }

  Bench bench_;
  Player& a_ = bench_.player("a");
  Player& b_ = bench_.player("b");
  Player& c_ = bench_.player("c");
  Player& d_ = bench_.player("d");
};

TEST_F(LobbyFault, S2_in_a_tick_ends_that_lobby_alone) {
  break_line_to(a_, 1);
  bench_.run(4);
  expect_told_and_free(a_);
  expect_told_and_free(b_);
  expect_the_rest_untouched();
  ASSERT_THAT(bench_.recorder.results, SizeIs(1)) << "what was done is kept";
  EXPECT_EQ(bench_.recorder.results[0].reason, "aborted");
  EXPECT_THAT(bench_.recorder.results[0].players, SizeIs(2));
}

TEST_F(LobbyFault, S2_that_goes_on_while_people_are_told_frees_them_all_the_same) {
  break_line_to(a_, 1000);
  bench_.run(4);
  EXPECT_FALSE(a_.seat) << "whom nothing reaches is free too";
  EXPECT_THAT(a_.packets, IsEmpty());
  expect_told_and_free(b_);
  bench_.before_send = nullptr;
  expect_the_rest_untouched();
}

TEST_F(LobbyFault, S2_of_what_keeps_the_results_ends_that_lobby_alone) {
  bench_.recorder.broken = true;
  bench_.say(a_, ClientKind::debug_trigger_match_end);
  bench_.run(2);
  expect_told_and_free(a_);
  expect_told_and_free(b_);
  bench_.recorder.broken = false;
  expect_the_rest_untouched();
}

TEST_F(LobbyFault, S2_that_also_breaks_the_collapse_leaves_nothing_behind) {
  bench_.recorder.broken = true;  // asked again when the last of them leaves a running match
  break_line_to(b_, 1000);
  bench_.run(4);
  bench_.before_send = nullptr;
  bench_.recorder.broken = false;
  expect_told_and_free(a_);
  EXPECT_FALSE(b_.seat);
  expect_the_rest_untouched();
}

TEST_F(LobbyFault, S2_in_what_a_player_says_ends_that_lobby_alone) {
  break_line_to(b_, 1);
  bench_.say(a_, ClientKind::chat_message, wire::Chat{"hello", wire::Chat::Channel::lobby});
  expect_told_and_free(a_);
  expect_told_and_free(b_);
  expect_the_rest_untouched();
}

TEST_F(LobbyFault, S2_when_somebody_joins_or_leaves_answers_him_and_ends_that_lobby_alone) {
  break_line_to(a_, 1);
  Player& late = bench_.quick("late");  // a is told of him
  EXPECT_FALSE(late.seat);
  EXPECT_FALSE(late.refused.empty()) << "quick play looks again";
  expect_told_and_free(a_);
  expect_told_and_free(b_);
  expect_the_rest_untouched();

  break_line_to(c_, 1);
  bench_.leave(d_);
  expect_told_and_free(c_);
  EXPECT_EQ(bench_.engine.lobby_count(), 1u) << "the one of a and b";
}

TEST_F(LobbyFault, S2_when_a_line_is_lost_or_comes_back_ends_that_lobby_alone) {
  bench_.engine.transport_lost(b_.seat);
  break_line_to(b_, 1);
  bench_.say(a_, ClientKind::debug_trigger_match_end);
  bench_.run(10);
  bench_.engine.resume(b_.seat);  // told of the end of the match
  expect_told_and_free(a_);
  expect_told_and_free(b_);
  expect_the_rest_untouched();
}

TEST(NewLobby, L3_one_that_cannot_be_made_is_refused_and_offered_to_nobody) {
  Bench bench;
  bench.recorder.broken = true;
  Player& ann = bench.quick("ann");
  EXPECT_FALSE(ann.seat);
  EXPECT_FALSE(ann.refused.empty());
  EXPECT_EQ(bench.engine.lobby_count(), 0u);
  EXPECT_EQ(bench.directory.counts().lobbies, 0u);
  bench.recorder.broken = false;
  EXPECT_TRUE(bench.quick("ann").seat);
}

}  // namespace
}  // namespace lobby
