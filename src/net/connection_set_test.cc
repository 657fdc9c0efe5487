#include "net/connection_set.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace net {
namespace {

// A shard with one set; requests are answered with the shard's number and their body, or moved on
// when they ask for it.
class MovingShard : public HttpService {
 public:
  explicit MovingShard(ShardId id) : loop(id), set(loop, *this, Limits{}, 1000, 1000) {}
  void on_request(Connection& connection, const HttpRequest& request) override {
    if (request.path == "/move" && loop.id() == 0) return set.move(connection, *other);
    HttpResponse response;
    response.body = std::to_string(loop.id()) + ":" + std::string(request.body) + ":" +
                    std::to_string(connection.hops());
    connection.respond(response);
  }
  std::size_t body_limit(const HttpRequest&) const override { return 1000; }
  void on_rejected(const HttpRequest&, HttpResponse&) const override {}

  Loop loop;
  ConnectionSet set;
  ConnectionSet* other = nullptr;
};

class Moving : public testing::Test {
 protected:
  Moving() {
    first_.other = &second_.set;
    second_.other = &first_.set;
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_), 0);
    first_.set.adopt(std::make_unique<Connection>(ends_[0], "test", 1));
    threads_[0] = std::thread([this] { first_.loop.run(); });
    threads_[1] = std::thread([this] { second_.loop.run(); });
  }
  ~Moving() override {
    for (MovingShard* shard : {&first_, &second_})
      shard->loop.post([shard] { shard->loop.stop(); });
    for (std::thread& thread : threads_) thread.join();
    ::close(ends_[1]);
  }
  void write(const std::string& bytes) {
    ASSERT_EQ(::send(ends_[1], bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  // The bodies of the next answers, joined.
  std::string bodies(int count) {
    std::string all;
    for (int i = 0; i < count; ++i) {
      std::size_t end = 0;
      while ((end = held_.find("\r\n\r\n")) == std::string::npos) read_some();
      const std::size_t length = std::stoul(held_.substr(held_.find("Content-Length: ") + 16));
      while (held_.size() < end + 4 + length) read_some();
      all += held_.substr(end + 4, length) + " ";
      held_.erase(0, end + 4 + length);
    }
    return all;
  }
  void read_some() {
    char piece[4096];
    const ssize_t got = ::recv(ends_[1], piece, sizeof piece, 0);
    if (got > 0) {
      held_.append(piece, static_cast<std::size_t>(got));
    } else {
      std::this_thread::yield();
    }
  }
  static std::string post(const std::string& path, const std::string& body) {
    return "POST " + path +
           " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  }

  MovingShard first_{0};
  MovingShard second_{1};
  int ends_[2];
  std::thread threads_[2];
  std::string held_;
};

TEST_F(Moving, ARequestIsAnsweredWhereItWasMovedWithWhatStoodBeforeAndBehindIt) {
  write(post("/a", "one") + post("/move", "two") + post("/b", "three") +
        post("/c", "fo").substr(0, 50));
  EXPECT_EQ(bodies(3), "0:one:0 1:two:1 1:three:0 ");
  write(post("/c", "fo").substr(50));
  EXPECT_EQ(bodies(1), "1:fo:0 ");
  EXPECT_EQ(first_.loop.counters().moved.value(), 1u);
}

TEST_F(Moving, WhatIsUnsentGoesAlong) {
  // Answers that the peer does not take yet stand in the outbox when the move comes.
  std::string expected;
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    const std::string body(900, static_cast<char>('a' + i % 26));
    bytes += post("/a", body);
    expected += "0:" + body + ":0 ";
  }
  bytes += post("/move", "x");
  std::thread writer([&] {
    std::string_view rest = bytes;
    while (!rest.empty()) {
      const ssize_t put = ::send(ends_[1], rest.data(), rest.size(), 0);
      if (put > 0) rest.remove_prefix(static_cast<std::size_t>(put));
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(bodies(300), expected);
  EXPECT_EQ(bodies(1), "1:x:1 ");
  writer.join();
}

TEST_F(Moving, AConnectionThatWasMovedEndsOnItsNewShard) {
  write(post("/move", "x"));
  EXPECT_EQ(bodies(1), "1:x:1 ");
  ::shutdown(ends_[1], SHUT_RDWR);
  while (second_.loop.counters().connections.value() > 0) std::this_thread::yield();
  EXPECT_EQ(first_.loop.counters().connections.value(), 0u);
}

}  // namespace
}  // namespace net
