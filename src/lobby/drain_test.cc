// C5: a node that will stop takes no new lobbies and lets matches finish.

#include <gtest/gtest.h>

#include "lobby/lobby_test_bench.h"

namespace lobby {
namespace {

using testing::Bench;
using testing::Player;

Player& match_of(Bench& bench) {
  LobbyOptions options;
  options.bots = 3;
  options.kill_limit = 3;
  Player& ann = bench.create("ann", options);
  bench.say(ann, wire::ClientKind::lobby_start);
  bench.run_seconds(4);
  bench.join_world(ann);
  bench.run_seconds(1);
  EXPECT_EQ(bench.engine.shapes().at(0).status, Status::playing);
  return ann;
}

void drain(Bench& bench) {
  bench.directory.drain();
  bench.engine.drain();
}

TEST(Drain, C5_AWaitingLobbyDissolvesAtOnce) {
  Bench bench;
  Player& ann = bench.create("ann");
  Player& bob = bench.by_code("bob", bench.directory.all().at(0).invite_code);
  drain(bench);
  EXPECT_EQ(bench.engine.lobby_count(), 0u);
  for (Player* player : {&ann, &bob}) {
    EXPECT_EQ(player->heard("left_lobby").size(), 1u);
    EXPECT_FALSE(player->seat);
  }
}

TEST(Drain, C5_AMatchIsPlayedToTheEndOfItsVote) {
  Bench bench;
  Player& ann = match_of(bench);
  drain(bench);
  EXPECT_EQ(bench.engine.lobby_count(), 1u);
  for (int i = 0; i < 600 && bench.engine.lobby_count() > 0; ++i) bench.run_seconds(1);
  EXPECT_EQ(bench.engine.lobby_count(), 0u);
  EXPECT_EQ(bench.recorder.results.size(), 1u);
  EXPECT_EQ(ann.heard("match_ended").size(), 1u);
  EXPECT_EQ(ann.heard("vote_result").size(), 1u);
  EXPECT_EQ(ann.heard("match_started").size(), 1u) << "no match after this one";
  EXPECT_EQ(ann.heard("left_lobby").size(), 1u);
  EXPECT_FALSE(ann.seat);
}

TEST(Drain, C5_NobodyFindsALobbyHereAnyMoreButAFriendOfThoseWhoPlay) {
  Bench bench;
  match_of(bench);
  const std::string code = bench.directory.all().at(0).invite_code;
  drain(bench);
  EXPECT_FALSE(bench.quick("eve").refused.empty());
  EXPECT_FALSE(bench.create("eve").refused.empty());
  EXPECT_TRUE(bench.by_code("bob", code).refused.empty());
}

// A place given just before the drain, whose lobby would be made just after it.
TEST(Drain, C5_ALobbyOnItsWayIsRefused) {
  Bench bench;
  const auto place = bench.directory.create({}, 0);
  drain(bench);
  JoinRequest request;
  request.session = {0, bench.player("ann").number};
  bench.engine.join(*place, {}, request, bench.now);
  EXPECT_FALSE(bench.player("ann").refused.empty());
  EXPECT_EQ(bench.directory.counts().lobbies, 0u);
  EXPECT_EQ(bench.directory.counts().players, 0u);
}

}  // namespace
}  // namespace lobby
