// The match outlives its node (issue 5, point 6): lobbies kept in a real Redis, nodes that die,
// freeze and come back. Each node here has a shard that the test turns.

#include "session/lobby_keeper.h"

#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "cluster/redis_cluster.h"
#include "contract/cluster_fixture.h"
#include "contract/redis_server_for_cluster.h"
#include "lobby/lobby_test_bench.h"
#include "session/lobby_host.h"
#include "session/test_doubles.h"

namespace contract {
namespace {

using lobby::Status;

class Redis final : public World {
 public:
  std::unique_ptr<cluster::Cluster> join(const std::string& node_id) override {
    cluster::RedisOptions options;
    options.address.host = "127.0.0.1";
    options.address.port = static_cast<std::uint16_t>(server.port());
    options.node_id = node_id;
    options.timing = short_times();
    options.timing.snapshot_life = 10'000ms;
    return cluster::make_redis_cluster(options);
  }
  bool is_redis() const override { return true; }
  RedisServer server;
};

// A node of one shard.
class GameNode {
 public:
  GameNode(World& world, const std::string& id)
      : node_(world, id, [this](cluster::Cluster& cluster) {
          keeper_ = std::make_unique<session::LobbyKeeper>(
              cluster, bench_.directory, bench_.recorder,
              session::LobbyKeeper::Options{.shards = 1, .max_lobbies = 100},
              [this](lobby::ShardIndex, std::function<void(session::LobbyHost&)> fn) {
                const std::lock_guard lock(mutex_);
                posts_.push_back(std::move(fn));
              });
          keeper_->listen();
          host_ = std::make_unique<session::LobbyHost>(shard_, context(cluster.node_id()));
        }) {
    keeper_->start();
  }
  ~GameNode() { kill(); }

  // As kill -9.
  void kill() {
    keeper_->stop();
    node_.kill();
  }

  // Lets the shard do what is due; ticks come by the clock.
  void turn() {
    std::deque<std::function<void(session::LobbyHost&)>> posts;
    {
      const std::lock_guard lock(mutex_);
      posts.swap(posts_);
    }
    for (const auto& fn : posts) fn(*host_);
    shard_.pass_time();
  }
  bool turns_until(const std::function<bool()>& done) {
    return eventually([&] {
      turn();
      return done();
    });
  }

  // A lobby of one person and bots whose match has begun; its id.
  std::string begin_match() {
    lobby::LobbyOptions options;
    options.bots = 3;
    const auto place = bench_.directory.create(options, 0);
    lobby::JoinRequest request;
    request.session = {0, bench_.player("ann").number};
    request.kind = lobby::JoinKind::create_private;
    request.lobby = place->lobby;
    request.player_id = request.name = "ann";
    request.by_invite = true;
    options.is_private = true;
    host_->join(*place, options, request);
    node_.lobbies().publish(listing(place->id));
    EXPECT_TRUE(turns_until([&] { return shape() && shape()->status == Status::playing; }));
    return place->id;
  }

  std::optional<lobby::Lobby::Shape> shape() const {
    const auto shapes = host_->engine().shapes();
    if (shapes.empty()) return std::nullopt;
    return shapes.front();
  }
  std::uint64_t fence() const {
    std::uint64_t fence = 0;
    host_->engine().each([&](const lobby::Lobby& lobby) { fence = lobby.fence(); });
    return fence;
  }
  // As the lobby's shard does at the end of a match.
  void finish(const std::string& lobby, const std::string& match) {
    store::MatchResult result;
    result.lobby_id = lobby;
    result.match_id = match;
    keeper_->recorder().match_finished(result, [](bool) {});
  }
  bool wrote(const std::string& match) const {
    for (const auto& result : bench_.recorder.results)
      if (result.match_id == match) return true;
    return false;
  }

  Node& node() { return node_; }
  session::LobbyKeeper& keeper() { return *keeper_; }
  session::LobbyHost& host() { return *host_; }
  lobby::testing::Bench& bench() { return bench_; }
  bool sure() const { return node_.lobbies().sure(); }

 private:
  lobby::LobbyContext context(const std::string& id) {
    lobby::Timing timing;
    timing.alone = timing.countdown = 6;
    return {.outlet = bench_,
            .directory = bench_.directory,
            .maps = bench_.maps,
            .recorder = keeper_->recorder(),
            .keeper = keeper_->keeper(0),
            .post = [](const std::function<void()>& fn) { fn(); },
            .result_kept = {},
            .node_id = id,
            .bot_skill = "normal",
            .timing = timing};
  }

  lobby::testing::Bench bench_;
  session::testing::FakeShard shard_;
  std::mutex mutex_;
  std::deque<std::function<void(session::LobbyHost&)>> posts_;
  std::unique_ptr<session::LobbyKeeper> keeper_;
  std::unique_ptr<session::LobbyHost> host_;
  Node node_;
};

bool is_kept(GameNode& seer, const std::string& lobby) {
  return ask<cluster::Snapshot>([&](auto answer) { seer.node()->snapshots().read(lobby, answer); })
      .ok();
}

TEST(LobbyKeeper, TheMatchGoesOnElsewhereWhenItsNodeDies) {
  Redis world;
  GameNode two(world, "n2");
  std::string id;
  {
    GameNode one(world, "n1");
    id = one.begin_match();
    ASSERT_TRUE(one.turns_until([&] { return is_kept(two, id); }));
    EXPECT_GT(one.keeper().counts().written, 0u);
    EXPECT_EQ(one.keeper().counts().dropped, 0u);
  }
  ASSERT_TRUE(two.turns_until([&] { return two.shape().has_value(); }));
  EXPECT_EQ(two.shape()->id, id);
  EXPECT_EQ(two.shape()->status, Status::playing);
  EXPECT_EQ(two.shape()->people, 1);
  EXPECT_EQ(two.shape()->bots, 3);
  EXPECT_EQ(two.fence(), 2u);
  EXPECT_EQ(two.node().locate(id)->node, "n2");
}

TEST(LobbyKeeper, ALobbyWithoutASaveIsClosed) {
  Redis world;
  GameNode two(world, "n2");
  {
    GameNode one(world, "n1");
    one.node().publish(listing("LOST"), two.node());
  }
  EXPECT_TRUE(eventually([&] { return code_of(two.node().locate("LOST")) == "not_found"; }));
  EXPECT_FALSE(two.shape().has_value());
}

TEST(LobbyKeeper, ASaveOfAnotherVersionIsLeftToNodesThatCanReadIt) {
  Redis world;
  GameNode two(world, "n2");
  {
    GameNode one(world, "n1");
    one.node().publish(listing("NEWER"), two.node());
    one.node()->snapshots().write("NEWER", 1, "what nobody here can read");
    ASSERT_TRUE(one.turns_until([&] { return is_kept(two, "NEWER"); }));
    one.node().publish(listing("LOST"), two.node());
  }
  // Both were found at the same look; the one that has no save is gone.
  ASSERT_TRUE(eventually([&] { return code_of(two.node().locate("LOST")) == "not_found"; }));
  EXPECT_EQ(two.node().locate("NEWER")->node, "n1");
  EXPECT_FALSE(two.shape().has_value());
}

TEST(LobbyKeeper, AClosedLobbyLeavesNoSave) {
  Redis world;
  GameNode one(world, "n1");
  const std::string id = one.begin_match();
  ASSERT_TRUE(one.turns_until([&] { return is_kept(one, id); }));
  ASSERT_TRUE(eventually([&] { return one.sure(); }));
  lobby::testing::Player& ann = one.bench().player("ann");
  one.host().engine().leave(ann.seat);
  EXPECT_TRUE(one.turns_until([&] { return !is_kept(one, id); }));
}

TEST(LobbyKeeper, C5_ADrainingNodeTakesNothingOver) {
  Redis world;
  GameNode two(world, "n2");
  GameNode three(world, "n3");
  two.keeper().drain();
  std::string id;
  {
    GameNode one(world, "n1");
    id = one.begin_match();
    ASSERT_TRUE(one.turns_until([&] { return is_kept(two, id); }));
  }
  ASSERT_TRUE(three.turns_until([&] { return three.shape().has_value(); }));
  two.turn();
  EXPECT_FALSE(two.shape().has_value());
}

// A node that stood still for longer than its lease (SIGSTOP, a hung machine) has lost its lobby:
// its copy stops, and what it decided meanwhile is not written.
TEST(LobbyKeeper, AFrozenNodeYieldsNeitherTwoOwnersNorTwoResults) {
  Redis world;
  GameNode one(world, "n1");
  GameNode two(world, "n2");
  const std::string id = one.begin_match();
  ASSERT_TRUE(one.turns_until([&] { return is_kept(two, id) && one.sure(); }));
  std::promise<void> frozen, thaw;
  one.node()->after(0ms, [&] {
    frozen.set_value();
    thaw.get_future().wait();
  });
  frozen.get_future().wait();
  ASSERT_TRUE(two.turns_until([&] { return two.shape().has_value(); }));
  one.turn();
  EXPECT_TRUE(one.shape().has_value()) << "it does not know yet, and plays on";
  one.finish(id, "match");
  EXPECT_FALSE(one.wrote("match"));
  ASSERT_TRUE(eventually([&] { return two.sure(); }));
  two.finish(id, "match");
  EXPECT_TRUE(two.wrote("match"));
  thaw.set_value();
  ASSERT_TRUE(one.turns_until([&] { return !one.shape().has_value(); }));
  ASSERT_TRUE(eventually([&] { return one.sure(); }));
  EXPECT_FALSE(one.wrote("match"));
  EXPECT_EQ(one.bench().directory.counts().lobbies, 0u);
  two.turn();
  EXPECT_TRUE(two.shape().has_value());
  EXPECT_EQ(two.node().locate(id)->node, "n2");
}

// Redis away stops no match, and a result that fell into that time is written afterwards.
TEST(LobbyKeeper, WhileRedisIsAwayMatchesGoOnAndResultsWait) {
  Redis world;
  GameNode one(world, "n1");
  const std::string id = one.begin_match();
  ASSERT_TRUE(eventually([&] { return one.sure(); }));
  world.server.kill_now();
  ASSERT_TRUE(one.turns_until([&] { return !one.sure(); }));
  one.finish(id, "match");
  EXPECT_FALSE(one.wrote("match"));
  ASSERT_TRUE(one.shape().has_value());
  EXPECT_EQ(one.shape()->status, Status::playing);
  world.server.start();
  EXPECT_TRUE(eventually([&] { return one.wrote("match"); }));
  EXPECT_EQ(one.fence(), 1u);
  EXPECT_TRUE(one.turns_until([&] { return is_kept(one, id); }));
}

}  // namespace
}  // namespace contract
