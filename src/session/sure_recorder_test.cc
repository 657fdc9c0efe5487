#include "session/sure_recorder.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>

namespace session {
namespace {

// Answers only whether the node is sure.
class Owner final : public cluster::Lobbies {
 public:
  void publish(const cluster::Listing&) override {}
  void close(const std::string&) override {}
  void locate(const std::string&, cluster::Answer<cluster::Located>) override {}
  void browse(const cluster::Browse&, cluster::Answer<cluster::Page>) override {}
  void find(const cluster::Search&, cluster::Answer<cluster::SeatHold>) override {}
  void release(const std::string&, const std::string&) override {}
  void orphans(std::size_t, cluster::Answer<std::vector<cluster::Located>>) override {}
  void take_over(const std::string&, cluster::Answer<cluster::Located>) override {}
  void on_lost(std::function<void(const std::string&)>) override {}
  bool sure() const override { return is_sure; }

  bool is_sure = true;
};

class Store final : public store::Recorder {
 public:
  void lobby_opened(store::LobbyOpened) override {}
  void lobby_state(std::string, store::LobbyState, store::Time) override {}
  void player_joined(std::string, std::string, store::Side, store::Time) override {}
  void player_left(std::string, std::string, store::Time) override {}
  void match_finished(store::MatchResult result, std::function<void(bool)> durable) override {
    written.push_back(result.match_id);
    durable(true);
  }

  std::vector<std::string> written;
};

store::MatchResult result(const std::string& match, const std::string& lobby = "L") {
  store::MatchResult made;
  made.match_id = match;
  made.lobby_id = lobby;
  return made;
}

struct Node {
  Owner owner;
  Store store;
  SureRecorder recorder{store, owner};
  int durable = 0;
  void finish(const std::string& match, const std::string& lobby = "L") {
    recorder.match_finished(result(match, lobby), [this](bool) { ++durable; });
  }
};

TEST(SureRecorder, AnOwnerWritesAtOnce) {
  Node node;
  node.finish("m1");
  EXPECT_EQ(node.store.written, std::vector<std::string>{"m1"});
  EXPECT_EQ(node.durable, 1);
}

TEST(SureRecorder, WhoIsNotSureWaitsAndThenWritesInOrder) {
  Node node;
  node.owner.is_sure = false;
  node.finish("m1");
  node.finish("m2", "K");
  node.recorder.settle();
  EXPECT_TRUE(node.store.written.empty());
  EXPECT_EQ(node.recorder.held(), 2u);
  node.owner.is_sure = true;
  node.finish("m3");  // not before those that wait
  EXPECT_TRUE(node.store.written.empty());
  node.recorder.settle();
  EXPECT_EQ(node.store.written, (std::vector<std::string>{"m1", "m2", "m3"}));
  EXPECT_EQ(node.durable, 3);
}

TEST(SureRecorder, WhoHasLostTheLobbyWritesNothingOfIt) {
  Node node;
  node.owner.is_sure = false;
  node.finish("m1");
  node.finish("m2", "K");
  node.recorder.lost("L");
  node.owner.is_sure = true;
  node.recorder.settle();
  EXPECT_EQ(node.store.written, std::vector<std::string>{"m2"});
}

// Two nodes, one lobby, and a world that freezes them, gives the lobby to the other and tells the
// loser late, as cluster/lobbies.h promises. A result is written only by the lobby's owner, and by
// one owner once.
TEST(SureRecorder, OfTwoOwnersOnlyTheRightOneWritesWhateverTheOrder) {
  std::mt19937 random(20);
  for (int round = 0; round < 300; ++round) {
    Node nodes[2];
    bool told[2] = {true, true};  // knows whether it has the lobby
    int owner = 0;
    int epoch = 0;
    nodes[1].owner.is_sure = true;
    std::set<std::string> finished[2];
    std::map<std::string, int> written;
    for (int step = 0; step < 200; ++step) {
      const int who = static_cast<int>(random() % 2);
      Node& node = nodes[who];
      const std::size_t before = node.store.written.size();
      switch (random() % 5) {
        case 0:  // its beats do not come through
          node.owner.is_sure = false;
          break;
        case 1:  // the other takes over from one that is held for dead
          if (who == owner && !node.owner.is_sure && nodes[1 - who].owner.is_sure) {
            owner = 1 - who;
            told[who] = false;
            told[owner] = true;
            ++epoch;
          }
          break;
        case 2:  // beats again: hears first what it has lost
          if (!told[who]) node.recorder.lost("L");
          told[who] = true;
          node.owner.is_sure = true;
          break;
        case 3:  // its copy of the match ends; a node that knows it has lost has no copy
          if (who == owner || !told[who]) {
            const std::string match = "m" + std::to_string(step / 20);
            if (finished[who].insert(match + "/" + std::to_string(epoch)).second)
              node.finish(match);
          }
          break;
        default:
          node.recorder.settle();
      }
      if (node.store.written.size() == before) continue;
      ASSERT_EQ(who, owner) << "round " << round << " step " << step;
      for (std::size_t i = before; i < node.store.written.size(); ++i)
        ASSERT_EQ(++written[node.store.written[i] + "/" + std::to_string(epoch)], 1);
    }
  }
}

TEST(SureRecorder, D4_what_is_held_when_the_node_ends_is_kept) {
  Node node;
  node.owner.is_sure = false;
  node.finish("m1");
  node.finish("m2", "M");
  node.recorder.lost("M");
  node.recorder.settle_all();
  EXPECT_EQ(node.store.written, std::vector<std::string>{"m1"});
  EXPECT_EQ(node.durable, 1);
  EXPECT_EQ(node.recorder.held(), 0u);
}

}  // namespace
}  // namespace session
