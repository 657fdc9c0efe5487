#include "lobby/ballot.h"

#include <gtest/gtest.h>

namespace lobby {
namespace {

TEST(Ballot, L8_offers_rematch_maps_and_leave) {
  Ballot ballot;
  ballot.open({"gardens", "foundry"});
  EXPECT_EQ(ballot.options(),
            (std::vector<std::string>{"rematch", "map:gardens", "map:foundry", "leave"}));
}

TEST(Ballot, L8_one_vote_a_seat_and_changeable) {
  Ballot ballot;
  ballot.open({"gardens"});
  EXPECT_TRUE(ballot.cast(3, "rematch"));
  EXPECT_TRUE(ballot.cast(3, "map:gardens"));
  EXPECT_EQ(ballot.tallies(), (std::vector<std::uint32_t>{0, 1, 0}));
  EXPECT_EQ(ballot.winner(), "map:gardens");
}

TEST(Ballot, L8_no_vote_means_stay_and_a_rematch) {
  Ballot ballot;
  ballot.open({"gardens"});
  EXPECT_FALSE(ballot.leaves(0));
  EXPECT_EQ(ballot.winner(), "rematch");
}

TEST(Ballot, L8_leaving_does_not_choose_the_map) {
  Ballot ballot;
  ballot.open({"gardens"});
  ballot.cast(0, "leave");
  ballot.cast(1, "leave");
  ballot.cast(2, "map:gardens");
  EXPECT_TRUE(ballot.leaves(0));
  EXPECT_EQ(ballot.winner(), "map:gardens");
}

TEST(Ballot, L8_most_votes_win_and_the_earlier_option_on_a_tie) {
  Ballot ballot;
  ballot.open({"gardens", "foundry"});
  const auto vote = [&](std::initializer_list<const char*> options) {
    ballot.open({"gardens", "foundry"});
    sim::Slot slot = 0;
    for (const char* option : options) EXPECT_TRUE(ballot.cast(slot++, option));
    return ballot.winner();
  };
  EXPECT_EQ(vote({"map:foundry", "map:foundry", "map:gardens"}), "map:foundry");
  EXPECT_EQ(vote({"map:foundry", "rematch"}), "rematch");
  EXPECT_EQ(vote({"map:foundry", "map:gardens"}), "map:gardens");
  EXPECT_EQ(vote({"leave", "leave", "leave"}), "rematch") << "for whoever stays after all";
  EXPECT_EQ(vote({"leave", "leave", "map:foundry"}), "map:foundry");
  EXPECT_EQ(vote({"map:gardens", "map:foundry", "map:foundry", "rematch", "rematch"}), "rematch");
}

TEST(Ballot, L8_a_new_vote_forgets_the_last) {
  Ballot ballot;
  ballot.open({"gardens"});
  ballot.cast(0, "leave");
  ballot.cast(1, "map:gardens");
  ballot.open({"foundry"});
  EXPECT_FALSE(ballot.leaves(0));
  EXPECT_EQ(ballot.tallies(), (std::vector<std::uint32_t>{0, 0, 0}));
  EXPECT_EQ(ballot.winner(), "rematch");
}

TEST(Ballot, refuses_what_is_not_on_it) {
  Ballot ballot;
  EXPECT_FALSE(ballot.cast(0, "rematch")) << "not open yet";
  ballot.open({});
  EXPECT_FALSE(ballot.cast(0, "map:moon"));
  EXPECT_FALSE(ballot.cast(200, "rematch"));
  ballot.close();
  EXPECT_FALSE(ballot.cast(0, "rematch"));
}

TEST(Ballot, a_seat_given_up_has_no_vote) {
  Ballot ballot;
  ballot.open({"gardens"});
  ballot.cast(5, "map:gardens");
  ballot.withdraw(5);
  EXPECT_EQ(ballot.winner(), "rematch");
}

}  // namespace
}  // namespace lobby
