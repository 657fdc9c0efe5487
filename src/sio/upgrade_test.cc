// A session that the server closes while its client is on the way from polling to a WebSocket. The
// official client has stopped polling by then and listens to the new transport only after its "5":
// a close said too early is heard by nobody, and the client waits for its ping time-out.

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace sio
