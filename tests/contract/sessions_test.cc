// The contract of cluster::Sessions (A5).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "cluster/memory_sessions.h"
#include "contract/cluster_fixture.h"

namespace contract {
namespace {

using cluster::SessionState;
using testing::ElementsAre;

// Sessions, and a clock whose day may be short.
class SessionsWorld {
 public:
  virtual ~SessionsWorld() = default;
  virtual cluster::Sessions& sessions() = 0;
  virtual void hours_pass(int hours) = 0;
};

class AloneInMemory final : public SessionsWorld {
 public:
  cluster::Sessions& sessions() override { return *sessions_; }
  void hours_pass(int hours) override { now_ += std::chrono::hours(hours); }

 private:
  std::chrono::steady_clock::time_point now_{};
  std::unique_ptr<cluster::Sessions> sessions_ =
      cluster::make_memory_sessions([this] { return now_; });
};

// An hour of 50 ms: what must not be forgotten yet has 600 ms.
class OfARedisNode final : public SessionsWorld {
 public:
  OfARedisNode() {
    cluster::Timing timing = short_times();
    timing.session_memory = 24 * kHour;
    world_ = world_kinds().back().create(timing);
    node_ = std::make_unique<Node>(*world_, "n1");
  }
  cluster::Sessions& sessions() override { return (*node_)->sessions(); }
  void hours_pass(int hours) override { std::this_thread::sleep_for(hours * kHour); }

 private:
  static constexpr std::chrono::milliseconds kHour{50};
  std::unique_ptr<World> world_;
  std::unique_ptr<Node> node_;
};

struct SessionsKind {
  const char* name;
  std::unique_ptr<SessionsWorld> (*create)();
};
void PrintTo(const SessionsKind& kind, std::ostream* out) { *out << kind.name; }

class SessionsContract : public testing::TestWithParam<SessionsKind> {
 protected:
  std::unique_ptr<SessionsWorld> world_ = GetParam().create();
  cluster::Sessions& sessions_ = world_->sessions();
};

INSTANTIATE_TEST_SUITE_P(Kinds, SessionsContract,
                         testing::Values(SessionsKind{"memory",
                                                      []() -> std::unique_ptr<SessionsWorld> {
                                                        return std::make_unique<AloneInMemory>();
                                                      }},
                                         SessionsKind{"redis",
                                                      []() -> std::unique_ptr<SessionsWorld> {
                                                        return std::make_unique<OfARedisNode>();
                                                      }}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(SessionsContract, A5_LivesFromItsStartToItsEnd) {
  EXPECT_EQ(sessions_.state("p1", "s1"), SessionState::unknown);
  sessions_.started("p1", "s1");
  EXPECT_EQ(sessions_.state("p1", "s1"), SessionState::live);
  EXPECT_EQ(sessions_.state("p2", "s1"), SessionState::unknown) << "a session is one player's";
  sessions_.started("p1", "s2");
  sessions_.ended({"p1", "s1", "logout"});
  EXPECT_EQ(sessions_.state("p1", "s1"), SessionState::ended);
  EXPECT_EQ(sessions_.state("p1", "s2"), SessionState::live);
}

TEST_P(SessionsContract, A5_AnEndIsNotTakenBack) {
  sessions_.ended({"p1", "s1", "banned"});
  sessions_.started("p1", "s1");
  EXPECT_EQ(sessions_.state("p1", "s1"), SessionState::ended);
}

TEST_P(SessionsContract, A5_ListenersHearOfEveryEnd) {
  std::vector<std::string> heard;
  sessions_.listen([&](const cluster::SessionEnd& end) {
    heard.push_back(end.player_id + " " + end.session_id + " " + end.reason);
  });
  sessions_.started("p1", "s1");
  sessions_.ended({"p1", "s1", "logout"});
  sessions_.ended({"p2", "s2", "banned"});
  EXPECT_THAT(heard, ElementsAre("p1 s1 logout", "p2 s2 banned"));
}

TEST_P(SessionsContract, A5_ForgottenAfterADayUnlessSeenAgain) {
  sessions_.started("p1", "s1");
  sessions_.started("p1", "s2");
  world_->hours_pass(14);
  sessions_.started("p1", "s2");
  world_->hours_pass(12);
  EXPECT_EQ(sessions_.state("p1", "s1"), SessionState::unknown);
  EXPECT_EQ(sessions_.state("p1", "s2"), SessionState::live);
  world_->hours_pass(14);
  EXPECT_EQ(sessions_.state("p1", "s2"), SessionState::unknown);
}

// The same between nodes.
class SessionsOfNodes : public ClusterContract {};
INSTANTIATE_TEST_SUITE_P(Kinds, SessionsOfNodes, testing::ValuesIn(world_kinds()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(SessionsOfNodes, A5_AnEndIsHeardOnEveryNodeOnce) {
  Heard heard;
  const auto listen = [&](cluster::Cluster& node) {
    node.sessions().listen([&heard, id = node.node_id()](const cluster::SessionEnd& end) {
      heard.add(id + " " + end.player_id + " " + end.session_id + " " + end.reason);
    });
  };
  Node one(*world_, "n1", listen), two(*world_, "n2", listen), three(*world_, "n3", listen);
  one->sessions().started("p1", "s1");
  EXPECT_TRUE(eventually([&] { return two->sessions().state("p1", "s1") == SessionState::live; }));
  one->sessions().ended({"p1", "s1", "banned"});
  EXPECT_TRUE(eventually([&] { return heard.count() >= 3; }));
  std::this_thread::sleep_for(50ms);
  EXPECT_THAT(heard.all(), testing::UnorderedElementsAre("n1 p1 s1 banned", "n2 p1 s1 banned",
                                                         "n3 p1 s1 banned"));
  EXPECT_EQ(three->sessions().state("p1", "s1"), SessionState::ended);
}

TEST_P(SessionsOfNodes, S8_ABanOfGuestsIsHeardOnEveryNodeAndIsNoSession) {
  Heard heard;
  const auto listen = [&](cluster::Cluster& node) {
    node.sessions().listen([&heard, id = node.node_id()](const cluster::SessionEnd& end) {
      heard.add(id + " " + end.address + " " + end.player_id + end.session_id + end.reason);
    });
  };
  Node one(*world_, "n1", listen), two(*world_, "n2", listen);
  one->sessions().ended({"", "", "banned", "10.0.0.1"});
  EXPECT_TRUE(eventually([&] { return heard.count() >= 2; }));
  EXPECT_THAT(heard.all(),
              testing::UnorderedElementsAre("n1 10.0.0.1 banned", "n2 10.0.0.1 banned"));
  EXPECT_EQ(two->sessions().state("", ""), SessionState::unknown);
}

}  // namespace
}  // namespace contract
