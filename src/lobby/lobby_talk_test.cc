// Chat (S6) and reports (S7) as a lobby handles them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "lobby/lobby_test_bench.h"
#include "lobby/moderator.h"

namespace lobby {
namespace {

using testing::Bench;
using testing::Player;
using wire::ClientKind;

class Judge final : public Moderator {
 public:
  bool mask(std::string_view text, std::string& shown) override {
    shown = text;
    const auto bad = shown.find("darn");
    if (bad != std::string::npos) shown.replace(bad, 4, "****");
    return bad != std::string::npos;
  }
  bool may_be_called(std::string_view name) override {
    return name.find("darn") == std::string_view::npos;
  }
  void said(Said line) override { lines.push_back(std::move(line)); }
  void suspect(Suspect) override {}
  void accuse(Accusation accusation, std::function<void(const Judgement&)> done) override {
    accusations.push_back(std::move(accusation));
    answers.push_back(std::move(done));
  }
  std::vector<Said> lines;
  std::vector<Accusation> accusations;
  std::vector<std::function<void(const Judgement&)>> answers;
};

class LobbyTalk : public ::testing::Test {
 protected:
  void say(Player& who, const std::string& text, bool team = false) {
    bench.say(who, ClientKind::chat_message,
              wire::Chat{text, team ? wire::Chat::Channel::team : wire::Chat::Channel::lobby});
  }
  void report(Player& who, const std::string& target) {
    bench.say(who, ClientKind::player_report, wire::Report{target, "cheating", "look"});
  }
  // Ada and Bob in a match that runs.
  void play() {
    bench.run_seconds(11);
    bench.join_world(ada, sim::Team::red);
    bench.join_world(bob, sim::Team::blue);
    bench.run_seconds(1);
  }
  void end_match() {
    bench.say(ada, ClientKind::debug_trigger_match_end);
    bench.run_seconds(1);
  }

  Judge judge;
  Bench bench{0, 2500, TRESPASSER_SOURCE_DIR "/maps", "foundry",
              [this](LobbyContext& context) { context.moderator = &judge; }};
  Player& ada = bench.quick("ada");
  Player& bob = bench.quick("bob");
};

TEST_F(LobbyTalk, S6_others_see_the_masked_text_the_log_what_was_typed) {
  say(ada, "darn it");
  EXPECT_THAT(bob.last("chat:message"), ::testing::HasSubstr(R"("text":"**** it")"));
  ASSERT_EQ(judge.lines.size(), 1u);
  EXPECT_EQ(judge.lines[0].text, "darn it");
  EXPECT_EQ(judge.lines[0].name, "ada");
  EXPECT_TRUE(judge.lines[0].masked);
  EXPECT_TRUE(judge.lines[0].match_id.empty());
  EXPECT_FALSE(judge.lines[0].lobby_id.empty());
}

TEST_F(LobbyTalk, S6_team_chat_is_for_the_team) {
  play();
  Player& eve = bench.quick("eve");
  bench.join_world(eve, sim::Team::red);
  bench.run_seconds(1);
  say(ada, "go left", true);
  EXPECT_TRUE(bob.heard("chat:message").empty());
  EXPECT_EQ(eve.heard("chat:message").size(), 1u);
  EXPECT_EQ(ada.heard("chat:message").size(), 1u);
  EXPECT_TRUE(judge.lines.back().team_only);
  EXPECT_FALSE(judge.lines.back().match_id.empty());
}

TEST_F(LobbyTalk, S6_a_guest_is_not_called_as_he_likes) {
  bench.run_seconds(11);
  wire::PlayerJoin join;
  join.name = "darn you";
  bench.say(ada, ClientKind::player_join, join);
  bench.run_seconds(1);
  say(ada, "hello");
  EXPECT_EQ(judge.lines.back().name, "ada");
}

TEST_F(LobbyTalk, S7_before_a_match_nobody_can_be_reported) {
  report(ada, "bob");
  EXPECT_THAT(ada.last("report:failed"), ::testing::HasSubstr("Only players of your match"));
  EXPECT_TRUE(judge.accusations.empty());
}

TEST_F(LobbyTalk, S7_a_report_names_both_the_match_and_the_tick_and_is_answered_when_judged) {
  play();
  report(ada, "bob");
  ASSERT_EQ(judge.accusations.size(), 1u);
  const Accusation& made = judge.accusations[0];
  EXPECT_EQ(made.reporter.player_id, "ada");
  EXPECT_EQ(made.target.player_id, "bob");
  EXPECT_EQ(made.reason, "cheating");
  EXPECT_EQ(made.note, "look");
  EXPECT_FALSE(made.match_id.empty());
  EXPECT_GE(made.tick, sim::Tick{60});
  EXPECT_TRUE(ada.heard("report:received").empty());
  judge.answers[0]({});
  EXPECT_EQ(ada.heard("report:received").size(), 1u);
  EXPECT_TRUE(bob.heard("chat:message").empty());
}

TEST_F(LobbyTalk, S7_a_refusal_and_a_ban_are_told) {
  play();
  report(ada, "bob");
  judge.answers[0]({"You have reported this player already", false});
  EXPECT_THAT(ada.last("report:failed"), ::testing::HasSubstr("already"));
  report(ada, "bob");
  judge.answers[1]({"", true});
  EXPECT_THAT(ada.last("chat:message"), ::testing::HasSubstr("bob was banned"));
  EXPECT_THAT(ada.last("chat:message"), ::testing::HasSubstr(R"("channel":"system")"));
}

TEST_F(LobbyTalk, S7_who_has_left_and_who_was_in_the_last_match_can_still_be_reported) {
  Player& eve = bench.quick("eve");
  play();
  bench.join_world(eve, sim::Team::red);
  bench.run_seconds(1);
  bench.leave(bob);
  report(ada, "bob");
  ASSERT_EQ(judge.accusations.size(), 1u) << "left";
  const std::string match = judge.accusations[0].match_id;
  end_match();
  report(ada, "eve");
  ASSERT_EQ(judge.accusations.size(), 2u) << "match is over";
  EXPECT_EQ(judge.accusations[1].match_id, match);
  EXPECT_GT(judge.accusations[1].tick, judge.accusations[0].tick);
}

TEST_F(LobbyTalk, S7_strangers_and_late_comers_have_nothing_to_report) {
  play();
  Player& late = bench.quick("late");
  report(late, "bob");
  EXPECT_EQ(late.heard("report:failed").size(), 1u);
  report(ada, "late");
  report(ada, "nobody");
  EXPECT_EQ(ada.heard("report:failed").size(), 2u);
  EXPECT_TRUE(judge.accusations.empty());
}

TEST_F(LobbyTalk, an_answer_for_a_lobby_that_is_gone_is_nobodys) {
  play();
  report(ada, "bob");
  bench.leave(ada);
  bench.leave(bob);
  bench.run_seconds(1);
  ASSERT_EQ(judge.answers.size(), 1u);
  judge.answers[0]({"", true});
  EXPECT_TRUE(ada.heard("report:received").empty());
}

}  // namespace
}  // namespace lobby
