// Who is let in on a connection (A5, A6, S2), with a socket and a shard that only remember.

#include "session/gateway.h"

#include <gtest/gtest.h>

#include <deque>

#include "lobby/lobby_test_bench.h"
#include "session/lobby_host.h"
#include "session/presence.h"
#include "session/router.h"

namespace session {
namespace {

class FakeShard final : public net::Shard {
 public:
  net::ShardId id() const override { return 0; }
  void post(std::function<void()> fn) override { posts_.push_back(std::move(fn)); }
  void post_unhurried(std::function<void()> fn) override { post(std::move(fn)); }
  TimerId at(net::SteadyTime, std::function<void()>) override { return ++timers_; }
  void cancel(TimerId) override {}
  void flush() override {}
  void run() {
    while (!posts_.empty()) {
      const std::function<void()> fn = std::move(posts_.front());
      posts_.pop_front();
      fn();
    }
  }

 private:
  std::deque<std::function<void()>> posts_;
  TimerId timers_ = 0;
};

class FakeSocket final : public sio::Socket {
 public:
  explicit FakeSocket(std::string id) : id_(std::move(id)) {}
  std::string_view id() const override { return id_; }
  std::string_view nsp() const override { return "/"; }
  const sio::Handshake& handshake() const override { return handshake_; }
  void accept() override { accepted = true; }
  void refuse(std::string_view message) override { refused = message; }
  void send(std::string_view packet) override { packets.emplace_back(packet); }
  void send_volatile(std::string_view packet) override { send(packet); }
  void ack(std::uint64_t, std::string_view) override {}
  void send(std::string_view packet, std::span<const std::string>) override { send(packet); }
  void ack(std::uint64_t, std::string_view, std::span<const std::string>) override {}
  void close(sio::DisconnectReason) override { closed = true; }
  bool connected() const override { return !closed; }
  std::chrono::milliseconds round_trip() const override { return {}; }

  bool heard(std::string_view event) const {
    for (const std::string& packet : packets) {
      if (packet.starts_with("2[\"" + std::string(event) + "\"")) return true;
    }
    return false;
  }

  bool accepted = false;
  bool closed = false;
  std::string refused;
  std::vector<std::string> packets;

 private:
  std::string id_;
  sio::Handshake handshake_;
};

class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest()
      : directory(100, 100, 1),
        maps(lobby::MapPool::load(std::string(TRESPASSER_SOURCE_DIR) + "/maps", "").value()),
        router(shard),
        host(shard, {.outlet = router,
                     .directory = directory,
                     .maps = maps,
                     .recorder = recorder,
                     .replays = nullptr,
                     .post = [this](std::function<void()> fn) { shard.post(std::move(fn)); },
                     .result_kept = {},
                     .node_id = "test",
                     .shard = 0,
                     .bot_fill = 0,
                     .bot_skill = "normal",
                     .timing = {}}),
        gateway(settings(), router, directory, presence) {
    router.attach(gateway, host);
    router.link(routers);
  }

  GatewaySettings settings() {
    GatewaySettings made;
    made.authenticate = [this](lobby::ShardIndex, const std::string& token,
                               std::function<void(base::Result<Identity>)> done) {
      asked = token;
      answer = std::move(done);
    };
    return made;
  }

  void say(FakeSocket& socket, std::string_view name, std::string_view args = "") {
    sio::Event event;
    event.name = name;
    event.args = args;
    gateway.on_event(socket, event);
    shard.run();
  }

  FakeShard shard;
  lobby::Directory directory;
  lobby::MapPool maps;
  lobby::testing::Recorder recorder;
  Presence presence;
  Router router;
  std::array<Router*, 1> routers{&router};
  LobbyHost host;
  Gateway gateway;
  std::string asked;
  std::function<void(base::Result<Identity>)> answer;
};

TEST_F(GatewayTest, A6_no_token_is_a_guest_a_bad_payload_is_unauthorized) {
  FakeSocket guest("guest");
  gateway.on_connect(guest, "");
  EXPECT_TRUE(guest.accepted);
  FakeSocket odd("odd");
  gateway.on_connect(odd, R"({"token":7})");
  EXPECT_EQ(odd.refused, "unauthorized");
}

TEST_F(GatewayTest, A6_a_token_is_checked_before_anything_is_accepted) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  EXPECT_EQ(asked, "abc");
  EXPECT_FALSE(socket.accepted);
  answer(Identity{"account", "Ada", "login"});
  EXPECT_TRUE(socket.accepted);
  EXPECT_TRUE(presence.find("account"));
}

TEST_F(GatewayTest, Contract1_6_busy_is_no_refusal_but_a_closed_transport) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  answer(base::Error{"unavailable", "busy"});
  EXPECT_TRUE(socket.refused.empty());
  EXPECT_TRUE(socket.closed);
  FakeSocket other("o");
  gateway.on_connect(other, R"({"token":"abc"})");
  answer(base::Error{"unauthorized", ""});
  EXPECT_EQ(other.refused, "unauthorized");
}

TEST_F(GatewayTest, A5_a_login_that_ends_while_its_token_is_checked_does_not_get_in) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  gateway.end_login("account", "login", "banned");
  answer(Identity{"account", "Ada", "login"});
  EXPECT_TRUE(socket.heard("session:ended"));
  EXPECT_TRUE(socket.closed);
  EXPECT_FALSE(presence.find("account"));
}

TEST_F(GatewayTest, A5_the_end_of_another_login_of_the_account_changes_nothing) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  gateway.end_login("account", "another", "logout");
  answer(Identity{"account", "Ada", "login"});
  EXPECT_FALSE(socket.closed);
  gateway.end_login("account", "", "banned");
  EXPECT_TRUE(socket.closed);
}

TEST_F(GatewayTest, a_socket_that_went_while_its_token_was_checked_is_forgotten) {
  FakeSocket socket("s");
  gateway.on_connect(socket, R"({"token":"abc"})");
  gateway.on_disconnect(socket, sio::DisconnectReason::transport_closed);
  answer(Identity{"account", "Ada", "login"});
  EXPECT_FALSE(socket.accepted);
  EXPECT_FALSE(presence.find("account"));
}

TEST_F(GatewayTest, S9_a_player_join_without_a_lobby_finds_one) {
  FakeSocket socket("s");
  gateway.on_connect(socket, "");
  say(socket, "player:join", R"({"loadout":{"primary":"rifle"},"playerName":"Ada"})");
  EXPECT_EQ(directory.counts().players, 1u);
  EXPECT_FALSE(socket.heard("lobby_joined"));
}

TEST_F(GatewayTest, a_wrong_code_keeps_the_seat_and_one_s_own_code_is_answered) {
  FakeSocket socket("s");
  gateway.on_connect(socket, "");
  say(socket, "find_match", "{}");
  const std::string id = directory.all().front().id;
  say(socket, "join_lobby", R"({"lobbyId":"0000000000000"})");
  EXPECT_TRUE(socket.heard("lobby_join_failed"));
  EXPECT_EQ(directory.counts().players, 1u);
  socket.packets.clear();
  say(socket, "join_lobby", "{\"lobbyId\":\"" + id + "\"}");
  EXPECT_TRUE(socket.heard("lobby_joined"));
  EXPECT_EQ(directory.counts().players, 1u);
  EXPECT_EQ(directory.all().front().id, id);
}

TEST_F(GatewayTest, S2_a_flood_of_malformed_events_closes_its_sender) {
  FakeSocket socket("s");
  gateway.on_connect(socket, "");
  for (int i = 0; i < 200; ++i) say(socket, "player:input", "7");
  EXPECT_TRUE(socket.closed);
}

TEST_F(GatewayTest, L3_leaving_leaves_nothing_behind) {
  FakeSocket socket("s");
  gateway.on_connect(socket, "");
  say(socket, "find_match", "{}");
  EXPECT_EQ(directory.counts().lobbies, 1u);
  gateway.on_disconnect(socket, sio::DisconnectReason::client_left);
  shard.run();
  EXPECT_EQ(directory.counts().lobbies, 0u);
}

}  // namespace
}  // namespace session
