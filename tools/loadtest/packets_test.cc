#include "loadtest/packets.h"

#include <gtest/gtest.h>

namespace loadtest {
namespace {

// Appendix A of the wire contract has the real client's bytes; ours differ in nothing but values.
TEST(Packets, InputIsWhatTheShippedClientSends) {
  std::string out;
  append_input(out, Controls{.mouse_x = 0, .mouse_y = 0}, 1, 1795341669508);
  EXPECT_EQ(
      out,
      R"(42["player:input",{"keys":{"1":false,"2":false,"3":false,"4":false,"w":false,"a":false,"s":false,"d":false,)"
      R"("shift":false,"ctrl":false,"r":false,"g":false},"mouse":{"x":0,"y":0,"buttons":0,"leftPressed":false,)"
      R"("rightPressed":false,"leftReleased":false,"rightReleased":false},"sequence":1,"timestamp":1795341669508}])");
}

TEST(Packets, JoinAndLobbyEvents) {
  std::string out;
  append_find_match(out);
  EXPECT_EQ(out,
            R"(42["find_match",{"gameMode":"deathmatch","isPrivate":false,"quickJoin":true}])");
  out.clear();
  append_player_join(out, "smg", true, 7, 5);
  EXPECT_EQ(
      out,
      R"(42["player:join",{"loadout":{"primary":"smg","secondary":"pistol","support":["grenade","smokegrenade"],)"
      R"("team":"red"},"playerName":"Player7","timestamp":5}])");
  out.clear();
  append_bare(out, "player:respawn");
  EXPECT_EQ(out, R"(42["player:respawn"])");
}

TEST(Packets, FireAimsAtTheMouse) {
  std::string out;
  append_fire(out, "shotgun", Controls{.mouse_x = 250, .mouse_y = 135}, {240, 135}, 9, 5);
  EXPECT_NE(out.find(R"("targetPosition":{"x":250,"y":135},"direction":0,)"), std::string::npos)
      << out;
  EXPECT_NE(out.find(R"("sequence":9,"pelletCount":8}])"), std::string::npos) << out;
}

TEST(Packets, ConnectSaysWhoOneIsAndWas) {
  std::string out;
  append_connect(out, "", "");
  EXPECT_EQ(out, "40");
  out.clear();
  append_connect(out, "abc", "");
  EXPECT_EQ(out, R"(40{"token":"abc"})");
  out.clear();
  append_connect(out, "abc", "secret");
  EXPECT_EQ(out, R"(40{"token":"abc","pid":"secret"})");
}

TEST(Packets, PrivateLobbiesSayOnlyTheLimitsThatWereAskedFor) {
  std::string out;
  append_create_lobby(out, 4, 0, 30);
  EXPECT_EQ(
      out,
      R"(42["create_private_lobby",{"gameMode":"deathmatch","password":"","maxPlayers":4,"timeLimit":30}])");
}

TEST(Packets, AListOfTexts) {
  const auto options =
      list_field(R"(42["vote_started",{"options":["rematch","map:yard"],"endsAt":1}])", "options");
  ASSERT_EQ(options.size(), 2u);
  EXPECT_EQ(options[0], "rematch");
  EXPECT_EQ(options[1], "map:yard");
  EXPECT_TRUE(list_field(R"({"options":[]})", "options").empty());
  EXPECT_TRUE(list_field(R"({"options":["cut)", "options").empty());
  EXPECT_TRUE(list_field("{}", "options").empty());
}

TEST(Packets, NamesAndFieldsOfAnswers) {
  EXPECT_EQ(event_name(R"(42["game:state",{"x":1}])"), "game:state");
  EXPECT_EQ(event_name(R"(4217["acked"])"), "acked");
  EXPECT_EQ(event_name("2"), "");
  EXPECT_EQ(event_name("42[]"), "");
  EXPECT_EQ(event_name("42[\"cut"), "");
  EXPECT_EQ(text_field(R"(40{"sid":"abc","pid":"def"})", "sid"), "abc");
  EXPECT_EQ(text_field(R"(40{"sid":"abc","pid":"def"})", "pid"), "def");
  EXPECT_EQ(text_field(R"({"xreason":"no","reason":"yes"})", "reason"), "yes");
  EXPECT_EQ(text_field(R"({"reason":1})", "reason"), "");
}

}  // namespace
}  // namespace loadtest
