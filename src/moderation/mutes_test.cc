#include "moderation/mutes.h"

#include <gtest/gtest.h>

namespace moderation {
namespace {

using namespace std::chrono_literals;

const store::Time kNow = store::now();

store::Mute mute_of(std::int64_t number, const std::string& player, const std::string& address,
                    std::optional<store::Time> ends = {}) {
  store::Mute mute;
  mute.number = number;
  if (!player.empty()) mute.player_id = player;
  if (!address.empty()) mute.address = address;
  mute.reason = "spam";
  mute.ends_at = ends;
  return mute;
}

TEST(Mutes, S6_an_account_is_muted_wherever_it_is_guests_by_their_network) {
  Mutes mutes;
  mutes.apply(mute_of(1, "ada", ""));
  mutes.apply(mute_of(2, "", "2001:db8:1:2::/64"));
  EXPECT_EQ(mutes.of("ada", "10.0.0.1", kNow), "spam (for good)");
  EXPECT_TRUE(mutes.of("", "2001:db8:1:2::77", kNow));
  EXPECT_FALSE(mutes.of("", "2001:db8:1:3::77", kNow));
  EXPECT_FALSE(mutes.of("bob", "2001:db8:1:2::77", kNow)) << "an account of a guest's household";
  EXPECT_FALSE(mutes.of("", "ada", kNow));
}

TEST(Mutes, S6_a_mute_ends_by_itself_and_the_longest_is_told) {
  Mutes mutes;
  mutes.apply(mute_of(1, "ada", "", kNow + 10s));
  mutes.apply(mute_of(2, "ada", "", kNow + 60s));
  EXPECT_EQ(mutes.of("ada", "", kNow), "spam (until " + store::to_text(kNow + 60s) + ")");
  EXPECT_TRUE(mutes.of("ada", "", kNow + 59s));
  EXPECT_FALSE(mutes.of("ada", "", kNow + 60s));
}

TEST(Mutes, an_end_counts_even_when_it_overtakes_the_beginning) {
  Mutes mutes;
  store::Mute lifted = mute_of(1, "ada", "");
  lifted.lifted_at = kNow;
  mutes.apply(lifted);
  mutes.apply(mute_of(1, "ada", ""));
  EXPECT_FALSE(mutes.of("ada", "", kNow));
}

TEST(Mutes, what_is_told_while_the_database_is_read_is_not_forgotten) {
  Mutes mutes;
  mutes.apply(mute_of(1, "old", ""));
  const auto mark = mutes.mark();
  mutes.apply(mute_of(2, "new", ""));
  store::Mute lifted = mute_of(3, "free", "");
  lifted.lifted_at = kNow;
  mutes.apply(lifted);
  mutes.replace({mute_of(3, "free", ""), mute_of(4, "found", "")}, mark);
  EXPECT_FALSE(mutes.of("old", "", kNow)) << "lifted where nobody told us";
  EXPECT_TRUE(mutes.of("new", "", kNow));
  EXPECT_FALSE(mutes.of("free", "", kNow));
  EXPECT_TRUE(mutes.of("found", "", kNow));
}

}  // namespace
}  // namespace moderation
