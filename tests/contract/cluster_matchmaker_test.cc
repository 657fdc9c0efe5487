// Matches made by several nodes at once (C2, C3), on memory and on Redis.

#include <atomic>
#include <map>
#include <set>

#include "cluster/matchmaker.h"
#include "contract/cluster_fixture.h"

namespace contract {
namespace {

using cluster::Matchmaker;
using testing::ElementsAre;

class Matchmaking : public ClusterContract {};
INSTANTIATE_TEST_SUITE_P(Kinds, Matchmaking, testing::ValuesIn(world_kinds()),
                         [](const auto& each) { return std::string(each.param.name); });

Matchmaker::Options quick() {
  Matchmaker::Options options;
  options.modes = {"tdm", "dm"};
  options.rules.seats = 4;
  options.rules.short_ms = 600'000;
  options.interval = 20ms;
  return options;
}

// A node that makes matches and assigns them at once: heard is "mode lobby place: tickets".
struct MakerNode {
  MakerNode(World& world, const std::string& id)
      : node(world, id),
        maker(*node.cluster, quick(),
              {.openings =
                   [this] {
                     std::lock_guard lock(mutex);
                     return openings;
                   },
               .room = [this] { return room.load(); },
               .found =
                   [this, id, tickets = &node.tickets()](const Matchmaker::Match& match) {
                     std::string line = match.mode + " " + match.group.lobby + ":";
                     for (const auto& ticket : match.tickets) line += " " + ticket.id;
                     made.add(line);
                     tickets->assign(match.id, match.group.tickets, id, {});
                   }}) {
    maker.start();
  }
  ~MakerNode() { node.kill(); }

  std::mutex mutex;
  std::vector<cluster::Opening> openings;
  std::atomic<std::size_t> room{100};
  Heard made;
  Node node;
  Matchmaker maker;
};

TEST_P(Matchmaking, C3_NodesWithoutALeaderMatchEveryTicketOnce) {
  Heard assigned;
  Node players(*world_, "players", [&](cluster::Cluster& node) {
    node.tickets().on_assigned([&](const auto& of, auto) { assigned.add(of.id); });
  });
  std::set<std::string> expected;
  for (int i = 0; i < 400; ++i) {
    cluster::Ticket each = ticket("t" + std::to_string(i));
    if (i % 2) each.mode = "dm";
    ASSERT_TRUE(players.enqueue(each).ok());
    expected.insert(each.id);
  }
  MakerNode one(*world_, "n1"), two(*world_, "n2"), three(*world_, "n3");
  EXPECT_TRUE(eventually([&] { return assigned.count() >= expected.size(); }));
  const auto all = assigned.all();
  EXPECT_EQ(all.size(), expected.size());
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()), expected);
  EXPECT_EQ(one.made.count() + two.made.count() + three.made.count(), 100u);
}

TEST_P(Matchmaking, C3_ALeaversPlaceIsFilledAndAFullNodeTakesNoNewMatch) {
  Node players(*world_, "players");
  MakerNode one(*world_, "n1");
  one.room = 0;
  for (const char* id : {"a", "b", "c", "d", "e"}) ASSERT_TRUE(players.enqueue(ticket(id)).ok());
  std::this_thread::sleep_for(200ms);
  EXPECT_EQ(one.made.count(), 0u);
  {
    std::lock_guard lock(one.mutex);
    one.openings = {{"LOBBY", "tdm", "eu", 1, 1000}};
  }
  EXPECT_TRUE(eventually([&] { return one.made.count() >= 1; }));
  EXPECT_EQ(one.made.all().front(), "tdm LOBBY: a");
}

TEST_P(Matchmaking, C3_MatchesOfOtherRegionsAreLeftToTheirNodes) {
  Node players(*world_, "players");
  Heard made;
  Node home(*world_, "n1");
  cluster::Matchmaker maker(
      *home.cluster, quick(),
      {.openings = [] { return std::vector<cluster::Opening>(); },
       .room = [] { return std::size_t{10}; },
       .found = [&](const Matchmaker::Match& match) { made.add(match.group.region); },
       .serves = [](const std::string& region) { return region == "us"; }});
  maker.start();
  for (const char* region : {"eu", "us"}) {
    for (int i = 0; i < 4; ++i) {
      cluster::Ticket each = ticket(region + std::to_string(i));
      each.regions = {region};
      ASSERT_TRUE(players.enqueue(each).ok());
    }
  }
  EXPECT_TRUE(eventually([&] { return made.count() > 0; }));
  EXPECT_THAT(made.all(), ElementsAre("us"));
  EXPECT_EQ(players.waiting("tdm").size(), 4u);
  home.kill();
}

TEST_P(Matchmaking, C5_APausedNodeTakesNothing) {
  Node players(*world_, "players");
  MakerNode one(*world_, "n1");
  one.maker.pause(true);
  std::this_thread::sleep_for(100ms);  // a look that had begun
  for (const char* id : {"a", "b", "c", "d"}) ASSERT_TRUE(players.enqueue(ticket(id)).ok());
  std::this_thread::sleep_for(200ms);
  EXPECT_EQ(players.waiting("tdm").size(), 4u);
  one.maker.pause(false);
  EXPECT_TRUE(eventually([&] { return one.made.count() == 1; }));
  EXPECT_THAT(one.made.all(), ElementsAre("tdm : a b c d"));
}

}  // namespace
}  // namespace contract
