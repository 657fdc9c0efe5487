// TLS of a whole shard with OpenSSL as the client, over sockets of loopback.

#include "net/tls.h"

#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "base/client_address.h"
#include "net/address_count.h"
#include "net/connection_set.h"
#include "net/listen.h"
#include "net/tls_testing.h"

namespace net {
namespace {

constexpr std::size_t kMaxUnsent = 400'000;
constexpr int kFlood = 250;  // messages of 1 kB at once; a second flood on a stuck line is too much
constexpr std::size_t kBig = 300'000;  // bytes of an answer of many records

// Answers with its number, the body and the client's address; upgrades and moves who asks for it.
class TlsShard : public HttpService, public ConnectionListener {
 public:
  TlsShard(ShardId id, const Limits& limits)
      : loop(id), set(loop, *this, limits, 70'000, kMaxUnsent) {}

  void on_request(Connection& connection, const HttpRequest& request) override {
    if (request.path == "/move" && loop.id() == 0) return set.move(connection, *other);
    if (request.path == "/ws")
      return connection.accept_websocket("dGhlIHNhbXBsZSBub25jZQ==", *this);
    HttpResponse response;
    response.body = request.path == "/big"
                        ? std::string(kBig, 'b')
                        : std::to_string(loop.id()) + ":" + std::string(request.body) + ":" +
                              std::string(request.remote_address);
    connection.respond(response);
  }
  std::size_t body_limit(const HttpRequest&) const override { return 100'000; }
  void on_rejected(const HttpRequest&, HttpResponse&) const override {}

  void on_message(Connection& connection, bool, std::string_view payload) override {
    if (payload == "flood") {
      for (int i = 0; i < kFlood; ++i) connection.write_message(false, std::string(1000, 'f'));
      floods += connection.closing() ? 0 : 1;
    } else if (payload == "close") {
      connection.close();
    } else {
      // Three messages of a tick, which go out as one.
      connection.write_message(false, payload);
      connection.write_message(false, "second");
      connection.write_message(false, std::string(20'000, 'c'));
    }
  }
  void on_drained(Connection&) override { ++drained; }
  void on_gone(Connection&, Gone why) override {
    ended = why;
    ++gone;
  }

  Loop loop;
  ConnectionSet set;
  ConnectionSet* other = nullptr;
  std::atomic<int> floods{0};
  std::atomic<int> drained{0};
  std::atomic<int> gone{0};
  std::atomic<Gone> ended{Gone::shutdown};
};

// Two shards; only the first one listens.
class Server {
 public:
  explicit Server(const Limits& limits = {}, bool behind_balancer = false)
      : first(0, limits), second(1, limits) {
    auto loaded = TlsContext::load(certificate.files());
    EXPECT_TRUE(loaded);
    tls = std::move(loaded).value();
    auto listening = listen_on("127.0.0.1", 0, 1);
    EXPECT_TRUE(listening);
    port = listening->port;
    first.other = &second.set;
    second.other = &first.set;
    Door door;
    door.tls = tls.get();
    door.header_from = behind_balancer ? &proxies : nullptr;
    door.by_address = &count;
    first.set.listen(listening->sockets[0], door);
    threads_[0] = std::thread([this] { first.loop.run(); });
    threads_[1] = std::thread([this] { second.loop.run(); });
  }
  ~Server() {
    for (TlsShard* shard : {&first, &second}) shard->loop.post([shard] { shard->loop.stop(); });
    for (std::thread& thread : threads_) thread.join();
  }

  // Whether it is so within some seconds.
  static bool comes(const std::function<bool()>& so) {
    for (int tries = 0; tries < 800; ++tries) {
      if (so()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  // Those that the client has seen are counted.
  std::uint64_t sends() {
    std::promise<std::uint64_t> counted;
    first.loop.post([&] { counted.set_value(first.loop.counters().sends.value()); });
    return counted.get_future().get();
  }
  bool empties() {
    return comes([this] {
      return first.loop.counters().connections.value() == 0 &&
             second.loop.counters().connections.value() == 0;
    });
  }

  TestCertificate certificate{"one"};
  std::unique_ptr<TlsContext> tls;
  base::ClientAddress proxies = base::ClientAddress::make({"127.0.0.1"}).value();
  AddressCount count{{.open = 2}, proxies};  // connections of one address
  TlsShard first;
  TlsShard second;
  std::uint16_t port = 0;

 private:
  std::thread threads_[2];
};

std::string post(const std::string& path, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string frame(std::string_view payload) {
  std::string bytes{static_cast<char>(0x81), static_cast<char>(0x80 | payload.size())};
  bytes.append(4, '\0');  // a key of zeros leaves the payload as it is
  return bytes.append(payload);
}

bool upgrade(TlsClient& client) {
  return client.shake_hands() && client.write("GET /ws HTTP/1.1\r\nHost: a\r\n\r\n") &&
         client.answer().empty();
}

TEST(Tls, BothVersionsAreSpokenAndNoOlderOne) {
  Server server;
  for (const auto& [version, name] :
       {std::pair{TLS1_3_VERSION, "TLSv1.3"}, std::pair{TLS1_2_VERSION, "TLSv1.2"}}) {
    TlsClient client(server.port, {.version = version});
    ASSERT_TRUE(client.shake_hands());
    EXPECT_EQ(client.version(), name);
    ASSERT_TRUE(client.write(post("/a", "x")));
    EXPECT_EQ(client.answer(), "0:x:127.0.0.1");
  }
  TlsClient old(server.port, {.version = TLS1_1_VERSION});
  EXPECT_FALSE(old.shake_hands());
  EXPECT_EQ(server.first.loop.counters().tls_handshakes.value(), 2u);
  EXPECT_EQ(server.first.loop.counters().tls_failures.value(), 1u);
}

TEST(Tls, Http11IsChosenAmongProtocolsAndNothingElse) {
  Server server;
  TlsClient both(server.port, {.protocols = "\x02h2\x08http/1.1"});
  ASSERT_TRUE(both.shake_hands());
  EXPECT_EQ(both.protocol(), "http/1.1");
  TlsClient none(server.port);
  ASSERT_TRUE(none.shake_hands());
  EXPECT_EQ(none.protocol(), "");
  TlsClient other(server.port, {.protocols = "\x02h2"});
  EXPECT_FALSE(other.shake_hands());
}

TEST(Tls, RecordsMayComeInPieces) {
  Server server;
  for (const std::size_t piece : {1, 7, 1000}) {
    TlsClient client(server.port, {.piece = piece});
    ASSERT_TRUE(client.shake_hands());
    ASSERT_TRUE(client.write(post("/a", "one") + post("/b", "two")));
    EXPECT_EQ(client.answer(), "0:one:127.0.0.1");
    EXPECT_EQ(client.answer(), "0:two:127.0.0.1");
  }
}

TEST(Tls, BodiesAndAnswersOfManyRecordsComeWhole) {
  Server server;
  TlsClient client(server.port);
  ASSERT_TRUE(client.shake_hands());
  const std::string body(90'000, 'x');
  ASSERT_TRUE(client.write(post("/a", body)));
  EXPECT_EQ(client.answer(), "0:" + body + ":127.0.0.1");
  ASSERT_TRUE(client.write(post("/big", "")));
  EXPECT_EQ(client.answer(), std::string(kBig, 'b'));
}

TEST(Tls, S2_AHandshakeThatDoesNotEndIsCutOff) {
  Limits limits;
  limits.request_timeout = std::chrono::milliseconds(300);
  Server server(limits);
  TlsClient silent(server.port);
  TlsClient slow(server.port);
  ASSERT_TRUE(slow.send_plain(std::string_view("\x16\x03\x01\x02\x00\x01", 6)));
  EXPECT_FALSE(silent.ends_with_goodbye());
  EXPECT_FALSE(slow.ends_with_goodbye());
  EXPECT_TRUE(server.empties());
}

TEST(Tls, S2_WhatIsNoHandshakeIsClosedAndOthersGoOn) {
  Limits limits;
  limits.linger = std::chrono::milliseconds(300);
  Server server(limits);
  TlsClient honest(server.port);
  ASSERT_TRUE(honest.shake_hands());
  const std::string garbage(100'000, '\xee');
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), garbage, std::string(3000, '\0'),
        std::string("\x16\x03\x01\x00\x05hello", 10), "\x16\x03\x01\x3f\xff" + garbage}) {
    TlsClient client(server.port);
    client.send_plain(bytes);
    EXPECT_FALSE(client.ends_with_goodbye());
  }
  EXPECT_EQ(server.first.loop.counters().tls_failures.value(), 5u);
  ASSERT_TRUE(honest.write(post("/a", "x")));
  EXPECT_EQ(honest.answer(), "0:x:127.0.0.1");
  // After the handshake, too.
  ASSERT_TRUE(honest.send_plain(garbage.substr(0, 100)));
  EXPECT_FALSE(honest.ends_with_goodbye());
  EXPECT_TRUE(server.empties());
}

TEST(Tls, S2_WhoChangesKeysAgainAndAgainIsClosed) {
  Server server;
  TlsClient client(server.port, {.version = TLS1_3_VERSION});
  ASSERT_TRUE(upgrade(client));
  ASSERT_TRUE(client.change_keys());
  ASSERT_TRUE(client.write(frame("still there")));
  EXPECT_EQ(client.message(), "still there");
  for (int i = 0; i < 40; ++i) client.change_keys();
  EXPECT_TRUE(Server::comes([&] { return server.first.gone == 1; }));
  EXPECT_EQ(server.first.ended, Gone::error);
}

TEST(Tls, TheEndIsToldInBothDirections) {
  Server server;
  TlsClient leaving(server.port);
  ASSERT_TRUE(upgrade(leaving));
  // The goodbye comes with the last message, as one.
  ASSERT_TRUE(leaving.write(frame("last")));
  ASSERT_TRUE(leaving.say_goodbye());
  EXPECT_TRUE(Server::comes([&] { return server.first.gone == 1; }));
  EXPECT_EQ(server.first.ended, Gone::peer_closed);

  TlsClient left(server.port);
  ASSERT_TRUE(upgrade(left));
  ASSERT_TRUE(left.write(frame("close")));
  EXPECT_EQ(left.message(), std::string("\x03\xe8", 2));  // of the close frame: 1000
  EXPECT_TRUE(left.ends_with_goodbye());
}

TEST(Tls, WhoSaysGoodbyeBehindARequestStillGetsItsAnswer) {
  Server server;
  TlsClient client(server.port);
  ASSERT_TRUE(client.shake_hands());
  ASSERT_TRUE(client.write(post("/a", "x") + post("/move", "y")));
  ASSERT_TRUE(client.say_goodbye());
  EXPECT_EQ(client.answer(), "0:x:127.0.0.1");
  EXPECT_TRUE(server.empties());
}

// One system call a socket and tick, however much there is to say.
TEST(Tls, AllMessagesOfATickGoOutInOneSend) {
  Server server;
  TlsClient client(server.port);
  ASSERT_TRUE(upgrade(client));
  const std::uint64_t sends = server.sends();
  constexpr int kTicks = 50;
  for (int i = 0; i < kTicks; ++i) {
    ASSERT_TRUE(client.write(frame("first")));
    ASSERT_EQ(client.message(), "first");
    ASSERT_EQ(client.message(), "second");
    ASSERT_EQ(client.message().size(), 20'000u);
  }
  EXPECT_EQ(server.sends() - sends, kTicks);
}

// Floods the client until its line is stuck. The number of floods.
int stick(Server& server, TlsClient& client) {
  for (int floods = 1;; ++floods) {
    if (!client.write(frame("flood")) ||
        !Server::comes([&] { return server.first.floods == floods; })) {
      return -1;
    }
    std::promise<bool> blocked;
    server.first.loop.post([&] { blocked.set_value(server.first.set.find(1)->blocked()); });
    if (blocked.get_future().get()) return floods;
  }
}

// The mark of the hot path: what OpenSSL takes from the heap on a shard's thread. Pieces of up to
// 64 bytes, of which it takes two or three to put a record together, are not worth a count.
thread_local std::uint64_t allocations = 0;

void* counted_malloc(std::size_t size, const char*, int) {
  if (size > 64) ++allocations;
  return std::malloc(size);
}
void* counted_realloc(void* old, std::size_t size, const char*, int) {
  if (size > 64) ++allocations;
  return std::realloc(old, size);
}
void plain_free(void* old, const char*, int) { std::free(old); }

// OpenSSL takes other functions only before it has used its own.
const bool kCounted = CRYPTO_set_mem_functions(counted_malloc, counted_realloc, plain_free) == 1;

TEST(Tls, MessagesOfAnOpenWebSocketTakeNoBuffersFromTheHeap) {
  ASSERT_TRUE(kCounted);
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    Server server;
    TlsClient client(server.port, {.version = version});
    ASSERT_TRUE(upgrade(client));
    const auto count = [&server] {
      std::promise<std::uint64_t> counted;
      server.first.loop.post([&] { counted.set_value(allocations); });
      return counted.get_future().get();
    };
    const auto talk = [&client](int times) {
      for (int i = 0; i < times; ++i) {
        ASSERT_TRUE(client.write(frame("first")));
        ASSERT_EQ(client.message(), "first");
        ASSERT_EQ(client.message(), "second");
        ASSERT_EQ(client.message().size(), 20'000u);
      }
    };
    talk(5);
    const std::uint64_t before = count();
    EXPECT_GT(before, 0u);
    talk(100);
    EXPECT_EQ(count() - before, 0u) << version;
  }
}

TEST(Tls, WhoWasStuckGetsEverythingWhenItReadsAgain) {
  Server server;
  TlsClient slow(server.port, {.receive_buffer = 5000});
  ASSERT_TRUE(upgrade(slow));
  const int floods = stick(server, slow);
  ASSERT_GT(floods, 0);
  ASSERT_TRUE(slow.write(frame("first")));
  for (int i = 0; i < floods * kFlood; ++i) ASSERT_EQ(slow.message(), std::string(1000, 'f'));
  EXPECT_EQ(slow.message(), "first");
  EXPECT_EQ(slow.message(), "second");
  EXPECT_EQ(slow.message().size(), 20'000u);
  EXPECT_TRUE(Server::comes([&] { return server.first.drained > 0; }));
}

TEST(Tls, S2_WhoIsStuckTooLongIsCutOff) {
  Server server;
  TlsClient slow(server.port, {.receive_buffer = 5000});
  ASSERT_TRUE(upgrade(slow));
  ASSERT_GT(stick(server, slow), 0);
  ASSERT_TRUE(slow.write(frame("flood") + frame("flood")));
  EXPECT_TRUE(Server::comes([&] { return server.first.gone == 1; }));
  EXPECT_EQ(server.first.ended, Gone::slow_reader);
}

TEST(Tls, AConnectionMovesToAnotherShardWithItsStream) {
  Server server;
  TlsClient client(server.port);
  ASSERT_TRUE(client.shake_hands());
  ASSERT_TRUE(client.write(post("/a", "one") + post("/move", "two") + post("/b", "three") +
                           post("/c", "four").substr(0, 50)));
  EXPECT_EQ(client.answer(), "0:one:127.0.0.1");
  EXPECT_EQ(client.answer(), "1:two:127.0.0.1");
  EXPECT_EQ(client.answer(), "1:three:127.0.0.1");
  ASSERT_TRUE(client.write(post("/c", "four").substr(50)));
  EXPECT_EQ(client.answer(), "1:four:127.0.0.1");
  ASSERT_TRUE(client.write("GET /ws HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(client.answer(), "");
  ASSERT_TRUE(client.write(frame("hello")));
  EXPECT_EQ(client.message(), "hello");
}

TEST(Tls, ASessionIsResumed) {
  for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
    Server server;
    TlsClient first(server.port, {.version = version});
    ASSERT_TRUE(first.shake_hands());
    EXPECT_FALSE(first.resumed());
    ASSERT_TRUE(first.write(post("/a", "x")));
    ASSERT_EQ(first.answer(), "0:x:127.0.0.1");  // the ticket came before it
    TlsClient second(server.port, {.version = version, .resume = first.session()});
    ASSERT_TRUE(second.shake_hands());
    EXPECT_TRUE(second.resumed()) << version;
  }
}

TEST(Tls, AnotherCertificateIsShownAfterAReloadAndABadOneChangesNothing) {
  Server server;
  TlsClient before(server.port);
  ASSERT_TRUE(before.shake_hands());
  EXPECT_EQ(before.server_name(), "one");
  EXPECT_TRUE(server.tls->description().starts_with("CN = one, until "));

  server.certificate.renew("two");
  ASSERT_TRUE(server.tls->reload());
  TlsClient after(server.port);
  ASSERT_TRUE(after.shake_hands());
  EXPECT_EQ(after.server_name(), "two");
  ASSERT_TRUE(before.write(post("/a", "x")));
  EXPECT_EQ(before.answer(), "0:x:127.0.0.1");

  std::ofstream(server.certificate.files().certificate) << "no certificate";
  const auto reloaded = server.tls->reload();
  ASSERT_FALSE(reloaded);
  EXPECT_EQ(reloaded.error().code, "certificate");
  TlsClient still(server.port);
  ASSERT_TRUE(still.shake_hands());
  EXPECT_EQ(still.server_name(), "two");
}

TEST(Tls, FilesThatDoNotFitAreNamedAndTheKeysPlaceIsNot) {
  const TestCertificate one("one");
  const TestCertificate other("other");
  const auto fault = [](const TlsFiles& files) { return TlsContext::load(files).error(); };
  EXPECT_EQ(fault({"missing.pem", one.files().key}).code, "certificate");
  EXPECT_NE(fault({"missing.pem", one.files().key}).message.find("missing.pem"), std::string::npos);
  EXPECT_EQ(fault({one.files().key, one.files().key}).code, "certificate");
  for (const std::string& key :
       {std::string("missing.pem"), other.files().key, one.files().certificate}) {
    const base::Error error = fault({one.files().certificate, key});
    EXPECT_EQ(error.code, "key") << key;
    EXPECT_EQ(error.message.find(key), std::string::npos) << error.message;
    EXPECT_FALSE(error.message.empty());
  }
}

TEST(ProxyHeader, S1_ATrustedBalancerSaysWhoComes) {
  Server server({}, true);
  const std::string second = std::string("\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c", 16) +
                             std::string("\xc6\x33\x64\x07\x7f\x00\x00\x01\x30\x39\x01\xbb", 12);
  for (const auto& [header, address] :
       {std::pair<std::string, std::string>{"PROXY TCP4 192.0.2.9 127.0.0.1 1234 443\r\n",
                                            "192.0.2.9"},
        {second, "198.51.100.7"},
        {"PROXY UNKNOWN\r\n", "127.0.0.1"}}) {
    for (const std::size_t piece : {0, 1}) {
      TlsClient client(server.port, {.piece = piece, .before = header});
      ASSERT_TRUE(client.shake_hands());
      ASSERT_TRUE(client.write(post("/a", "x")));
      EXPECT_EQ(client.answer(), "0:x:" + address);
    }
  }
  TlsClient without(server.port);
  EXPECT_FALSE(without.shake_hands());
  TlsClient wrong(server.port, {.before = "PROXY TCP4 nobody 127.0.0.1 1 2\r\n"});
  EXPECT_FALSE(wrong.shake_hands());
  EXPECT_TRUE(server.empties());
}

TEST(ProxyHeader, S1_TheClientHoldsAsManyConnectionsAsHeMayWithoutABalancer) {
  Server server({}, true);
  const std::string busy = "PROXY TCP4 192.0.2.9 127.0.0.1 1234 443\r\n";
  {
    TlsClient first(server.port, {.before = busy});
    TlsClient second(server.port, {.before = busy});
    ASSERT_TRUE(first.shake_hands() && second.shake_hands());
    TlsClient third(server.port, {.before = busy});
    EXPECT_FALSE(third.shake_hands());
    TlsClient other(server.port, {.before = "PROXY TCP4 192.0.2.8 127.0.0.1 1234 443\r\n"});
    EXPECT_TRUE(other.shake_hands());
  }
  ASSERT_TRUE(server.empties());
  TlsClient again(server.port, {.before = busy});
  EXPECT_TRUE(again.shake_hands());
}

TEST(ProxyHeader, S1_NobodyElseIsListenedTo) {
  Server server({}, true);
  server.proxies = base::ClientAddress::make({"10.0.0.0/8"}).value();
  TlsClient plain(server.port);
  ASSERT_TRUE(plain.shake_hands());
  TlsClient forger(server.port, {.before = "PROXY TCP4 192.0.2.9 127.0.0.1 1234 443\r\n"});
  EXPECT_FALSE(forger.shake_hands());
}

}  // namespace
}  // namespace net
