// D4: a node may die at any moment; what it called durable reaches the database exactly once.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <random>
#include <set>
#include <thread>

#include "contract/backends.h"
#include "contract/child.h"
#include "contract/samples.h"
#include "store/outbox.h"

namespace contract {
namespace {

class CrashContract : public testing::TestWithParam<Backend> {
 protected:
  std::vector<std::string> helper() const {
    return {CRASH_HELPER, database_->url(), folder_.path("outbox.db"), red_, blue_};
  }

  // What the next start of the node does.
  void deliver_the_rest() {
    store::OutboxOptions options;
    options.path = folder_.path("outbox.db");
    auto outbox = store::Outbox::open(options, *store_);
    ASSERT_TRUE(outbox.ok()) << outbox.error().message;
    while ((*outbox)->stats().waiting > 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  void expect_each_once(const std::set<std::string>& durable) {
    std::set<std::string> stored;
    for (const auto& row : ask(*store_, "select match_id from match_results"))
      stored.insert(row[0].text());
    for (const auto& id : durable) EXPECT_TRUE(stored.contains(id)) << id;
    const auto matches = static_cast<std::int64_t>(stored.size());
    const auto totals =
        ask(*store_, "select total_kills, total_matches, wins from players where player_id = $1",
            {red_});
    EXPECT_EQ(totals[0][0].integer(), matches * 5) << "every match counted once";
    EXPECT_EQ(totals[0][1].integer(), matches);
    EXPECT_EQ(totals[0][2].integer(), matches);
    EXPECT_EQ(ask(*store_, "select count(*) from match_players")[0][0].integer(), matches * 3);
  }

  TempFolder folder_;
  std::unique_ptr<Database> database_ = GetParam().create();
  std::unique_ptr<store::Store> store_ = open_store(*database_);
  std::string red_ = add_player(*store_, "red");
  std::string blue_ = add_player(*store_, "blue");
};

INSTANTIATE_TEST_SUITE_P(Databases, CrashContract, testing::ValuesIn(all_backends()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(CrashContract, D4_KilledAnywhereNothingDurableIsLostOrCountedTwice) {
  constexpr unsigned kSeed = 20261122;
  std::mt19937 random(kSeed);
  std::set<std::string> durable;
  for (int round = 0; round < 20; ++round) {
    Child node(helper());
    const unsigned lines = 1 + random() % 20;
    for (unsigned i = 0; i < lines; ++i) durable.insert(node.read_line().value());
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
    node.send(SIGKILL);
    while (auto line = node.read_line()) durable.insert(*line);
  }
  deliver_the_rest();
  EXPECT_GE(durable.size(), 200u);
  expect_each_once(durable);
}

TEST_P(CrashContract, D4_KilledInsideTheTransaction) {
  std::set<std::string> durable;
  auto command = helper();
  command.push_back("die-in-transaction");
  Child node(command);
  while (auto line = node.read_line()) durable.insert(*line);
  ASSERT_TRUE(WIFSIGNALED(node.wait()));
  EXPECT_EQ(ask(*store_, "select count(*) from match_results")[0][0].integer(), 2)
      << "the third is undone";
  deliver_the_rest();
  EXPECT_GE(durable.size(), 3u);
  expect_each_once(durable);
}

}  // namespace
}  // namespace contract
