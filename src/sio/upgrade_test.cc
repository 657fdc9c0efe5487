// A session that the server closes while its client is on the way from polling to a WebSocket. The
// official client has stopped polling by then and listens to the new transport only after its "5":
// a close said too early is heard by nobody, and the client waits for its ping time-out.

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "sio/ids.h"
#include "sio/recorder_for_test.h"

namespace sio {
namespace {

using test::Client;
using test::disconnected;
using test::OneShard;

// Joined over polling, probe answered, no poll waiting.
struct Halfway {
  OneShard server;
  Client polling{server.node.port()};
  Client probe{server.node.port()};
  std::string url;

  Halfway() {
    const std::string open = polling.request("GET", "/socket.io/?EIO=4&transport=polling");
    const std::string sid = open.substr(9, 20);
    url = "/socket.io/?EIO=4&transport=polling&sid=" + sid;
    polling.request("POST", url, "40");
    polling.request("GET", url);
    probe.upgrade("/socket.io/?EIO=4&transport=websocket&sid=" + sid);
    probe.send("2probe");
    EXPECT_EQ(probe.frame(), "3probe");
  }
  void close() {
    server.run([&] {
      server.socket().send(R"(2["bye"])");
      server.socket().close(DisconnectReason::server_closed);
    });
  }
};

TEST(Upgrade, AClosedSessionIsToldOverTheNewTransportOnceItIsComplete) {
  Halfway it;
  it.close();
  it.probe.send("5");
  EXPECT_EQ(it.probe.frame(), R"(42["bye"])");
  EXPECT_EQ(it.probe.frame(), "close");
  EXPECT_TRUE(it.server.recorder.saw(disconnected(DisconnectReason::server_closed)));
}

TEST(Upgrade, AClosedSessionIsToldByThePollThatComesAfterAll) {
  Halfway it;
  it.close();
  EXPECT_EQ(it.polling.request("GET", it.url),
            "42[\"bye\"]\x1e"
            "1");
  EXPECT_EQ(it.probe.frame(), "close");
  EXPECT_TRUE(it.server.recorder.saw(disconnected(DisconnectReason::server_closed)));
}

TEST(Upgrade, AClosedSessionDoesNotWaitLongForAClientThatSaysNothing) {
  Halfway it;
  it.close();
  EXPECT_EQ(it.probe.frame(), "close");
  EXPECT_TRUE(it.server.recorder.saw(disconnected(DisconnectReason::server_closed)));
}

TEST(Upgrade, AClosedSessionEndsWhenItsProbeIsGone) {
  Halfway it;
  it.close();
  it.probe.drop();
  EXPECT_TRUE(it.server.recorder.saw(disconnected(DisconnectReason::server_closed)));
}

TEST(Upgrade, AClosedSessionTakesNoMoreMessages) {
  Halfway it;
  it.close();
  it.polling.request("POST", it.url, R"(42["late"])");
  it.probe.send("5");
  it.probe.send(R"(42["later"])");
  EXPECT_TRUE(it.server.recorder.saw(disconnected(DisconnectReason::server_closed)));
  for (const std::string& line : it.server.recorder.lines())
    EXPECT_FALSE(line.starts_with("event"));
}

// Until nobody takes connections any more: the server is ending.
bool stops_accepting(std::uint16_t port) {
  for (int attempt = 0; attempt < 1'000; ++attempt) {
    if (!Client(port).connected()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

TEST(Upgrade, TheEndOfTheServerIsToldOverTheNewTransportOnceItIsComplete) {
  Halfway it;
  it.server.run([&] { it.server.socket().send(R"(2["bye"])"); });
  const std::uint16_t port = it.server.node.port();
  std::thread ending([&] { it.server.node.stop(); });
  EXPECT_TRUE(stops_accepting(port));
  it.polling.request("GET", "/socket.io/?EIO=4&transport=polling");
  EXPECT_EQ(it.polling.status, 503) << "nobody comes in any more";
  it.probe.send("5");
  EXPECT_EQ(it.probe.frame(), R"(42["bye"])");
  EXPECT_EQ(it.probe.frame(), "close");
  ending.join();
  EXPECT_TRUE(it.server.recorder.saw(disconnected(DisconnectReason::server_closed)));
}

TEST(Upgrade, TheEndOfTheServerDoesNotWaitLongForAClientThatSaysNothing) {
  Halfway it;
  it.server.node.stop();
  EXPECT_EQ(it.probe.frame(), "close");
  EXPECT_TRUE(it.server.recorder.saw(disconnected(DisconnectReason::server_closed)));
}

struct TwoShards {
  test::Recorder recorder;
  Node node{two(),
            [this](net::Shard&) -> std::unique_ptr<Handler> {
              return std::make_unique<test::RecordingHandler>(recorder);
            },
            [](net::Shard&) { return net::HttpHandler{}; }};

  static NodeSettings two() {
    NodeSettings settings;
    settings.shards = 2;
    return settings;
  }
};

// A client that comes back connects and upgrades at the same time, and its Socket.IO session may be
// of another shard than the one that took its connections.
TEST(Upgrade, GoesOnWhereTheSessionMoves) {
  TwoShards server;
  ASSERT_TRUE(server.node.start().ok());
  for (const bool answered : {true, false}) {
    Client polling(server.node.port());
    Client probe(server.node.port());
    const std::string open = polling.request("GET", "/socket.io/?EIO=4&transport=polling");
    const std::string sid = open.substr(9, 20);
    const net::ShardId away = 1 - *shard_of(sid);
    probe.upgrade("/socket.io/?EIO=4&transport=websocket&sid=" + sid);
    const auto ask = [&] {
      probe.send("2probe");
      EXPECT_EQ(probe.frame(), "3probe");
    };
    if (answered) ask();
    const std::string url = "/socket.io/?EIO=4&transport=polling&sid=" + sid;
    EXPECT_EQ(polling.request("POST", url, "40{\"pid\":\"" + random_id_of(away) + "\"}"), "ok");
    if (!answered) ask();
    probe.send("5");
    const std::string joined = probe.message();
    EXPECT_TRUE(joined.starts_with("40{\"sid\"")) << joined;
    probe.send(R"(42["there"])");
    EXPECT_TRUE(server.recorder.saw("event there "));
    EXPECT_EQ(server.node.counters(away).sessions.value(), 1);
    probe.drop();
    EXPECT_TRUE(server.recorder.saw("lost"));
  }
}

// A poll that is answered in the very batch in which its session goes to another shard stays here,
// and its connection is as good as before.
TEST(Upgrade, APollAnsweredWhileItsSessionMovesLeavesAConnectionThatIsHeard) {
  TwoShards server;
  ASSERT_TRUE(server.node.start().ok());
  Client polling(server.node.port());
  const std::string open = polling.request("GET", "/socket.io/?EIO=4&transport=polling");
  const std::string sid = open.substr(9, 20);
  const net::ShardId away = 1 - *shard_of(sid);
  const std::string url = "/socket.io/?EIO=4&transport=polling&sid=" + sid;
  polling.write("GET " + url + " HTTP/1.1\r\nHost: test.example\r\n\r\n");
  Client other(server.node.port());
  other.request("POST", url,
                "40/bad,\x1e"
                "40{\"pid\":\"" +
                    random_id_of(away) + "\"}");
  std::string heard = polling.answer();
  for (int polls = 0; polls < 3 && heard.find("40{") == std::string::npos; ++polls)
    heard += polling.request("GET", url);
  EXPECT_NE(heard.find("44/bad,"), std::string::npos) << heard;
  EXPECT_NE(heard.find("40{\"sid\""), std::string::npos) << heard;
  EXPECT_NE(polling.request("POST", url, R"(42["there"])"), "");
  EXPECT_TRUE(server.recorder.saw("event there "));
}

}  // namespace
}  // namespace sio
