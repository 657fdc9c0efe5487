// A lobby that outlives its node, seen from its shard: when it is saved, and how it stops when
// another node has it (issue 5, point 6).

#include "lobby/keeper.h"

#include <gtest/gtest.h>

#include "lobby/lobby_test_bench.h"

namespace lobby {
namespace {

using testing::Bench;
using testing::Player;

class Saves final : public Keeper {
 public:
  void keep(const std::string& lobby, std::uint64_t fence, std::string_view save) override {
    ++kept[lobby];
    last = save;
    last_fence = fence;
  }
  void forget(const std::string& lobby) override { forgotten.push_back(lobby); }

  std::map<std::string, int> kept;
  std::vector<std::string> forgotten;
  std::string last;
  std::uint64_t last_fence = 0;
};

struct Kept {
  Saves saves;
  Bench bench = Bench::adjusted([this](LobbyContext& context) { context.keeper = &saves; });
};

base::Result<Directory::Place> adopt(Bench& bench, const std::string& save,
                                     std::uint64_t fence = 2) {
  const auto name = Lobby::saved_name(save);
  auto place = bench.directory.adopt(name->id, name->invite_code, 0);
  if (!place) return place;
  place->fence = fence;
  if (const auto done = bench.engine.adopt(*place, save, bench.now); !done) return done.error();
  return place;
}

TEST(Keeper, ALobbyIsSavedFourTimesASecond) {
  Kept node;
  node.bench.create("ann");
  node.bench.run_seconds(10);
  ASSERT_EQ(node.saves.kept.size(), 1u);
  EXPECT_NEAR(node.saves.kept.begin()->second, 40, 1);
  EXPECT_EQ(node.saves.last_fence, 1u);
}

// So that no tick carries many.
TEST(Keeper, LobbiesTakeTurns) {
  Kept node;
  for (int i = 0; i < 60; ++i) node.bench.create("p" + std::to_string(i));
  node.bench.run_seconds(1);
  int most = 0;
  for (int tick = 0; tick < 60; ++tick) {
    node.saves.kept.clear();
    node.bench.run(1);
    most = std::max(most, static_cast<int>(node.saves.kept.size()));
  }
  EXPECT_EQ(most, 4);
}

TEST(Keeper, AClosedLobbyIsForgotten) {
  Kept node;
  Player& ann = node.bench.create("ann");
  node.bench.run_seconds(1);
  node.bench.leave(ann);
  ASSERT_EQ(node.saves.forgotten.size(), 1u);
  EXPECT_EQ(node.saves.forgotten[0], node.saves.kept.begin()->first);
}

TEST(Keeper, TheNextOwnerSavesUnderItsOwnFence) {
  Kept first;
  first.bench.create("ann");
  first.bench.run_seconds(1);
  Kept second;
  ASSERT_TRUE(adopt(second.bench, first.saves.last, 7));
  second.bench.run_seconds(1);
  EXPECT_EQ(second.saves.last_fence, 7u);
}

TEST(LostLobby, StopsWithoutResultAndFreesItsPeople) {
  Kept node;
  LobbyOptions options;
  options.bots = 3;
  Player& ann = node.bench.create("ann", options);
  node.bench.say(ann, wire::ClientKind::lobby_start);
  node.bench.run_seconds(4);
  node.bench.join_world(ann);
  node.bench.run_seconds(2);
  ASSERT_EQ(node.bench.engine.shapes().at(0).status, Status::playing);
  const auto states = node.bench.recorder.states;
  node.bench.engine.lose(node.bench.engine.shapes().at(0).number);
  EXPECT_EQ(node.bench.engine.lobby_count(), 0u);
  EXPECT_EQ(node.bench.directory.counts().lobbies, 0u);
  EXPECT_EQ(node.bench.directory.counts().players, 0u);
  EXPECT_FALSE(ann.seat);
  EXPECT_TRUE(ann.heard("left_lobby").empty()) << "he is on his way to the same lobby";
  EXPECT_TRUE(node.bench.recorder.results.empty());
  EXPECT_EQ(node.bench.recorder.states, states) << "closing it is not ours to tell";
  EXPECT_TRUE(node.saves.forgotten.empty()) << "the saves are the new owner's";
}

// The node died between the end of the match and the store: the new owner keeps the result.
TEST(Keeper, AResultThatWasNotYetKeptIsKeptByTheNextOwner) {
  for (const bool kept : {false, true}) {
    Kept first;
    first.bench.recorder.durable_at_once = kept;
    LobbyOptions options;
    options.bots = 3;
    options.kill_limit = 1;
    Player& ann = first.bench.create("ann", options);
    first.bench.say(ann, wire::ClientKind::lobby_start);
    first.bench.run_seconds(4);
    first.bench.join_world(ann);
    for (int i = 0; i < 600 && first.bench.recorder.results.empty(); ++i)
      first.bench.run_seconds(1);
    first.bench.run_seconds(1);
    ASSERT_EQ(first.bench.recorder.results.size(), 1u);
    Bench second;
    ASSERT_TRUE(adopt(second, first.saves.last));
    ASSERT_EQ(second.recorder.results.size(), kept ? 0u : 1u);
    if (!kept)
      EXPECT_EQ(second.recorder.results[0].match_id, first.bench.recorder.results[0].match_id);
  }
}

}  // namespace
}  // namespace lobby
