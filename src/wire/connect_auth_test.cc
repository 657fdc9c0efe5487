#include "wire/connect_auth.h"

#include <gtest/gtest.h>

#include "wire/account_packets.h"
#include "wire/client_event.h"

namespace wire {
namespace {

TEST(ConnectAuth, A6_none_is_a_guest_a_token_is_read_the_rest_is_refused) {
  EXPECT_TRUE(connect_auth("").ok);
  EXPECT_TRUE(connect_auth("{}").ok);
  EXPECT_TRUE(connect_auth(R"({"token":null})").ok);
  EXPECT_EQ(connect_auth(R"({"pid":"x","token":"abc"})").token, "abc");
  EXPECT_TRUE(connect_auth(R"({"pid":"x","offset":"y"})").token.empty());
  for (const char* bad :
       {"[]", "7", "\"x\"", "{", "{\"token\":7}", "{\"token\":[]}", "null", "\xff\xff"}) {
    EXPECT_FALSE(connect_auth(bad).ok) << bad;
  }
  EXPECT_FALSE(connect_auth("{\"token\":\"" + std::string(5000, 'x') + "\"}").ok);
  EXPECT_FALSE(connect_auth("{\"token\":\"x\",\"pad\":\"" + std::string(9000, 'x') + "\"}").ok);
}

TEST(AccountLink, takes_a_token_and_nothing_else) {
  Decoder decoder;
  ClientEvent event;
  ASSERT_EQ(decoder.decode("account:link", R"({"token":"abc"})", event), DecodeStatus::ok);
  EXPECT_EQ(event.as<AccountLink>().token, "abc");
  for (const char* bad : {"", "null", "7", "{}", R"({"token":""})", R"({"token":7})"}) {
    EXPECT_EQ(decoder.decode("account:link", bad, event), DecodeStatus::malformed) << bad;
  }
}

TEST(PlayerName, comes_with_every_way_into_a_lobby) {
  Decoder decoder;
  ClientEvent event;
  ASSERT_EQ(decoder.decode("find_match", R"({"playerName":" Ada\u0007 "})", event),
            DecodeStatus::ok);
  EXPECT_EQ(event.as<FindMatch>().player_name, "Ada");
  ASSERT_EQ(decoder.decode("create_private_lobby", R"({"playerName":"Ada"})", event),
            DecodeStatus::ok);
  EXPECT_EQ(event.as<LobbyOptions>().player_name, "Ada");
  ASSERT_EQ(decoder.decode("join_lobby", R"({"lobbyId":"x","playerName":"Ada"})", event),
            DecodeStatus::ok);
  EXPECT_EQ(event.as<JoinLobby>().player_name, "Ada");
  EXPECT_EQ(decoder.decode("find_match", R"({"playerName":7})", event), DecodeStatus::malformed);
}

TEST(AccountPackets, are_whole_packets_with_escaped_texts) {
  std::string out;
  session_ended(out, "a \"b\"");
  EXPECT_EQ(out, "42[\"session:ended\",{\"reason\":\"a \\\"b\\\"\"}]");
  out.clear();
  account_linked(out, "id", "Ada");
  EXPECT_EQ(out, "42[\"account:linked\",{\"playerId\":\"id\",\"displayName\":\"Ada\"}]");
}

}  // namespace
}  // namespace wire
