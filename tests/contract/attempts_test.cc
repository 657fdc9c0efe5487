// The contract of cluster::Attempts (S1): one count for all nodes.

#include "cluster/attempts.h"

#include <future>

#include "contract/cluster_fixture.h"

namespace contract {
namespace {

using cluster::AttemptCount;
using cluster::Attempts;
using cluster::milliseconds;

class AttemptsContract : public ClusterContract {
 protected:
  static bool tried(Node& node, const std::vector<AttemptCount>& counts) {
    for (const milliseconds wait : node->attempts().admit(counts))
      if (wait.count() > 0) return false;
    return true;
  }
  static milliseconds wait(Node& node, const std::string& key, int limit) {
    return node->attempts().look({{key, limit}}).front();
  }
  Node one_{*world_, "n1"};
  Node two_{*world_, "n2"};
};
INSTANTIATE_TEST_SUITE_P(Kinds, AttemptsContract, testing::ValuesIn(world_kinds()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(AttemptsContract, S1_TriesOnOneNodeCountOnTheOther) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(tried(i % 2 == 0 ? one_ : two_, {{"ada", 5}})) << i;
  EXPECT_FALSE(tried(one_, {{"ada", 5}}));
  EXPECT_FALSE(tried(two_, {{"ada", 5}}));
  EXPECT_GT(wait(two_, "ada", 5), 10min);
  EXPECT_LE(wait(one_, "ada", 5), 15min);
  EXPECT_TRUE(tried(one_, {{"bob", 5}})) << "nobody else is affected";
}

TEST_P(AttemptsContract, S1_ATryThatMustWaitIsCountedNowhere) {
  EXPECT_TRUE(tried(one_, {{"account", 1}, {"address", 3}}));
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(tried(one_, {{"account", 1}, {"address", 3}}));
  EXPECT_TRUE(tried(two_, {{"address", 3}}));
  EXPECT_TRUE(tried(one_, {{"address", 3}}));
  EXPECT_FALSE(tried(one_, {{"address", 3}}));
}

TEST_P(AttemptsContract, S1_LookingCountsNothing) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(wait(one_, "ada", 1), 0ms);
  EXPECT_TRUE(tried(two_, {{"ada", 1}}));
}

TEST_P(AttemptsContract, S1_EachCountTellsItsOwnWait) {
  EXPECT_TRUE(tried(one_, {{"account", 1}, {"address", 3}}));
  const auto waits = one_->attempts().admit({{"account", 1}, {"address", 3}});
  ASSERT_EQ(waits.size(), 2u);
  EXPECT_GT(waits[0], 0ms);
  EXPECT_EQ(waits[1], 0ms);
}

TEST_P(AttemptsContract, S1_SuccessForgetsOneCountAndGivesTheOtherATryBack) {
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(tried(one_, {{"account", 4}, {"address", 5}}));
  EXPECT_FALSE(tried(two_, {{"account", 4}, {"address", 5}}));
  one_->attempts().succeeded("account", "address");
  EXPECT_TRUE(eventually([&] { return wait(one_, "account", 4) == 0ms; }));
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(tried(two_, {{"account", 4}, {"address", 5}})) << i;
  EXPECT_FALSE(tried(two_, {{"account", 4}, {"address", 5}})) << "3 + 2 of the address";
}

TEST_P(AttemptsContract, S1_ManyAtOnceOnBothNodesAreNoMoreThanOneAfterTheOther) {
  std::vector<std::future<bool>> tries;
  for (int i = 0; i < 40; ++i)
    tries.push_back(std::async(std::launch::async,
                               [&, i] { return tried(i % 2 == 0 ? one_ : two_, {{"ada", 5}}); }));
  int admitted = 0;
  for (auto& each : tries) admitted += each.get() ? 1 : 0;
  EXPECT_EQ(admitted, 5);
}

}  // namespace
}  // namespace contract
