// What a client may do how often, and what that costs (S1, S2).

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "base/client_address.h"
#include "sio/ids.h"
#include "sio/recorder_for_test.h"

namespace sio {
namespace {

using test::Client;
using test::disconnected;
using test::OneShard;
using test::Recorder;
using test::RecordingHandler;

constexpr const char* kPolling = "/socket.io/?EIO=4&transport=polling";

std::string polling_url(const std::string& open) {
  return std::string(kPolling) + "&sid=" + open.substr(9, 20);
}

// Each join gives a new socket with fresh rate limits, so joins themselves are counted.
TEST(Joins, S1_LeavingAndJoiningAgainIsGrantedEightTimesAConnection) {
  OneShard server;
  Client client(server.node.port());
  server.join(client);
  for (int joins = 2; joins <= 8; ++joins) {
    client.send("41");
    client.send("40");
    EXPECT_EQ(client.message().substr(0, 9), "40{\"sid\":") << joins;
  }
  client.send("41");
  client.send("40");
  EXPECT_EQ(client.message(), "close");
  const auto lines = server.recorder.lines();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "connect "), 8);
}

TEST(Joins, S2_RefusedOnesCountToo) {
  OneShard server;
  Client client(server.node.port());
  client.upgrade(OneShard::kWebSocket);
  client.frame();
  for (int i = 0; i < 8; ++i) {
    client.send("40/nowhere,");
    EXPECT_EQ(client.message(), R"(44/nowhere,{"message":"Invalid namespace"})");
  }
  client.send("40/nowhere,");
  EXPECT_EQ(client.message(), "close");
}

TEST(Polling, S2_PacketsBeyondTheBudgetEndTheSession) {
  NodeSettings settings;
  settings.limits.frames_per_second = 0.001;
  settings.limits.frame_burst = 10;
  OneShard server(settings);
  Client client(server.node.port());
  const std::string url = polling_url(client.request("GET", kPolling));
  EXPECT_EQ(client.request("POST", url,
                           "3\x1e"
                           "3\x1e"
                           "3\x1e"
                           "3\x1e"
                           "3"),
            "ok");
  EXPECT_EQ(client.request("POST", url,
                           "3\x1e"
                           "3\x1e"
                           "3\x1e"
                           "3\x1e"
                           "3"),
            "ok");
  client.request("POST", url, "3");
  EXPECT_EQ(client.status, 400);
  EXPECT_EQ(client.request("GET", url), R"({"code":1,"message":"Session ID unknown"})");
}

TEST(Sessions, S2_AreBoundedOnEveryShardAndTheRefusedMayComeAgain) {
  NodeSettings settings;
  settings.max_sessions = 2;
  OneShard server(settings);
  Client client(server.node.port());
  const std::string url = polling_url(client.request("GET", kPolling));
  client.request("GET", kPolling);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.request("GET", kPolling), R"({"code":4,"message":"Server is full"})");
    EXPECT_EQ(client.status, 503);
    EXPECT_NE(client.head.find("Retry-After: 1\r\n"), std::string::npos);
  }
  Client socket(server.node.port());
  EXPECT_FALSE(socket.upgrade(OneShard::kWebSocket));
  EXPECT_EQ(client.request("POST", url, "1"), "ok");
  client.request("GET", kPolling);
  EXPECT_EQ(client.status, 200);
}

// A proxy may add its X-Forwarded-For as a field of its own; what stands before it is the client's
// invention.
TEST(Handshakes, S1_AForgedFirstLineOfXForwardedForIsNotBelieved) {
  OneShard server;
  Client client(server.node.port());
  const std::string open = client.request(
      "GET", kPolling, {}, "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.9\r\n");
  client.request("POST", polling_url(open), "40");
  ASSERT_TRUE(server.recorder.saw("connect "));
  server.run([&] {
    const Handshake& hello = server.socket().handshake();
    EXPECT_EQ(hello.forwarded_for, "6.6.6.6,203.0.113.9");
    const auto rule = base::ClientAddress::make({"127.0.0.1"});
    EXPECT_EQ(rule->of(hello.address, hello.forwarded_for), "203.0.113.9");
  });
}

// A session that wandered on would be looked for where its sid's shard once sent it.
TEST(Moves, ASessionMovesOnceAndIsFoundAfterThat) {
  Recorder recorder;
  NodeSettings settings;
  settings.shards = 2;
  Node node(
      settings,
      [&](net::Shard&) -> std::unique_ptr<Handler> {
        return std::make_unique<RecordingHandler>(recorder);
      },
      [](net::Shard&) { return net::HttpHandler{}; });
  ASSERT_TRUE(node.start().ok());
  Client client(node.port());
  const std::string open = client.request("GET", kPolling);
  const std::string url = polling_url(open);
  const net::ShardId home = *shard_of(open.substr(9, 20));
  const net::ShardId away = 1 - home;
  const auto join = [&](net::ShardId wanted) -> net::ShardId {
    EXPECT_EQ(client.request("POST", url, "40{\"pid\":\"" + random_id_of(wanted) + "\"}"), "ok");
    const std::string answer = client.request("GET", url);
    const std::size_t at = answer.find("\"pid\":\"");
    if (at == std::string::npos) return 99;
    return *shard_of(answer.substr(at + 7, 20));
  };
  EXPECT_EQ(join(away), away);
  for (const net::ShardId wanted : {home, away, home}) {
    EXPECT_EQ(client.request("POST", url, "41"), "ok");
    EXPECT_EQ(join(wanted), away);
  }
}

}  // namespace
}  // namespace sio
