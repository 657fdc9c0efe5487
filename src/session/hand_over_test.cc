// One account, one seat (A6), when the second device signs in while the first one's own join is on
// its way to a lobby of another shard.

#include <gtest/gtest.h>

#include <array>
#include <map>

#include "session/gateway_test_bench.h"

namespace session {
namespace {

using testing::FakeShard;
using testing::FakeSocket;

// Two shards whose posts wait until the test lets them run.
class HandOverTest : public ::testing::Test {
 protected:
  using Side = testing::ShardBench;

  static GatewaySettings settings(lobby::ShardIndex id) {
    GatewaySettings made;
    made.shard = id;
    made.authenticate = [](lobby::ShardIndex, const std::string&,
                           const std::function<void(base::Result<Identity>)>& done) {
      done(Identity{"account", "Ada", "login"});
    };
    return made;
  }

  HandOverTest() {
    here.router.link(routers);
    there.router.link(routers);
    there.gateway.on_connect(owner, "");
    there.say(owner, "create_private_lobby", R"({"gameMode":"deathmatch"})");
    settle();
    code = R"({"lobbyId":")" + directory.all().front().invite_code + R"("})";
  }
  ~HandOverTest() override {
    for (const auto& [socket, side] : signed_in)
      if (socket->user != nullptr) leave(*side, *socket);
    leave(there, owner);
    settle();
    EXPECT_EQ(directory.counts().players, 0u) << "a seat stayed behind";
    EXPECT_EQ(directory.counts().lobbies, 0u);
  }

  void sign_in(Side& side, FakeSocket& socket) {
    signed_in[&socket] = &side;
    side.gateway.on_connect(socket, R"({"token":"abc"})");
  }
  void leave(Side& side, FakeSocket& socket) {
    side.gateway.on_disconnect(socket, sio::DisconnectReason::server_closed);
  }
  // What is under way, in both directions, until nothing is.
  void settle() {
    while (!here.shard.idle() || !there.shard.idle()) {
      here.shard.run();
      there.shard.run();
    }
  }
  std::size_t players() const { return directory.counts().players; }

  testing::NodeBench node{2};
  lobby::Directory& directory = node.directory;
  Side here{node, 0, settings(0)};
  Side there{node, 1, settings(1)};
  std::array<Router*, 2> routers{&here.router, &there.router};
  FakeSocket owner{"owner"};  // of the lobby on the other shard
  FakeSocket first{"first"};
  FakeSocket second{"second"};
  std::map<FakeSocket*, Side*> signed_in;
  std::string code;
};

TEST_F(HandOverTest, A6_the_first_device_goes_before_its_seat_is_granted) {
  sign_in(here, first);
  here.say(first, "join_lobby", code);  // on its way to the other shard
  sign_in(here, second);
  EXPECT_TRUE(first.closed);
  leave(here, first);
  settle();
  EXPECT_EQ(players(), 1u) << "the owner; the seat that nobody waits for was given back";
  here.say(second, "join_lobby", code);
  settle();
  EXPECT_TRUE(second.heard("lobby_joined")) << second.packets.back();
  EXPECT_EQ(players(), 2u);
}

TEST_F(HandOverTest, A6_the_seat_is_granted_between_the_farewell_and_the_end_of_the_first_device) {
  sign_in(here, first);
  here.say(first, "join_lobby", code);
  sign_in(here, second);
  settle();  // the grant arrives at a socket that was told to go
  leave(here, first);
  settle();
  EXPECT_EQ(players(), 1u);
}

TEST_F(HandOverTest, A6_the_seat_goes_over_while_the_first_device_asks_for_another) {
  sign_in(here, first);
  here.say(first, "find_match", "{}");
  settle();
  ASSERT_EQ(players(), 2u);
  here.say(first, "join_lobby", code);  // it keeps its seat until this one is granted
  sign_in(here, second);
  leave(here, first);
  settle();
  EXPECT_EQ(players(), 2u) << "the owner and one seat of the account";
  here.say(second, "leave_lobby", "{}");
  settle();
  EXPECT_TRUE(second.heard("left_lobby")) << "the seat is the second device's";
  EXPECT_EQ(players(), 1u);
}

TEST_F(HandOverTest, A6_both_devices_on_different_shards_ask_for_the_same_lobby_at_once) {
  sign_in(here, first);
  here.say(first, "join_lobby", code);
  sign_in(there, second);
  there.say(second, "join_lobby", code);
  settle();
  EXPECT_TRUE(first.closed);
  leave(here, first);
  settle();
  EXPECT_EQ(players(), 2u) << "the owner and one seat of the account";
  EXPECT_TRUE(second.heard("lobby_joined"));
}

TEST_F(HandOverTest, A6_the_inherited_seat_settles_what_the_second_device_asked_for_itself) {
  sign_in(here, first);
  here.say(first, "join_lobby", code);
  settle();
  sign_in(there, second);
  there.say(second, "find_match", "{}");
  settle();
  EXPECT_TRUE(first.closed);
  leave(here, first);
  settle();
  EXPECT_EQ(players(), 2u) << "the owner and one seat of the account";
}

}  // namespace
}  // namespace session
