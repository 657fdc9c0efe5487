// Waiting for a match and parties on the wire (C3).

#include <gtest/gtest.h>

#include "wire/client_event.h"
#include "wire/queue_packets.h"

namespace wire {
namespace {

struct Decoded {
  Decoder decoder;
  ClientEvent event;
  DecodeStatus operator()(std::string_view name, std::string_view args) {
    return decoder.decode(name, args, event);
  }
};

TEST(QueueEvents, C3_JoinNamesModeRegionsAndParty) {
  Decoded decode;
  ASSERT_EQ(decode("queue:join", ""), DecodeStatus::ok);
  EXPECT_EQ(decode.event.as<QueueJoin>().mode, "deathmatch");
  ASSERT_EQ(decode("queue:join", R"({"gameMode":"duel","region":"eu","regions":["us","asia-1"],
                                     "party":"AB12","pass":"x_-Y","playerName":" Kim "})"),
            DecodeStatus::ok);
  const auto& join = decode.event.as<QueueJoin>();
  EXPECT_EQ(join.mode, "duel");
  EXPECT_EQ(join.region, "eu");
  EXPECT_EQ(join.regions, (std::vector<std::string>{"us", "asia-1"}));
  EXPECT_EQ(join.party, "AB12");
  EXPECT_EQ(join.pass, "x_-Y");
  EXPECT_EQ(join.player_name, "Kim");
  ASSERT_EQ(decode("queue:join", R"({"regions":["a"],"regions":["b"]})"), DecodeStatus::ok);
  EXPECT_EQ(decode.event.as<QueueJoin>().regions, std::vector<std::string>{"b"})
      << "the last counts";
}

TEST(QueueEvents, S2_NonsenseIsMalformed) {
  Decoded decode;
  for (const char* args :
       {"7", R"({"gameMode":""})", R"({"gameMode":"A"})", R"({"region":5})", R"({"regions":"eu"})",
        R"({"regions":[""]})", R"({"regions":["EU"]})", R"({"pass":"a b"})", R"({"party":"a\nb"})",
        R"({"regions":["a","b","c","d","e","f","g","h","i"]})"})
    EXPECT_EQ(decode("queue:join", args), DecodeStatus::malformed) << args;
  for (const char* args :
       {"", "{}", R"({"code":" "})", R"({"code":7})", R"({"code":"A","pass":1})"})
    EXPECT_EQ(decode("party:join", args), DecodeStatus::malformed) << args;
  EXPECT_EQ(decode("party:create", R"({"playerName":7})"), DecodeStatus::malformed);
  ASSERT_EQ(decode("party:join", R"({"code":" ab-1 ","playerName":"Kim"})"), DecodeStatus::ok);
  EXPECT_EQ(decode.event.as<PartyJoin>().code, "ab-1");
}

TEST(QueuePackets, C3_StatusTellsPositionEstimateAndWhatBlocks) {
  std::string out;
  queue_status(out, {});
  EXPECT_EQ(out,
            R"(42["queue:status",{"position":0,"waiting":0,"estimateMs":null,"state":"idle"}])");
  out.clear();
  const std::string regions[] = {"eu", "us"};
  queue_status(out, {.position = 3,
                     .waiting = 12,
                     .estimate_ms = 4500,
                     .state = "waiting",
                     .blocks = "skill",
                     .waited_ms = 700,
                     .mode = "deathmatch",
                     .regions = regions,
                     .party = 2,
                     .pass = "p"});
  EXPECT_EQ(out,
            R"(42["queue:status",{"position":3,"waiting":12,"estimateMs":4500,"state":"waiting",)"
            R"("blocks":"skill","waitedMs":700,"reach":"cluster","gameMode":"deathmatch",)"
            R"("regions":["eu","us"],"party":2,"pass":"p"}])");
  out.clear();
  queue_matched(out, "L1", 900);
  EXPECT_EQ(out, R"(42["queue:matched",{"lobbyId":"L1","waitedMs":900}])");
  out.clear();
  queue_failed(out, "no");
  EXPECT_EQ(out, R"(42["queue:failed",{"reason":"no"}])");
}

TEST(QueuePackets, C3_PartyState) {
  std::string out;
  party_state(out, {});
  EXPECT_EQ(out, R"(42["party:state",{"code":null,"leaderId":"","queued":false,"members":[]}])");
  out.clear();
  const PartyPerson members[] = {{"a", "Kim"}, {"b", "\"x\""}};
  party_state(out,
              {.code = "AB12", .leader_id = "a", .members = members, .queued = true, .pass = "s"});
  EXPECT_EQ(out, R"(42["party:state",{"code":"AB12","leaderId":"a","queued":true,)"
                 R"("members":[{"id":"a","name":"Kim"},{"id":"b","name":"\"x\""}],"pass":"s"}])");
  out.clear();
  party_failed(out, "full");
  EXPECT_EQ(out, R"(42["party:failed",{"reason":"full"}])");
}

}  // namespace
}  // namespace wire
