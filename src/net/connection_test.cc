// What a WebSocket may cost (S2): peers that talk without reading or without end, and ends that
// come while a connection is held. Over a pair of sockets, the loop on a thread of its own.

#include "net/connection.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "net/connection_set.h"

namespace net {
namespace {

constexpr std::size_t kMaxUnsent = 100'000;
constexpr std::size_t kLargestRead = 1'000'000;  // more than one batch of input ever holds

// Makes every request a WebSocket.
class Upgrading final : public HttpService, public ConnectionListener {
 public:
  explicit Upgrading(const Limits& limits) : loop(0), set(loop, *this, limits, 1000, kMaxUnsent) {}

  void on_request(Connection& connection, const HttpRequest&) override {
    connection.accept_websocket("dGhlIHNhbXBsZSBub25jZQ==", *this);
  }
  std::size_t body_limit(const HttpRequest&) const override { return 0; }
  void on_rejected(const HttpRequest&, HttpResponse&) const override {}

  void on_message(Connection& connection, bool, std::string_view payload) override {
    ++messages;
    if (payload == "hold and close") {
      connection.hold();
      connection.close();
    }
  }
  void on_drained(Connection&) override {}
  void on_gone(Connection&, Gone why) override {
    ended = why;
    ++gone;
  }

  Loop loop;
  ConnectionSet set;
  std::atomic<int> messages{0};
  std::atomic<int> gone{0};
  std::atomic<Gone> ended{Gone::shutdown};
};

class WebSocketPeer {
 public:
  explicit WebSocketPeer(const Limits& limits = {}) : server(limits) {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_), 0);
    server.set.adopt(std::make_unique<Connection>(ends_[0], "test", 1));
    thread_ = std::thread([this] { server.loop.run(); });
    write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    while (received.find("\r\n\r\n") == std::string::npos && read_some()) {
    }
    received.clear();
  }
  ~WebSocketPeer() {
    server.loop.post([this] { server.loop.stop(); });
    thread_.join();
    ::close(ends_[1]);
  }

  // False when the server takes no more for a second.
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t put = ::send(ends_[1], bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (put > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(put));
      } else if (!ready(POLLOUT, 1000)) {
        return false;
      } else if (errno != EAGAIN) {
        return false;
      }
    }
    return true;
  }
  // Appends what comes; false at the end, or when nothing comes for some seconds.
  bool read_some() {
    if (!ready(POLLIN, 8000)) return false;
    char piece[65536];
    const ssize_t got = ::recv(ends_[1], piece, sizeof piece, 0);
    if (got <= 0) return false;
    received.append(piece, static_cast<std::size_t>(got));
    return true;
  }
  void shut() { ::shutdown(ends_[1], SHUT_WR); }

  // What fn finds on the server's thread.
  std::size_t ask(const std::function<std::size_t(Connection*)>& fn) {
    std::promise<std::size_t> answer;
    server.loop.post([&] { answer.set_value(fn(server.set.find(1))); });
    return answer.get_future().get();
  }
  bool connected() {
    return ask([](Connection* connection) { return connection != nullptr ? 1 : 0; }) == 1;
  }
  // Whether it is so within some seconds.
  static bool comes(const std::function<bool()>& so) {
    for (int tries = 0; tries < 800; ++tries) {
      if (so()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  Upgrading server;
  std::string received;

 private:
  bool ready(short what, int patience_ms) const {
    pollfd waiting{ends_[1], what, 0};
    return ::poll(&waiting, 1, patience_ms) == 1;
  }

  int ends_[2];
  std::thread thread_;
};

std::string frame(int opcode, std::string_view payload) {
  std::string bytes{static_cast<char>(0x80 | opcode), static_cast<char>(0x80 | payload.size())};
  bytes.append(4, '\0');  // a key of zeros leaves the payload as it is
  return bytes += payload;
}

std::string numbered_ping(int number) {
  std::string payload = std::to_string(number);
  payload.insert(0, 120 - payload.size(), '0');
  return frame(9, payload);
}

Limits without_frame_limit() {
  Limits limits;
  limits.frames_per_second = limits.frame_burst = 1e12;
  return limits;
}

TEST(PingFlood, S2_WhoReadsNothingGetsThePongOfTheNewestPingAndNoMemory) {
  WebSocketPeer peer(without_frame_limit());
  constexpr int kPings = 100'000;  // 12 MB of pongs
  std::size_t most = 0;
  for (int i = 0; i < kPings; i += 1000) {
    std::string bytes;
    for (int k = i; k < i + 1000; ++k) bytes += numbered_ping(k);
    ASSERT_TRUE(peer.write(bytes));
    most = std::max(most, peer.ask([](Connection* connection) {
      return connection == nullptr ? 0 : connection->unsent();
    }));
  }
  EXPECT_LT(most, kMaxUnsent + kLargestRead);
  const std::string newest = numbered_ping(kPings - 1).substr(6);
  while (!peer.received.ends_with(newest)) ASSERT_TRUE(peer.read_some());
  EXPECT_LT(peer.received.size(), 2 * kLargestRead);
  EXPECT_EQ(peer.server.gone, 0);
}

TEST(PingFlood, S2_AReaderIsAnsweredEveryPing) {
  WebSocketPeer peer(without_frame_limit());
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(peer.write(numbered_ping(i)));
    expected += "\x8a\x78" + numbered_ping(i).substr(6);  // 120 bytes, not masked
    while (peer.received.size() < expected.size()) ASSERT_TRUE(peer.read_some());
  }
  EXPECT_EQ(peer.received, expected);
}

// The server has more for him than the kernel takes, and less than would end him at once.
TEST(SlowReader, S2_WhoTakesNothingForTheTimeOfAReaderIsCutOffAndWhoOwesNothingStays) {
  Limits limits;
  limits.reader_timeout = std::chrono::milliseconds(200);
  WebSocketPeer silent(limits);
  WebSocketPeer stuck(limits);
  const std::string message(20'000, 'x');
  const auto unsent_after_a_message = [&] {
    stuck.ask([&](Connection* connection) {
      connection->write_message(false, {}, message);
      return std::size_t{0};
    });
    return stuck.ask([](Connection* connection) { return connection->unsent(); });
  };
  while (unsent_after_a_message() == 0) {
  }
  EXPECT_TRUE(WebSocketPeer::comes([&] { return stuck.server.gone == 1; }));
  EXPECT_TRUE(silent.connected());
}

TEST(FrameBudget, S2_FramesOfEveryKindBeyondTheBudgetCloseTheConnection) {
  Limits limits;
  limits.frames_per_second = 0.001;
  limits.frame_burst = 50;
  for (const int opcode : {1, 2, 9, 10}) {
    WebSocketPeer peer(limits);
    std::string bytes;
    for (int i = 0; i < 50; ++i) bytes += frame(opcode, "x");
    ASSERT_TRUE(peer.write(bytes));
    ASSERT_TRUE(peer.connected());
    EXPECT_EQ(peer.server.gone, 0) << opcode;
    ASSERT_TRUE(peer.write(frame(opcode, "x")));
    while (peer.read_some()) {
    }
    EXPECT_TRUE(peer.received.ends_with(std::string_view("\x88\x02\x03\xf0", 4))) << opcode;
    EXPECT_EQ(peer.server.gone, 1);
    EXPECT_EQ(peer.server.ended, Gone::protocol_error);
    EXPECT_EQ(peer.server.messages, opcode < 9 ? 50 : 0);
  }
}

TEST(FrameBudget, S2_FragmentsCountToo) {
  Limits limits;
  limits.frames_per_second = 0.001;
  limits.frame_burst = 10;
  WebSocketPeer peer(limits);
  std::string bytes = frame(1, "x");
  bytes[0] = 1;  // not the last
  for (int i = 0; i < 10; ++i) {
    std::string more = frame(0, "x");
    more[0] = 0;
    bytes += more;
  }
  ASSERT_TRUE(peer.write(bytes));
  while (peer.read_some()) {
  }
  EXPECT_TRUE(peer.received.ends_with(std::string_view("\x88\x02\x03\xf0", 4)));
}

// Held for a move that then does not come: it was watched, never read, and the shard span on it.
TEST(Closing, AHeldConnectionIsReadToItsEndWhenItIsClosed) {
  Limits limits;
  limits.linger = std::chrono::hours(1);
  WebSocketPeer peer(limits);
  ASSERT_TRUE(peer.write(frame(1, "hold and close")));
  while (peer.read_some()) {
  }
  ASSERT_TRUE(peer.write("what nobody will look at"));
  peer.shut();
  EXPECT_TRUE(WebSocketPeer::comes([&] { return !peer.connected(); }));
}

// Reading on for all of the linger at the speed of memory would cost more than the answer did.
TEST(Closing, S2_WhoGoesOnSendingAfterTheEndIsCutOff) {
  Limits limits;
  limits.linger = std::chrono::hours(1);
  limits.linger_bytes = 300'000;
  WebSocketPeer peer(limits);
  ASSERT_TRUE(peer.write(frame(1, "hold and close")));
  while (peer.read_some()) {
  }
  const std::string piece(100'000, 'x');
  ASSERT_TRUE(peer.write(piece));
  ASSERT_TRUE(peer.connected());
  for (int i = 0; i < 100 && peer.write(piece); ++i) {
  }
  EXPECT_TRUE(WebSocketPeer::comes([&] { return !peer.connected(); }));
}

}  // namespace
}  // namespace net
