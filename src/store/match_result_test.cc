#include "store/match_result.h"

#include <gtest/gtest.h>

#include "store/connection.h"

namespace store {
namespace {

MatchResult sample() {
  MatchResult result;
  result.match_id = "0190a5a0-1111-7222-8333-444455556666";
  result.lobby_id = "LOBBY1";
  result.node_id = "node-1";
  result.mode = "tdm";
  result.map = "yard";
  result.winning_team = Winner::draw;
  result.red_score = 3;
  result.blue_score = 3;
  result.reason = "time_limit";
  result.started_at = *parse_time("2026-11-22T12:00:00.001Z");
  result.completed_at = *parse_time("2026-11-22T12:05:00.002Z");
  result.duration_seconds = 300;
  MatchPlayer guest;
  guest.seat = "s1";
  guest.display_name = "Zo\xc3\xab \"<script>\"";
  guest.team = Side::blue;
  guest.kills = 3;
  guest.deaths = 4;
  guest.joined_at = result.started_at;
  MatchPlayer member = guest;
  member.seat = "s2";
  member.player_id = "0190a5a0-1111-4222-8333-444455556667";
  member.left_at = result.completed_at;
  member.won = true;
  result.players = {guest, member};
  return result;
}

TEST(MatchResult, D4_ComesBackFromTheOutboxAsItWent) {
  const MatchResult result = sample();
  const auto back = decode(encode(result));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(encode(*back), encode(result));
  EXPECT_EQ(back->winning_team, Winner::draw);
  EXPECT_EQ(back->started_at, result.started_at);
  EXPECT_EQ(back->players[0].player_id, std::nullopt);
  EXPECT_EQ(back->players[0].left_at, std::nullopt);
  EXPECT_EQ(back->players[0].display_name, result.players[0].display_name);
  EXPECT_EQ(back->players[1].player_id, result.players[1].player_id);
  EXPECT_EQ(back->players[1].left_at, result.completed_at);
  EXPECT_TRUE(back->players[1].won);
}

TEST(MatchResult, AnythingElseIsNoStoredResult) {
  const std::string good = encode(sample());
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(decode(good.substr(0, length)).ok()) << length;
  }
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"\"v\":1", "\"v\":2"},
                                                        {"\"kills\":3", "\"kills\":-3"},
                                                        {"\"kills\":3", "\"kills\":\"3\""},
                                                        {"\"draw\"", "\"green\""},
                                                        {"\"map\"", "\"mop\""},
                                                        {"\"won\":true", "\"won\":1"}}) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    EXPECT_FALSE(decode(bad).ok()) << to;
  }
}

TEST(MatchResult, CheckNamesWhatIsWrong) {
  EXPECT_TRUE(check(sample()).ok());
  auto upper = sample();
  upper.match_id[10] = 'A';
  EXPECT_EQ(check(upper).error().message, "match result: match_id must be a uuid");
  auto empty = sample();
  empty.map.clear();
  EXPECT_FALSE(check(empty).ok());
  auto longname = sample();
  longname.players[0].display_name.assign(129, 'x');
  EXPECT_FALSE(check(longname).ok());
  longname.players[0].display_name.assign(80, 'x');  // twenty characters of four bytes
  EXPECT_TRUE(check(longname).ok());
}

}  // namespace
}  // namespace store
