#include "moderation/notices.h"

#include <gtest/gtest.h>

namespace moderation {
namespace {

TEST(Notices, a_mute_comes_back_as_it_was) {
  store::Mute mute;
  mute.number = 7;
  mute.address = "10.0.0.1";
  mute.reason = "he said \"no\"\n";
  mute.muted_by = "somebody";
  mute.created_at = *store::parse_time("2026-11-22T13:28:07.123Z");
  mute.ends_at = *store::parse_time("2026-11-23T13:28:07.123Z");
  const std::string bytes = encode(mute);
  EXPECT_TRUE(is_notice(bytes));
  const auto read = decode_mute(bytes);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->number, 7);
  EXPECT_FALSE(read->player_id);
  EXPECT_EQ(read->address, mute.address);
  EXPECT_EQ(read->reason, mute.reason);
  EXPECT_EQ(read->muted_by, mute.muted_by);
  EXPECT_EQ(read->created_at, mute.created_at);
  EXPECT_EQ(read->ends_at, mute.ends_at);
  EXPECT_FALSE(read->lifted_at);
  EXPECT_FALSE(decode_kick(bytes).ok());
}

TEST(Notices, a_kick_comes_back_as_it_was) {
  const auto read = decode_kick(encode(Kick{"", "socket", "", "kicked: rude", 123}));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->connection_id, "socket");
  EXPECT_EQ(read->reason, "kicked: rude");
  EXPECT_EQ(read->at_ms, 123);
}

TEST(Notices, what_is_none_of_ours_or_broken_is_refused) {
  EXPECT_FALSE(is_notice("drain node-1"));
  for (const char* bytes :
       {"", "moderation mute", "moderation mute {", "moderation mute {}", "moderation mute []",
        R"(moderation mute {"number":1})", R"(moderation mute {"number":"1","player":"a"})",
        R"(moderation mute {"number":1,"player":"a","address":"b"})", "moderation kick {}",
        "moderation kick 7"}) {
    EXPECT_FALSE(decode_mute(bytes).ok()) << bytes;
    EXPECT_FALSE(decode_kick(bytes).ok()) << bytes;
  }
}

}  // namespace
}  // namespace moderation
