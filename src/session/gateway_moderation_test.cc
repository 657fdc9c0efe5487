// What moderation wants of the sockets (S6, S7).

#include <gtest/gtest.h>

#include "moderation/mutes.h"
#include "moderation/words.h"
#include "session/gateway_test_bench.h"

namespace session {
namespace {

using testing::FakeShard;
using testing::FakeSocket;

class ModeratedGateway : public ::testing::Test {
 protected:
  ModeratedGateway() { router.link(routers); }

  GatewaySettings settings() {
    GatewaySettings made;
    made.mutes = &mutes;
    made.words = &words;
    made.authenticate = [](lobby::ShardIndex, const std::string& token,
                           std::function<void(base::Result<Identity>)> done) {
      done(Identity{token, "Ada", "login"});
    };
    return made;
  }
  void say(FakeSocket& socket, std::string_view name, std::string_view args = "") {
    bench.say(socket, name, args);
    shard.run();
  }
  void play(FakeSocket& socket, const std::string& name) {
    gateway.on_connect(socket, "");
    say(socket, "find_match", R"({"playerName":")" + name + R"("})");
  }
  static std::string last(const FakeSocket& socket, const std::string& event) {
    for (auto one = socket.packets.rbegin(); one != socket.packets.rend(); ++one) {
      if (one->starts_with("2[\"" + event + "\"")) return *one;
    }
    return "";
  }

  moderation::Mutes mutes;
  moderation::Words words{"darn\n"};
  testing::NodeBench node{1};
  testing::ShardBench bench{node, 0, settings()};
  FakeShard& shard = bench.shard;
  Router& router = bench.router;
  Gateway& gateway = bench.gateway;
  std::array<Router*, 1> routers{&router};
};

TEST_F(ModeratedGateway, S6_the_muted_are_refused_and_not_heard) {
  FakeSocket loud("loud", "10.0.0.1");
  FakeSocket other("other", "10.0.0.2");
  play(loud, "Loud");
  play(other, "Other");
  store::Mute mute;
  mute.number = 1;
  mute.address = "10.0.0.1";
  mute.reason = "spam";
  mutes.apply(mute);
  say(loud, "chat:message", R"({"text":"hey","channel":"lobby"})");
  EXPECT_NE(last(loud, "chat:refused").find("You are muted: spam (for good)"), std::string::npos);
  EXPECT_FALSE(other.heard("chat:message"));
  say(other, "chat:message", R"({"text":"hey","channel":"lobby"})");
  EXPECT_TRUE(loud.heard("chat:message"));
}

TEST_F(ModeratedGateway, S6_a_guest_with_a_foul_name_gets_a_neutral_one) {
  FakeSocket foul("foulfoulfoul");
  play(foul, "Darn");
  say(foul, "chat:message", R"({"text":"hey","channel":"lobby"})");
  EXPECT_NE(last(foul, "chat:message").find(R"("playerName":"Player foulfoul")"), std::string::npos)
      << last(foul, "chat:message");
}

TEST_F(ModeratedGateway, S7_a_report_without_a_match_is_answered) {
  FakeSocket socket("s");
  gateway.on_connect(socket, "");
  say(socket, "player:report", R"({"targetId":"x","reason":"cheating"})");
  EXPECT_TRUE(socket.heard("report:failed"));
}

TEST_F(ModeratedGateway, S7_a_kick_closes_whom_it_means_and_no_one_else) {
  FakeSocket account("a", "10.0.0.1");
  FakeSocket neighbour("b", "10.0.0.1");
  FakeSocket guest("c", "10.0.0.2");
  gateway.on_connect(account, R"({"token":"ada"})");
  gateway.on_connect(neighbour, "");
  gateway.on_connect(guest, "");
  gateway.end_kicked({"", "", "10.0.0.1", "kicked: rude", 0});
  EXPECT_TRUE(neighbour.closed);
  EXPECT_TRUE(neighbour.heard("session:ended"));
  EXPECT_FALSE(account.closed) << "a network stands for its guests";
  gateway.end_kicked({"", "c", "", "kicked: rude", 0});
  EXPECT_TRUE(guest.closed);
  EXPECT_FALSE(account.closed);
  gateway.end_kicked({"ada", "", "", "kicked: rude", 0});
  EXPECT_TRUE(account.closed);
}

}  // namespace
}  // namespace session
