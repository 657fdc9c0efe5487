// What a Redis server and the way to it do wrong: restarts with and without memory, silence, lost
// links and scripts, frozen nodes (C1: all heals when it is back).

#include <fstream>
#include <future>
#include <set>

#include "base/random.h"
#include "cluster/redis_cluster.h"
#include "contract/cluster_fixture.h"
#include "contract/redis_server_for_cluster.h"

namespace contract {
namespace {

using cluster::SessionState;
using testing::ElementsAre;

class OwnServer final : public World {
 public:
  explicit OwnServer(std::vector<std::string> more = {}) : server(std::move(more)) {
    options.address.host = "127.0.0.1";
    options.address.port = static_cast<std::uint16_t>(server.port());
    options.timing = short_times();
    options.timing.request_timeout = 1'000ms;
  }
  std::unique_ptr<cluster::Cluster> join(const std::string& node_id) override {
    options.node_id = node_id;
    return cluster::make_redis_cluster(options);
  }
  bool is_redis() const override { return true; }

  RedisServer server;
  cluster::RedisOptions options;
};

// Keeps a node's own thread busy, as a stopped process would be.
class Freeze {
 public:
  explicit Freeze(Node& node) {
    node->after(0ms, [this] {
      frozen_.set_value();
      thaw_.get_future().wait();
    });
    frozen_.get_future().wait();
  }
  void thaw() { thaw_.set_value(); }

 private:
  std::promise<void> frozen_, thaw_;
};

bool is_sure(const Node& node) { return node->lobbies().sure(); }

TEST(RedisFaults, C1_AwayCallsFailFastAndSessionsAreAskedElsewhere) {
  OwnServer world;
  Node one(world, "n1");
  one->sessions().started("p", "s");
  EXPECT_TRUE(eventually([&] { return one->sessions().state("p", "s") == SessionState::live; }));
  world.server.kill_now();
  EXPECT_TRUE(eventually([&] { return !one->gauge().connected; }));
  EXPECT_EQ(code_of(one.locate("A")), "unavailable");
  EXPECT_EQ(code_of(one.enqueue(ticket("t"))), "unavailable");
  EXPECT_FALSE(one->channel().send("n2", "frame"));
  EXPECT_EQ(one->sessions().state("p", "s"), SessionState::unknown) << "the database knows";
  one->sessions().ended({"p", "s", "logout"});
  EXPECT_EQ(one->sessions().state("p", "s"), SessionState::ended) << "here it has ended";
  EXPECT_TRUE(eventually([&] { return !is_sure(one); })) << "another could have taken over";
}

// With nothing on disk the new server knows nothing: the nodes tell it everything again.
TEST(RedisFaults, C1_AnEmptyServerIsToldEverythingAgain) {
  OwnServer world;
  Heard ended, noticed, assigned, links;
  Node one(world, "n1", [&](cluster::Cluster& node) {
    node.on_link([&](bool up) { links.add(up ? "up" : "down"); });
    node.tickets().on_assigned(
        [&](const auto& of, auto place) { assigned.add(of.id + " " + place); });
  });
  Node two(world, "n2", [&](cluster::Cluster& node) {
    node.sessions().listen([&](const auto& end) { ended.add(end.session_id); });
    node.channel().on_notice([&](auto, auto notice) { noticed.add(std::string(notice)); });
  });
  cluster::Listing secret = listing("SECRET");
  secret.is_private = true;
  secret.code = "C0DE";
  one.publish(listing("A", 3), two);
  one.publish(secret, two);
  one.publish(listing("CLOSED"), two);
  cluster::Ticket old = ticket("old");
  old.queued_ms = 1'000;
  ASSERT_TRUE(one.enqueue(old).ok());
  ASSERT_TRUE(one.enqueue(ticket("young")).ok());
  one->sessions().started("p", "s");

  world.server.kill_now();
  EXPECT_TRUE(eventually([&] { return !one->gauge().connected && !two->gauge().connected; }));
  one->sessions().ended({"p", "s", "banned"});
  one->channel().notify_all("drain");
  one.lobbies().publish(listing("A", 4));
  one.lobbies().publish(listing("NEW"));
  one.lobbies().close("CLOSED");
  world.server.start();

  EXPECT_TRUE(eventually([&] { return two.browse({}).size() == 2; }));
  EXPECT_TRUE(eventually([&] { return two.locate("C0DE").ok(); }));
  EXPECT_EQ(two.locate("A")->listing.players, 4);
  EXPECT_EQ(two.locate("A")->fence, 1u);
  EXPECT_TRUE(two.locate("NEW").ok());
  EXPECT_EQ(code_of(two.locate("CLOSED")), "not_found");
  EXPECT_TRUE(eventually([&] { return is_sure(one); }));
  EXPECT_TRUE(eventually([&] { return two.waiting("tdm").size() == 2; }));
  EXPECT_THAT(two.waiting("tdm"), ElementsAre("old", "young"));
  EXPECT_EQ(one->gauge().tickets_restored, 2u);
  EXPECT_TRUE(eventually([&] { return ended.count() == 1 && noticed.count() == 1; }));
  EXPECT_EQ(two->sessions().state("p", "s"), SessionState::ended);
  EXPECT_TRUE(eventually([&] { return two.nodes().size() == 2; }));
  ASSERT_TRUE(two.take("m", {"old"}).ok());
  ASSERT_TRUE(two.assign("m", {"old"}, "here").ok());
  EXPECT_TRUE(eventually([&] { return assigned.count() == 1; })) << "subscribed again";
  EXPECT_THAT(links.all(), ElementsAre("up", "down", "up"));
}

TEST(RedisFaults, C1_AServerThatRemembersGoesOn) {
  OwnServer world({"--appendonly", "yes", "--appendfsync", "always"});
  Node one(world, "n1"), two(world, "n2");
  one.publish(listing("A", 3), two);
  ASSERT_TRUE(one.enqueue(ticket("t")).ok());
  ASSERT_TRUE(two.take("m", {"t"}).ok());
  world.server.kill_now();
  EXPECT_TRUE(eventually([&] { return !one->gauge().connected && !two->gauge().connected; }));
  world.server.start();
  EXPECT_TRUE(eventually([&] { return one->gauge().connected && two->gauge().connected; }));
  EXPECT_TRUE(eventually([&] { return two.locate("A").ok() && two.locate("A")->alive; }));
  EXPECT_EQ(two.locate("A")->fence, 1u);
  EXPECT_TRUE(eventually([&] { return two.waiting("tdm") == std::vector<std::string>{"t"}; }))
      << "the hold of before ran out";
  EXPECT_EQ(one->gauge().tickets_restored, 0u);
}

// Another server is master for a while: the one that the nodes know refuses to write, then leads
// again with what the other had learned.
TEST(RedisFaults, C1_AFailOverAndBackLosesNothing) {
  OwnServer world, standby;
  const auto follow = [](OwnServer& who, OwnServer& whom) {
    who.server.command({"REPLICAOF", "127.0.0.1", std::to_string(whom.server.port())});
    return eventually([&] {
      const std::string told = testing::PrintToString(who.server.command({"INFO", "replication"}));
      return told.find("master_link_status:up") != std::string::npos;
    });
  };
  Heard lost;
  Node one(world, "n1", [&](cluster::Cluster& node) {
    node.lobbies().on_lost([&](const std::string& lobby) { lost.add(lobby); });
  });
  Node two(world, "n2");
  one.publish(listing("A", 3), two);
  ASSERT_TRUE(one.enqueue(ticket("t")).ok());
  ASSERT_TRUE(follow(standby, world));
  standby.server.command({"REPLICAOF", "NO", "ONE"});
  ASSERT_TRUE(follow(world, standby));
  EXPECT_TRUE(eventually([&] { return !one->gauge().connected && !two->gauge().connected; }));
  EXPECT_EQ(code_of(one.enqueue(ticket("u"))), "unavailable");
  EXPECT_TRUE(eventually([&] { return !is_sure(one); }));
  world.server.command({"REPLICAOF", "NO", "ONE"});
  EXPECT_TRUE(eventually([&] { return is_sure(one) && is_sure(two); }));
  EXPECT_TRUE(eventually([&] { return two.locate("A").ok() && two.locate("A")->alive; }));
  EXPECT_EQ(two.locate("A")->fence, 1u);
  EXPECT_EQ(two.waiting("tdm"), std::vector<std::string>{"t"});
  EXPECT_EQ(lost.count(), 0u);
}

// A server that hangs looks like a working one until the first answer is late.
TEST(RedisFaults, C1_ASilentServerIsGivenUpAndComesBackWithoutTakeOvers) {
  OwnServer world;
  Heard lost;
  const auto listen = [&](cluster::Cluster& node) {
    node.lobbies().on_lost([&](const std::string& lobby) { lost.add(lobby); });
  };
  Node one(world, "n1", listen), two(world, "n2", listen);
  one.publish(listing("A"), two);
  two.publish(listing("B"), two);
  world.server.freeze();
  EXPECT_EQ(code_of(one.locate("A")), "unavailable");
  EXPECT_TRUE(eventually([&] { return !is_sure(one) && !is_sure(two); })) << "longer than a lease";
  world.server.thaw();
  // From the first moment both try to get the other's lobby: nobody may, both live.
  std::atomic<bool> done{false};
  std::atomic<int> stolen{0};
  std::thread thief([&] {
    while (!done) {
      stolen += one.take_over("B").ok() ? 1 : 0;
      stolen += two.take_over("A").ok() ? 1 : 0;
    }
  });
  EXPECT_TRUE(eventually([&] { return is_sure(one) && is_sure(two); }));
  std::this_thread::sleep_for(short_times().lease);
  done = true;
  thief.join();
  EXPECT_EQ(stolen, 0);
  EXPECT_EQ(lost.count(), 0u);
  EXPECT_GE(one->gauge().timeouts, 1u);
}

TEST(RedisFaults, C1_AFrozenNodeLosesItsLobbiesAndIsToldSo) {
  OwnServer world;
  Heard lost;
  Node one(world, "n1", [&](cluster::Cluster& node) {
    node.lobbies().on_lost([&](const std::string& lobby) { lost.add(lobby); });
  });
  Node two(world, "n2");
  one.publish(listing("A"), two);
  one.publish(listing("B"), two);
  EXPECT_TRUE(eventually([&] { return is_sure(one); }));
  Freeze freeze(one);
  const auto taken = two.take_over_when_dead("A");
  ASSERT_TRUE(taken.ok());
  EXPECT_EQ(taken->fence, 2u);
  EXPECT_FALSE(is_sure(one)) << "its own clock said so before another node could take over";
  one.lobbies().publish(listing("A", 7));
  freeze.thaw();
  EXPECT_TRUE(eventually([&] { return lost.count() >= 1 && is_sure(one); }));
  EXPECT_THAT(lost.all(), ElementsAre("A")) << "B has been left to it";
  EXPECT_EQ(two.locate("A")->node, "n2");
  EXPECT_EQ(two.locate("A")->listing.players, 1) << "what the former owner says does not count";
  EXPECT_EQ(two.locate("B")->node, "n1");
  EXPECT_TRUE(two.locate("B")->alive);
}

TEST(RedisFaults, A5_WhatWasSaidWhileTheLinkWasDownIsHeardAfterwards) {
  OwnServer world;
  Heard heard;
  Node one(world, "n1", [&](cluster::Cluster& node) {
    node.sessions().listen([&](const auto& end) { heard.add(end.session_id); });
    node.channel().on_notice([&](auto, auto notice) { heard.add(std::string(notice)); });
  });
  Node two(world, "n2");
  two->channel().notify_all("before");
  EXPECT_TRUE(eventually([&] { return heard.count() == 1; }));
  {
    Freeze freeze(one);
    world.server.command({"CLIENT", "KILL", "TYPE", "pubsub"});
    two->sessions().ended({"p", "s1", "banned"});
    two->channel().notify_all("n1");
    two->sessions().ended({"p", "s2", "banned"});
    EXPECT_TRUE(eventually([&] {
      return world.server.command({"XLEN", "notices"}) == std::vector<std::string>{"4"};
    }));
    freeze.thaw();
  }
  EXPECT_TRUE(eventually([&] { return heard.count() >= 4; }));
  two->channel().notify_all("after");
  EXPECT_TRUE(eventually([&] { return heard.count() >= 5; }));
  EXPECT_THAT(heard.all(), ElementsAre("before", "s1", "n1", "s2", "after"));
}

// Who has heard nothing so far has a place in the stream as well: its beginning.
TEST(RedisFaults, A5_WhoComesBackLastHearsWhatAnEmptyServerWasTold) {
  OwnServer world;
  Heard heard;
  Node one(world, "n1");
  Node two(world, "n2", [&](cluster::Cluster& node) {
    node.sessions().listen([&](const auto& end) { heard.add(end.session_id); });
    node.channel().on_notice([&](auto, auto notice) { heard.add(std::string(notice)); });
  });
  world.server.kill_now();
  EXPECT_TRUE(eventually([&] { return !one->gauge().connected && !two->gauge().connected; }));
  {
    Freeze freeze(two);
    one->sessions().ended({"p", "s", "banned"});
    one->channel().notify_all("drain");
    world.server.start();
    EXPECT_TRUE(eventually([&] {
      return world.server.command({"XLEN", "notices"}) == std::vector<std::string>{"2"};
    }));
    freeze.thaw();
  }
  EXPECT_TRUE(eventually([&] { return heard.count() == 2; }));
  EXPECT_THAT(heard.all(), ElementsAre("s", "drain"));
}

// As after a fail-over to a machine whose clock is behind.
TEST(RedisFaults, A5_TheClockOfANewServerMayBeBehind) {
  OwnServer world;
  Heard heard;
  Node one(world, "n1");
  Node two(world, "n2", [&](cluster::Cluster& node) {
    node.channel().on_notice([&](auto, auto notice) { heard.add(std::string(notice)); });
  });
  world.server.command({"XADD", "notices", "99999999999999-1", "from", "n3/x", "number", "1",
                        "kind", "n", "body", "far ahead"});
  world.server.command({"CLIENT", "KILL", "TYPE", "pubsub"});
  EXPECT_TRUE(eventually([&] { return heard.count() == 1; }));
  world.server.kill_now();
  EXPECT_TRUE(eventually([&] { return !one->gauge().connected && !two->gauge().connected; }));
  one->channel().notify_all("while away");
  world.server.start();
  EXPECT_TRUE(eventually([&] { return heard.count() == 2; }));
  one->channel().notify_all("after");
  EXPECT_TRUE(eventually([&] { return heard.count() == 3; }));
  EXPECT_THAT(heard.all(), ElementsAre("far ahead", "while away", "after"));
}

// Its speaker had no answer and has said it again.
TEST(RedisFaults, A5_WhatWasSaidTwiceIsHeardOnce) {
  OwnServer world;
  Heard heard;
  world.server.command({"XADD", "notices", "*", "from", "n3/x", "number", "7", "kind", "n", "body",
                        "before our time"});
  Node one(world, "n1", [&](cluster::Cluster& node) {
    node.channel().on_notice([&](auto, auto notice) { heard.add(std::string(notice)); });
  });
  Node two(world, "n2");
  for (const char* number : {"7", "8", "8"})
    world.server.command({"XADD", "notices", "*", "from", "n3/x", "number", number, "kind", "n",
                          "body", std::string("number ") + number});
  world.server.command({"CLIENT", "KILL", "TYPE", "pubsub"});
  EXPECT_TRUE(eventually([&] { return heard.count() == 1; }));
  // Once more from the beginning: the entry it had come to is no longer there.
  {
    Freeze freeze(one);
    world.server.command({"DEL", "notices"});
    for (const char* number : {"7", "8", "9"})
      world.server.command({"XADD", "notices", "*", "from", "n3/x", "number", number, "kind", "n",
                            "body", std::string("number ") + number});
    world.server.command({"CLIENT", "KILL", "TYPE", "pubsub"});
    freeze.thaw();
  }
  EXPECT_TRUE(eventually([&] { return heard.count() == 2; }));
  two->channel().notify_all("last");
  EXPECT_TRUE(eventually([&] { return heard.count() == 3; }));
  EXPECT_THAT(heard.all(), ElementsAre("number 8", "number 9", "last"));
}

TEST(RedisFaults, ScriptsThatTheServerForgotAreSentAgain) {
  OwnServer world;
  Node one(world, "n1"), two(world, "n2");
  one.publish(listing("A"), two);
  const auto before = one->gauge().errors.load();
  world.server.command({"SCRIPT", "FLUSH"});
  EXPECT_TRUE(two.locate("A").ok());
  EXPECT_TRUE(one.enqueue(ticket("t")).ok());
  EXPECT_EQ(one->gauge().errors, before);
}

// A server that is full refuses, and then does not.
void full(const OwnServer& world, bool is_full) {
  world.server.command({"CONFIG", "SET", "maxmemory", is_full ? "1" : "0"});
}

// What failed is taken out again, for it may be in Redis: but not after a second try.
TEST(RedisFaults, C2_ATicketQueuedAtTheSecondTryIsNotCancelledForTheFirst) {
  OwnServer world;
  Node one(world, "n1");
  full(world, true);
  std::promise<base::Result<std::int64_t>> second;
  one->tickets().enqueue(ticket("t"), [&](const auto& first) {
    EXPECT_EQ(code_of(first), "unavailable");
    full(world, false);
    // With the thread held up, the second try and the next touch are due at once, in this order.
    one->after(0ms, [&] {
      one->tickets().enqueue(ticket("t"), [&](const auto& queued) { second.set_value(queued); });
    });
    std::this_thread::sleep_for(3 * short_times().ticket_touch);
  });
  ASSERT_TRUE(second.get_future().get().ok());
  std::this_thread::sleep_for(3 * short_times().ticket_touch);
  EXPECT_THAT(one.waiting("tdm"), ElementsAre("t"));
}

TEST(RedisFaults, C1_AForgottenTicketIsRestoredAsSoonAsTheServerTakesIt) {
  OwnServer world;
  Node one(world, "n1");
  ASSERT_TRUE(one.enqueue(ticket("t")).ok());
  full(world, true);
  world.server.command({"FLUSHALL"});
  const auto before = one->gauge().errors.load();
  EXPECT_TRUE(eventually([&] { return one->gauge().errors > before + 20; })) << "tried meanwhile";
  EXPECT_EQ(one->gauge().tickets_restored, 0u);
  full(world, false);
  EXPECT_TRUE(eventually([&] { return one.waiting("tdm") == std::vector<std::string>{"t"}; }));
  EXPECT_EQ(one->gauge().tickets_restored, 1u);
}

TEST(RedisFaults, LinksCutNowAndThenLoseNothing) {
  OwnServer world;
  Heard assigned;
  Node one(world, "n1", [&](cluster::Cluster& node) {
    node.tickets().on_assigned([&](const auto& of, auto) { assigned.add(of.id); });
  });
  Node two(world, "n2");
  std::set<std::string> expected;
  for (int i = 0; i < 200; ++i) {
    const std::string id = "t" + std::to_string(i);
    if (i % 20 == 10)
      world.server.command({"CLIENT", "KILL", "TYPE", i % 40 == 10 ? "normal" : "pubsub"});
    ASSERT_TRUE(eventually([&] { return one.enqueue(ticket(id)).ok(); })) << id;
    ASSERT_TRUE(eventually([&] { return two.take("m" + id, {id}).ok(); })) << id;
    ASSERT_TRUE(eventually([&] {
      const auto kept = two.assign("m" + id, {id}, "here");
      return kept.ok() && kept->size() == 1;
    })) << id;
    expected.insert(id);
  }
  EXPECT_TRUE(eventually([&] { return assigned.count() == expected.size(); }));
  const auto all = assigned.all();
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()), expected);
}

// Tries of one count, as a login makes them.
bool tried(const Node& node) { return node->attempts().admit({{"ada", 5}}).front() == 0ms; }

TEST(RedisFaults, S1_WithoutRedisEachNodeCountsAloneAndSaysSo) {
  OwnServer world;
  world.options.timing.request_timeout = kPatience;
  Node one(world, "n1"), two(world, "n2");
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(tried(one)) << i;
  EXPECT_EQ(one->gauge().attempts_alone, 0u);
  world.server.kill_now();
  ASSERT_TRUE(eventually([&] { return !one->gauge().connected && !two->gauge().connected; }));
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(tried(one)) << "what it counted before counts on: " << i;
  EXPECT_FALSE(tried(one));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(tried(two)) << i;
  EXPECT_FALSE(tried(two));
  EXPECT_EQ(one->gauge().attempts_alone, 3u);

  world.server.start();  // remembers nothing
  ASSERT_TRUE(eventually([&] { return one->gauge().connected && two->gauge().connected; }));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(tried(i % 2 == 0 ? one : two)) << i;
  EXPECT_FALSE(tried(one));
  EXPECT_FALSE(tried(two));
}

TEST(RedisFaults, S1_BlocksInARowDoubleUpToAnHour) {
  OwnServer world;
  world.options.timing.request_timeout = kPatience;
  Node one(world, "n1");
  for (const auto expected : {15min, 30min, 60min, 60min}) {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(tried(one)) << i;
    EXPECT_FALSE(tried(one));
    const auto wait = one->attempts().look({{"ada", 5}}).front();
    EXPECT_LE(wait, expected);
    EXPECT_GT(wait, expected - 5min);
    // The block is over, as the time would have it.
    world.server.command({"HSET", "tries:ada", "window_end", "1", "blocked_until", "1"});
  }
}

TEST(RedisFaults, C2_EveryKeyExpires) {
  OwnServer world;
  Node one(world, "n1"), two(world, "n2");
  cluster::Listing secret = listing("SECRET");
  secret.is_private = true;
  secret.code = "C0DE";
  one.publish(secret, two);
  one.publish(listing("A"), two);
  ASSERT_TRUE(two.find({.mode = "tdm", .regions = {"eu"}, .avoid = "", .seats = 1}).ok());
  one->snapshots().write("A", 1, "bytes");
  one->sessions().started("p", "s");
  one->sessions().ended({"p", "s2", "logout"});
  one->channel().notify_all("notice");
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(one.enqueue(ticket(id)).ok());
  ASSERT_TRUE(one.take("m", {"a", "b"}).ok());
  ASSERT_TRUE(one.assign("m", {"a"}, "here").ok());
  ASSERT_TRUE(tried(one));
  std::promise<bool> founded;
  one->parties().create("PARTY", {.player = "p", .id = "i", .name = "n", .node = "n1"},
                        [&](const auto& party) { founded.set_value(party.ok()); });
  ASSERT_TRUE(founded.get_future().get());
  std::set<std::string> kinds;
  const auto keys = world.server.command({"KEYS", "*"});
  for (const std::string& key : keys) {
    kinds.insert(key.substr(0, key.find(':')));
    const auto life = world.server.command({"PTTL", key});
    ASSERT_EQ(life.size(), 1u);
    EXPECT_NE(life[0], "-1") << key << " never expires";
  }
  EXPECT_TRUE(kinds.contains("party")) << testing::PrintToString(kinds);
  EXPECT_TRUE(kinds.contains("tries")) << testing::PrintToString(kinds);
  EXPECT_GE(kinds.size(), 17u) << testing::PrintToString(kinds);
}

// Issue 7's soak: no stray key. What is left of lobbies that were closed, of a node's that died and
// of one taken away from a node that was held for dead.
TEST(RedisKeys, NothingIsLeftOfLobbiesThatAreGone) {
  OwnServer world;
  const auto owners = [&] { return world.server.command({"ZCARD", "lobby_owners"}).at(0); };
  Node two(world, "n2");
  {
    Node one(world, "n1");
    one.publish(listing("A"), two);
    one.publish(listing("B"), two);
    EXPECT_EQ(owners(), "1");
    one.lobbies().close("A");
    EXPECT_TRUE(eventually([&] { return code_of(two.locate("A")) == "not_found"; }));
    EXPECT_EQ(owners(), "1") << "B is left";
    one.kill();
  }
  ASSERT_TRUE(two.take_over_when_dead("B").ok());
  EXPECT_EQ(owners(), "1") << "the new owner alone";
  two.lobbies().close("B");
  EXPECT_TRUE(eventually([&] { return code_of(two.locate("B")) == "not_found"; }));
  for (const std::string& key : world.server.command({"KEYS", "*"}))
    EXPECT_THAT(
        key, testing::AnyOf(testing::StartsWith("server_node"), "cluster_pulse", "cluster_calm"));
}

TEST(RedisAddressing, PasswordUserAndDatabase) {
  OwnServer world({"--requirepass", "let me in"});
  const auto stranger = world.join("n0");
  stranger->start();
  world.options.address.password = "let me in";
  world.options.address.database = 3;
  Node one(world, "n1");
  one->sessions().started("p", "s");
  EXPECT_TRUE(eventually([&] { return one->sessions().state("p", "s") == SessionState::live; }));
  EXPECT_THAT(world.server.command(
                  {"--no-auth-warning", "-a", "let me in", "-n", "3", "EXISTS", "session:p"}),
              ElementsAre("1"));
  EXPECT_FALSE(stranger->gauge().connected) << "not without the password";
}

// Self-signed, for 127.0.0.1.
void make_certificate(const std::string& folder) {
  Child openssl({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                 folder + "/key.pem", "-out", folder + "/cert.pem", "-days", "2", "-subj",
                 "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1"},
                folder + "/openssl.log");
  while (openssl.read_line()) {
  }
  ASSERT_EQ(openssl.wait(), 0);
}

TEST(RedisAddressing, Tls) {
  TempFolder folder;
  make_certificate(folder.path(""));
  OwnServer plain;
  // The port for TLS is found by taking one that a server of ours has just given up.
  const int port = plain.server.port();
  plain.server.kill_now();
  OwnServer world({"--tls-port", std::to_string(port), "--tls-cert-file", folder.path("cert.pem"),
                   "--tls-key-file", folder.path("key.pem"), "--tls-auth-clients", "no",
                   "--tls-ca-cert-file", folder.path("cert.pem")});
  world.options.address.port = static_cast<std::uint16_t>(port);
  world.options.address.tls = true;
  auto stranger = world.join("n0");
  stranger->start();
  world.options.tls_ca_file = folder.path("cert.pem");
  Node one(world, "n1"), two(world, "n2");
  one.publish(listing("A"), two);
  one->snapshots().write("A", 1, std::string(60'000, 'x'));
  EXPECT_TRUE(eventually([&] {
    return ask<cluster::Snapshot>([&](auto answer) { two->snapshots().read("A", answer); }).ok();
  }));
  EXPECT_FALSE(stranger->gauge().connected) << "a certificate that nobody vouches for";
}

}  // namespace
}  // namespace contract
