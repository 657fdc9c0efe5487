// What a program's own HTTP routes see of the node.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/client_address.h"
#include "net/address_count.h"
#include "sio/recorder_for_test.h"

namespace sio {
namespace {

using test::Client;
using test::OneShard;

net::HttpResponse text(std::string body) {
  net::HttpResponse response;
  response.body = std::move(body);
  response.content_type = "text/plain";
  return response;
}

TEST(NodeHttp, GivesTheHandlerEverythingThatIsNotEngineIo) {
  OneShard server({}, [](const net::HttpRequest& request, net::HttpReply reply) {
    reply(text(std::string(request.method) + "|" + std::string(request.path) + "|" +
               std::string(request.query) + "|" + std::string(request.body) + "|" +
               std::string(request.remote_address) + "|" + std::string(request.header("x-a"))));
  });
  Client client(server.node.port());
  EXPECT_EQ(client.request("GET", "/"), "GET|/|||127.0.0.1|");
}

TEST(NodeHttp, AnswersFromOtherThreadsAndInTheOrderOfTheRequests) {
  OneShard server({}, [](const net::HttpRequest& request, net::HttpReply reply) {
    std::thread([reply = std::move(reply), path = std::string(request.path)] {
      if (path == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(30));
      reply(text(path));
      reply(text("a second answer"));
    }).detach();
  });
  Client client(server.node.port());
  client.write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /fast HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.answer(), "/slow");
  EXPECT_EQ(client.answer(), "/fast");
  EXPECT_EQ(client.request("GET", "/x"), "/x");
}

TEST(NodeHttp, ADroppedReplyIsA500) {
  OneShard server({}, [](const net::HttpRequest&, net::HttpReply) {});
  Client client(server.node.port());
  client.request("GET", "/");
  EXPECT_EQ(client.status, 500);
}

TEST(NodeHttp, AnAnswerForAClientThatHasGoneOrANodeThatHasStoppedHarmsNobody) {
  std::vector<net::HttpReply> kept;
  std::atomic<int> asked{0};
  {
    OneShard server({}, [&](const net::HttpRequest&, net::HttpReply reply) {
      kept.push_back(std::move(reply));
      ++asked;
    });
    {
      Client client(server.node.port());
      client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      while (asked < 1) std::this_thread::yield();
    }
    server.run([&] { kept.at(0)(text("late")); });
    while (server.node.counters(0).connections.value() > 0) std::this_thread::yield();
    Client other(server.node.port());
    other.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    while (asked < 2) std::this_thread::yield();
  }
  for (auto& reply : kept) reply(text("much too late"));
}

TEST(NodeHttp, S2_BodiesAreLimitedEachPathByItsOwnLimit) {
  NodeSettings settings;
  settings.limits.body_bytes = 100;
  settings.sio.max_payload = 1000;
  OneShard server(settings, [](const net::HttpRequest& request, net::HttpReply reply) {
    reply(text(std::to_string(request.body.size())));
  });
  Client client(server.node.port());
  EXPECT_EQ(client.request("POST", "/a", std::string(100, 'x')), "100");
  client.request("POST", "/a", std::string(101, 'x'));
  EXPECT_EQ(client.status, 413);
  EXPECT_TRUE(client.ended());
  Client engine(server.node.port());
  engine.request("POST", "/socket.io/?EIO=4&transport=polling&sid=x", std::string(1000, 'x'));
  EXPECT_EQ(engine.status, 400);
  engine.request("POST", "/socket.io/?EIO=4&transport=polling&sid=x", std::string(1001, 'x'));
  EXPECT_EQ(engine.status, 413);
}

TEST(NodeHttp, S2_SlowRequestsAndIdleConnectionsAreClosed) {
  NodeSettings settings;
  settings.limits.request_timeout = std::chrono::milliseconds(100);
  settings.limits.idle_timeout = std::chrono::milliseconds(100);
  OneShard server(settings,
                  [](const net::HttpRequest&, net::HttpReply reply) { reply(text("ok")); });
  Client silent(server.node.port());
  Client slow(server.node.port());
  slow.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  Client idle(server.node.port());
  EXPECT_EQ(idle.request("GET", "/"), "ok");
  EXPECT_TRUE(silent.ended());
  EXPECT_TRUE(slow.ended());
  EXPECT_TRUE(idle.ended());
}

TEST(NodeHttp, S2_MoreConnectionsThanAllowedAreClosedAsTheyCome) {
  NodeSettings settings;
  settings.limits.connections = 2;
  OneShard server(settings,
                  [](const net::HttpRequest&, net::HttpReply reply) { reply(text("ok")); });
  Client first(server.node.port());
  Client second(server.node.port());
  EXPECT_EQ(first.request("GET", "/"), "ok");
  EXPECT_EQ(second.request("GET", "/"), "ok");
  Client third(server.node.port());
  EXPECT_TRUE(third.ended());
  EXPECT_EQ(server.node.counters(0).refused.value(), 1u);
  EXPECT_EQ(first.request("GET", "/"), "ok");
}

TEST(NodeHttp, S2_AnAddressHoldsSoManyConnectionsOpenOverAllShards) {
  const auto nobody = base::ClientAddress::make({}).value();
  net::AddressCount count({.open = 3}, nobody);
  NodeSettings settings;
  settings.shards = 2;
  settings.door.by_address = &count;
  OneShard server(settings,
                  [](const net::HttpRequest&, net::HttpReply reply) { reply(text("ok")); });
  std::vector<std::unique_ptr<Client>> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(std::make_unique<Client>(server.node.port()));
    EXPECT_EQ(held.back()->request("GET", "/"), "ok");
  }
  EXPECT_TRUE(Client(server.node.port()).ended());
  held.pop_back();
  std::string answer;  // as soon as the server has seen that one go
  for (int i = 0; i < 1'000 && answer.empty(); ++i)
    answer = Client(server.node.port()).request("GET", "/");
  EXPECT_EQ(answer, "ok");
}

TEST(NodeHttp, AfterStopAcceptingOpenConnectionsGoOn) {
  OneShard server({}, [](const net::HttpRequest&, net::HttpReply reply) { reply(text("ok")); });
  Client client(server.node.port());
  EXPECT_EQ(client.request("GET", "/"), "ok");
  server.node.stop_accepting();
  server.run([] {});
  Client late(server.node.port());
  EXPECT_FALSE(late.connected());
  EXPECT_EQ(client.request("GET", "/"), "ok");
}

}  // namespace
}  // namespace sio
