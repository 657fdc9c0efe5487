#include "accounts/guest_bans.h"

#include <gtest/gtest.h>

namespace accounts {
namespace {

using namespace std::chrono_literals;

class GuestBansTest : public ::testing::Test {
 protected:
  // What the asker heard: "free", the ban's words, or the error's code.
  void ask(const std::string& address) {
    bans.ask(address, [this](const base::Result<GuestBans::Ban>& ban) {
      heard.push_back(!ban ? ban.error().code : ban->value_or("free"));
    });
  }

  GuestBans::Clock::time_point now{1h};
  std::vector<std::pair<std::string, GuestBans::Done>> asked;
  GuestBans bans{[this](const std::string& network, GuestBans::Done done) {
                   asked.emplace_back(network, std::move(done));
                 },
                 [this] { return now; }};
  std::vector<std::string> heard;
};

TEST_F(GuestBansTest, S8_a_storm_of_connects_is_one_question) {
  for (int i = 0; i < 100; ++i) ask("10.0.0.1");
  ask("10.0.0.2");
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0].first, "10.0.0.1");
  EXPECT_TRUE(heard.empty());
  asked[0].second(GuestBans::Ban("cheating"));
  EXPECT_EQ(heard, std::vector<std::string>(100, "cheating"));
  ask("10.0.0.1");
  EXPECT_EQ(heard.size(), 101u) << "known for a few seconds";
  EXPECT_EQ(asked.size(), 2u);
}

TEST_F(GuestBansTest, S8_the_answer_holds_a_few_seconds_for_the_whole_network) {
  ask("2001:db8:1:2::1");
  asked[0].second(GuestBans::Ban());
  ask("2001:db8:1:2::ffff");
  EXPECT_EQ(heard, (std::vector<std::string>{"free", "free"}));
  now += GuestBans::kKeep;
  ask("2001:db8:1:2::1");
  EXPECT_EQ(asked.size(), 2u);
  EXPECT_EQ(heard.size(), 2u);
}

TEST_F(GuestBansTest, S8_an_error_is_told_and_not_asked_again_at_once) {
  ask("10.0.0.1");
  asked[0].second(base::Error{"unavailable", "away"});
  ask("10.0.0.1");
  EXPECT_EQ(heard, (std::vector<std::string>{"unavailable", "unavailable"}));
  EXPECT_EQ(asked.size(), 1u);
}

TEST_F(GuestBansTest, S8_news_of_a_ban_overtake_what_was_known_and_what_is_on_its_way) {
  ask("10.0.0.1");
  bans.forget("10.0.0.1");
  ask("10.0.0.1");
  ASSERT_EQ(asked.size(), 2u);
  asked[0].second(GuestBans::Ban());
  EXPECT_EQ(heard, std::vector<std::string>{"free"}) << "he waited for that answer";
  asked[1].second(GuestBans::Ban("cheating"));
  ask("10.0.0.1");
  EXPECT_EQ(heard, (std::vector<std::string>{"free", "cheating", "cheating"}));
  bans.forget("10.0.0.1");
  ask("10.0.0.1");
  EXPECT_EQ(asked.size(), 3u);
}

TEST_F(GuestBansTest, what_is_known_does_not_grow_with_the_addresses_ever_seen) {
  for (int i = 0; i < 5000; ++i) {
    ask("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250));
    asked.back().second(GuestBans::Ban());
    now += 10ms;
  }
  asked.clear();
  ask("10.0.0.0");
  EXPECT_EQ(asked.size(), 1u);
}

}  // namespace
}  // namespace accounts
