#include "sio/node.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "sio/recorder_for_test.h"

namespace sio {
namespace {

using test::Client;
using test::disconnected;
using test::OneShard;

std::string pid_of(const std::string& answer) {
  const std::size_t at = answer.find("\"pid\":\"");
  return at == std::string::npos ? "" : answer.substr(at + 7, 20);
}

TEST(Node, RefusesToStartOnATakenPortOrABadAddress) {
  OneShard first;
  ASSERT_TRUE(first.started);
  NodeSettings settings;
  settings.port = first.node.port();
  Node second(settings, [](net::Shard&) -> std::unique_ptr<Handler> { return nullptr; }, nullptr);
  const auto taken = second.start();
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, "unavailable");
  EXPECT_NE(taken.error().message.find(std::to_string(settings.port)), std::string::npos);

  for (const auto& [host, path, shards] : {std::tuple{"localhost", "/socket.io/", 1u},
                                           {"127.0.0.1", "socket.io", 1u},
                                           {"127.0.0.1", "/socket.io/", 0u},
                                           {"127.0.0.1", "/socket.io/", 65u}}) {
    NodeSettings bad;
    bad.host = host;
    bad.sio.path = path;
    bad.shards = shards;
    Node node(bad, [](net::Shard&) -> std::unique_ptr<Handler> { return nullptr; }, nullptr);
    const auto result = node.start();
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, "invalid");
  }
}

TEST(Node, AllThatASocketIsGivenInOneTurnGoesOutInOneSend) {
  OneShard server;
  Client client(server.node.port());
  server.join(client);
  ASSERT_TRUE(server.recorder.saw("connect "));
  std::uint64_t before = 0;
  server.run([&] {
    before = server.node.counters(0).sends.value();
    for (int i = 0; i < 20; ++i) server.socket().send("2[\"e\"," + std::to_string(i) + "]");
    server.socket().send_volatile("2[\"v\"]");
    server.node.shard(0).flush();
    EXPECT_EQ(server.node.counters(0).sends.value(), before + 1);
  });
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.message(), "42[\"e\"," + std::to_string(i) + "]");
  EXPECT_EQ(client.message(), "42[\"v\"]");
}

TEST(Recovery, KeepsWhatIsReliableDropsWhatIsVolatileAndGoesOnAsTheSameSocket) {
  OneShard server;
  std::string answer;
  {
    Client client(server.node.port());
    answer = server.join(client);
    ASSERT_TRUE(server.recorder.saw("connect "));
    server.run([&] { server.socket().user = &server; });
  }
  ASSERT_TRUE(server.recorder.saw("lost"));
  Socket* before = nullptr;
  server.run([&] {
    before = &server.socket();
    EXPECT_FALSE(before->connected());
    before->send("2[\"first\"]");
    before->send_volatile("2[\"state\"]");
    before->send("2[\"second\"]");
    before->ack(1, "2");  // its event belonged to the old transport
  });
  Client again(server.node.port());
  EXPECT_EQ(server.join(again, "{\"pid\":\"" + pid_of(answer) + "\",\"offset\":\"x\"}"), answer);
  EXPECT_EQ(again.message(), "42[\"first\"]");
  EXPECT_EQ(again.message(), "42[\"second\"]");
  ASSERT_TRUE(server.recorder.saw("recovered"));
  server.run([&] {
    EXPECT_EQ(&server.socket(), before);
    EXPECT_EQ(before->user, &server);
    EXPECT_TRUE(before->connected());
    before->send_volatile("2[\"state\"]");
  });
  EXPECT_EQ(again.message(), "42[\"state\"]");
  EXPECT_EQ(server.recorder.lines(), (std::vector<std::string>{"connect ", "lost", "recovered"}));
  EXPECT_EQ(server.node.counters(0).recovered.value(), 1u);
}

TEST(Recovery, EndsWithItsWindow) {
  NodeSettings settings;
  settings.sio.recovery = std::chrono::milliseconds(30);
  OneShard server(settings);
  {
    Client client(server.node.port());
    server.join(client);
  }
  EXPECT_TRUE(server.recorder.saw(disconnected(DisconnectReason::transport_closed)));
  EXPECT_EQ(server.recorder.lines().size(), 3u);  // connect, lost, disconnect
  server.run([&] { EXPECT_EQ(server.node.counters(0).sockets.value(), 0u); });
}

TEST(Recovery, S2_WhatIsKeptForTheAbsentIsBounded) {
  NodeSettings settings;
  settings.sio.max_buffered = 10'000;
  OneShard server(settings);
  {
    Client client(server.node.port());
    server.join(client);
  }
  ASSERT_TRUE(server.recorder.saw("lost"));
  server.run([&] {
    for (int i = 0; i < 20; ++i) server.socket().send(std::string(1000, 'x'));
  });
  EXPECT_TRUE(server.recorder.saw(disconnected(DisconnectReason::slow_reader)));
}

TEST(Recovery, OffMeansNoPidAndAnEndAtOnce) {
  NodeSettings settings;
  settings.sio.recovery = std::chrono::milliseconds(0);
  OneShard server(settings);
  {
    Client client(server.node.port());
    EXPECT_EQ(pid_of(server.join(client)), "");
  }
  EXPECT_TRUE(server.recorder.saw(disconnected(DisconnectReason::transport_closed)));
  EXPECT_EQ(server.recorder.lines().size(), 2u);
}

// S2: snapshots coalesce to the newest, events are kept.
TEST(SlowReader, VolatilePacketsAreReplacedByTheNewestEventsAreNot) {
  NodeSettings settings;
  settings.sio.max_buffered = 64 * 1024 * 1024;
  OneShard server(settings);
  Client client(server.node.port(), 4096);
  server.join(client);
  const std::string filler(60'000, 'x');
  int filled = 0;
  // Until the kernel takes no more: what is volatile is then held back.
  while (server.node.counters(0).dropped.value() == 0 && filled < 2000) {
    server.run([&] { server.socket().send("2[\"fill\",\"" + filler + "\"]"); });
    server.run([&] {
      server.socket().send_volatile("2[\"v\",0]");
      server.socket().send_volatile("2[\"v\",1]");
    });
    ++filled;
  }
  ASSERT_GT(server.node.counters(0).dropped.value(), 0u);
  server.run([&] {
    for (int i = 2; i < 500; ++i)
      server.socket().send_volatile("2[\"v\"," + std::to_string(i) + "]");
    server.socket().send("2[\"event\"]");
  });
  int fills = 0;
  bool event = false;
  std::string text;
  while (text != "42[\"v\",499]") {
    text = client.message();
    ASSERT_NE(text, "end");
    fills += text.starts_with("42[\"fill\"");
    event |= text == "42[\"event\"]";
    // Those between were never sent: only the two of a round before the kernel was full, and the
    // newest.
    if (text.starts_with("42[\"v\"")) {
      EXPECT_TRUE(text == "42[\"v\",0]" || text == "42[\"v\",1]" || text == "42[\"v\",499]")
          << text;
    }
  }
  EXPECT_EQ(fills, filled);
  EXPECT_TRUE(event);
  EXPECT_GE(server.node.counters(0).dropped.value(), 497u);
}

TEST(SlowReader, S2_IsClosedWhenMoreThanTheBudgetIsUnread) {
  NodeSettings settings;
  settings.sio.recovery = std::chrono::milliseconds(0);
  settings.sio.max_buffered = 100'000;
  OneShard server(settings);
  Client client(server.node.port(), 4096);
  server.join(client);
  ASSERT_TRUE(server.recorder.saw("connect "));
  const std::string filler(50'000, 'x');
  for (int i = 0; i < 2000 && server.node.counters(0).slow_readers.value() == 0; ++i) {
    server.run([&] {
      if (!server.handler->sockets.empty()) server.socket().send("2[\"fill\",\"" + filler + "\"]");
    });
  }
  EXPECT_TRUE(server.recorder.saw(disconnected(DisconnectReason::slow_reader)));
}

TEST(SlowReader, APollingClientGetsTheNewestVolatilePacketWithItsNextPoll) {
  OneShard server;
  Client client(server.node.port());
  const std::string open = client.request("GET", "/socket.io/?EIO=4&transport=polling");
  const std::string url = "/socket.io/?EIO=4&transport=polling&sid=" + open.substr(9, 20);
  client.request("POST", url, "40");
  client.request("GET", url);
  server.run([&] {
    for (int i = 0; i < 9; ++i) server.socket().send_volatile("2[\"v\"," + std::to_string(i) + "]");
    server.socket().send("2[\"e\"]");
  });
  EXPECT_EQ(client.request("GET", url),
            "42[\"e\"]\x1e"
            "42[\"v\",8]");
}

TEST(Joining, MayBeAnsweredLaterAndNothingOvertakesTheAnswer) {
  OneShard server;
  server.run([&] { server.handler->accept = false; });
  Client client(server.node.port());
  client.upgrade(OneShard::kWebSocket);
  client.frame();
  client.send("40{\"token\":1}");
  ASSERT_TRUE(server.recorder.saw("connect {\"token\":1}"));
  server.run([&] {
    server.socket().send("2[\"early\"]");
    server.socket().accept();
    server.socket().accept();
  });
  EXPECT_EQ(client.message().substr(0, 9), "40{\"sid\":");
  EXPECT_EQ(client.message(), "42[\"early\"]");
}

TEST(Joining, RefusedMeansConnectErrorAndOneDisconnect) {
  OneShard server;
  server.run([&] { server.handler->accept = false; });
  Client client(server.node.port());
  client.upgrade(OneShard::kWebSocket);
  client.frame();
  client.send("40");
  ASSERT_TRUE(server.recorder.saw("connect "));
  server.run([&] { server.socket().refuse("no \"entry\""); });
  EXPECT_EQ(client.message(), R"(44{"message":"no \"entry\""})");
  EXPECT_TRUE(server.recorder.saw(disconnected(DisconnectReason::server_closed)));
}

TEST(Joining, LostBeforeTheAnswerMeansOneDisconnect) {
  OneShard server;
  server.run([&] { server.handler->accept = false; });
  {
    Client client(server.node.port());
    client.upgrade(OneShard::kWebSocket);
    client.frame();
    client.send("40");
    ASSERT_TRUE(server.recorder.saw("connect "));
  }
  EXPECT_TRUE(server.recorder.saw(disconnected(DisconnectReason::transport_closed)));
}

// Wire contract 1.6: never 41, the transport is closed.
TEST(Closing, WritesWhatIsQueuedThenClosesWithoutAWordOfSocketIo) {
  OneShard server;
  Client client(server.node.port());
  server.join(client);
  ASSERT_TRUE(server.recorder.saw("connect "));
  server.run([&] {
    server.socket().send("2[\"why\"]");
    server.socket().close(DisconnectReason::server_closed);
    server.socket().send("2[\"late\"]");
    EXPECT_EQ(server.handler->sockets.size(), 1u);  // told later, not within the call
  });
  EXPECT_EQ(client.message(), "42[\"why\"]");
  EXPECT_EQ(client.message(), "close");
  EXPECT_TRUE(client.ended());
  EXPECT_TRUE(server.recorder.saw(disconnected(DisconnectReason::server_closed)));
}

TEST(Closing, APollingClientGetsItsLastWordsWithTheNextPoll) {
  OneShard server;
  Client client(server.node.port());
  const std::string open = client.request("GET", "/socket.io/?EIO=4&transport=polling");
  const std::string url = "/socket.io/?EIO=4&transport=polling&sid=" + open.substr(9, 20);
  client.request("POST", url, "40");
  client.request("GET", url);
  server.run([&] {
    server.socket().send("2[\"why\"]");
    server.socket().close(DisconnectReason::server_closed);
  });
  EXPECT_EQ(client.request("GET", url),
            "42[\"why\"]\x1e"
            "1");
  EXPECT_EQ(client.request("GET", url), R"({"code":1,"message":"Session ID unknown"})");
}

TEST(Closing, StopEndsEverySocketThoseThatWaitTooAndWritesWhatIsQueued) {
  OneShard server;
  Client client(server.node.port());
  server.join(client);
  {
    Client absent(server.node.port());
    server.join(absent);
  }
  ASSERT_TRUE(server.recorder.saw("lost"));
  server.run([&] {
    for (Socket* socket : server.handler->sockets) socket->send("2[\"bye\"]");
  });
  server.node.stop();
  const auto lines = server.recorder.lines();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), disconnected(DisconnectReason::server_closed)),
            2);
  EXPECT_EQ(client.message(), "42[\"bye\"]");
  EXPECT_EQ(client.message(), "close");
  server.node.stop();
}

TEST(Events, AcksComeBackAndAreGiven) {
  OneShard server;
  server.run([&] {
    server.handler->on_event_do = [](Socket& socket, const Event& event) {
      if (event.ack) socket.ack(*event.ack, "\"yes\",1");
    };
  });
  Client client(server.node.port());
  server.join(client);
  client.send("427[\"ask\",{\"a\":1}]");
  EXPECT_EQ(client.message(), "437[\"yes\",1]");
  client.send("435[\"answer\"]");
  EXPECT_TRUE(server.recorder.saw("ack 5 \"answer\""));
  EXPECT_TRUE(server.recorder.saw("event ask {\"a\":1}"));
}

TEST(Events, S2_ANameBeyondTheLimitIsCountedAndNothingElse) {
  OneShard server;
  Client client(server.node.port());
  server.join(client);
  client.send("42[\"" + std::string(65, 'n') + "\"]");
  client.send("42[\"" + std::string(64, 'n') + "\"]");
  EXPECT_TRUE(server.recorder.saw("event " + std::string(64, 'n') + " "));
  EXPECT_EQ(server.recorder.lines().size(), 2u);
  EXPECT_EQ(server.node.counters(0).errors.value(), 1u);
}

TEST(Events, AHandlerThatThrowsLosesThatConnectionAndNothingElse) {
  NodeSettings settings;
  std::atomic<int> faults{0};
  settings.on_fault = [&faults](std::string_view) { ++faults; };
  OneShard server(settings);
  server.run([&] {
    server.handler->on_event_do = [](Socket&, const Event& event) {
      if (event.name == "bad") throw std::runtime_error("broken");
    };
  });
  Client bad(server.node.port());
  server.join(bad);
  Client good(server.node.port());
  server.join(good);
  bad.send("42[\"bad\"]");
  EXPECT_TRUE(bad.ended());
  EXPECT_EQ(faults, 1);
  good.send("42[\"good\"]");
  EXPECT_TRUE(server.recorder.saw("event good "));
}

// Looks until the socket's round trip is known; 0 when it stays unknown.
std::int64_t known_round_trip(OneShard& server) {
  std::int64_t found = 0;
  for (int tries = 0; tries < 2000 && found == 0; ++tries) {
    server.run([&] { found = server.socket().round_trip().count(); });
    if (found == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return found;
}

TEST(Heartbeat, MeasuresTheRoundTripOfPolling) {
  NodeSettings settings;
  settings.sio.ping_interval = std::chrono::milliseconds(10);
  OneShard server(settings);
  Client client(server.node.port());
  const std::string polling = "/socket.io/?EIO=4&transport=polling";
  const std::string open = client.request("GET", polling);
  const std::string mine = polling + "&sid=" + open.substr(9, 20);
  client.request("POST", mine, "40");
  std::string payload;
  for (int polls = 0; polls < 5 && !payload.ends_with('2'); ++polls) {
    payload = client.request("GET", mine);
  }
  ASSERT_TRUE(payload.ends_with('2')) << payload;  // alone, or joined to the answer to CONNECT
  server.run([&] { EXPECT_EQ(server.socket().round_trip().count(), 0); });
  client.request("POST", mine, "3");
  EXPECT_GE(known_round_trip(server), 1);
}

TEST(Heartbeat, AWebSocketIsMeasuredAsItOpensLongBeforeTheFirstHeartbeat) {
  OneShard server;
  Client client(server.node.port());
  server.join(client);
  EXPECT_GE(known_round_trip(server), 1);
}

TEST(Heartbeat, AnUpgradedSessionIsMeasuredAsItBecomesAWebSocket) {
  OneShard server;
  Client client(server.node.port());
  const std::string open = client.request("GET", "/socket.io/?EIO=4&transport=polling");
  const std::string sid = open.substr(9, 20);
  client.request("POST", "/socket.io/?EIO=4&transport=polling&sid=" + sid, "40");
  Client socket(server.node.port());
  ASSERT_TRUE(socket.upgrade(std::string(OneShard::kWebSocket) + "&sid=" + sid));
  socket.send("2probe");
  ASSERT_EQ(socket.frame(), "3probe");
  server.run([&] { EXPECT_EQ(server.socket().round_trip().count(), 0); });
  socket.send("5");
  EXPECT_EQ(socket.frame().substr(0, 2), "40");
  socket.send("42[\"x\"]");
  ASSERT_TRUE(server.recorder.saw("event x "));
  socket.pong();
  EXPECT_GE(known_round_trip(server), 1);
}

TEST(Heartbeat, AfterARecoveryTheValueOfBeforeHoldsUntilTheNextIsKnown) {
  OneShard server;
  std::string pid;
  {
    Client client(server.node.port());
    const std::string answer = server.join(client);
    pid = pid_of(answer);
    ASSERT_GE(known_round_trip(server), 1);
  }
  ASSERT_TRUE(server.recorder.saw("lost"));
  Client client(server.node.port());
  const std::string polling = "/socket.io/?EIO=4&transport=polling";
  const std::string open = client.request("GET", polling);
  client.request("POST", polling + "&sid=" + open.substr(9, 20), "40{\"pid\":\"" + pid + "\"}");
  ASSERT_TRUE(server.recorder.saw("recovered"));
  server.run([&] { EXPECT_GE(server.socket().round_trip().count(), 1); });
}

TEST(Heartbeat, APongThatNobodyAskedForMeansNothing) {
  OneShard server;
  Client client(server.node.port());
  server.join(client);
  const std::int64_t first = known_round_trip(server);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  client.pong();
  client.send("42[\"x\"]");
  ASSERT_TRUE(server.recorder.saw("event x "));
  EXPECT_EQ(known_round_trip(server), first);
}

TEST(Origins, OnlyThoseAllowedMayUseTheSockets) {
  NodeSettings settings;
  settings.origin_allowed = [](std::string_view origin) {
    return origin == "https://good.example";
  };
  OneShard server(settings);
  const std::string open = "/socket.io/?EIO=4&transport=polling";
  struct Row {
    const char* origin;
    int status;
    bool echoed;
  };
  for (const Row& row :
       {Row{"https://good.example", 200, true}, Row{"https://bad.example", 403, false},
        Row{"null", 403, false}, Row{"http://test.example", 200, true},
        Row{"https://good.example.bad.example", 403, false}}) {
    const std::string header = std::string("Origin: ") + row.origin + "\r\n";
    Client client(server.node.port());
    client.request("GET", open, {}, header);
    EXPECT_EQ(client.status, row.status) << row.origin;
    const std::string echo = std::string("Access-Control-Allow-Origin: ") + row.origin + "\r\n";
    EXPECT_EQ(client.head.find(echo) != std::string::npos, row.echoed) << client.head;
    EXPECT_EQ(client.head.find("Allow-Credentials: true") != std::string::npos, row.echoed);
    Client socket(server.node.port());
    EXPECT_EQ(socket.upgrade(OneShard::kWebSocket, header), row.status == 200) << row.origin;
  }
  Client none(server.node.port());
  none.request("GET", open);
  EXPECT_EQ(none.status, 200);
}

}  // namespace
}  // namespace sio
