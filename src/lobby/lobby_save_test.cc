// A lobby as bytes and back on another node (issue 5: the match outlives its node).

#include <gtest/gtest.h>

#include "lobby/lobby_test_bench.h"
#include "lobby/save_pack.h"

namespace lobby {
namespace {

using testing::Bench;
using testing::Player;

// For ASSERT_TRUE: why not, if not.
::testing::AssertionResult good(const base::Result<void>& result) {
  if (result) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << result.error().message;
}

std::string save_of(const Bench& bench) {
  std::string bytes;
  bench.engine.each([&](const Lobby& lobby) { lobby.save(bytes); });
  return bytes;
}

// What another node does with the save.
base::Result<void> adopt(Bench& bench, std::string_view save) {
  const auto name = Lobby::saved_name(save);
  if (!name) return name.error();
  const auto place = bench.directory.adopt(name->id, name->invite_code, 0);
  if (!place) return place.error();
  return bench.engine.adopt(*place, save, bench.now);
}

// Two people and three bots in a match with holes in the walls and the first kill.
void play(Bench& bench) {
  LobbyOptions options;
  options.bots = 3;
  options.kill_limit = 5;
  Player& ann = bench.create("ann", options);
  bench.by_code("bob", bench.directory.all().at(0).invite_code);
  bench.say(ann, wire::ClientKind::lobby_start);
  bench.run_seconds(4);
  bench.join_world(ann, sim::Team::red);
  bench.join_world(bench.player("bob"), sim::Team::blue);
  const auto kills = [&] {
    const Lobby::Shape shape = bench.engine.shapes().at(0);
    return shape.red + shape.blue;
  };
  bench.run_seconds(10);
  for (int i = 0; i < 120 && kills() == 0; ++i) bench.run_seconds(1);
}

TEST(LobbySave, TheAdoptedMatchIsTheSavedOne) {
  Bench first;
  play(first);
  const std::string save = save_of(first);
  Bench second;
  ASSERT_TRUE(good(adopt(second, save)));
  EXPECT_EQ(save_of(second), save);
  const Lobby::Shape before = first.engine.shapes().at(0);
  const Lobby::Shape after = second.engine.shapes().at(0);
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.status, Status::playing);
  EXPECT_EQ(after.people, 2);
  EXPECT_EQ(after.bots, before.bots);
  EXPECT_EQ(after.red, before.red);
  EXPECT_EQ(after.blue, before.blue);
  EXPECT_GT(after.red + after.blue, 0);
}

TEST(LobbySave, ItIsFoundUnderItsOldIdAndCode) {
  Bench first;
  play(first);
  const DirectoryEntry old = first.directory.all().at(0);
  Bench second;
  ASSERT_TRUE(good(adopt(second, save_of(first))));
  const DirectoryEntry now = second.directory.all().at(0);
  EXPECT_EQ(now.id, old.id);
  EXPECT_EQ(now.invite_code, old.invite_code);
  EXPECT_EQ(now.players, 2);
  EXPECT_EQ(second.directory.counts().players, 2u);
  EXPECT_TRUE(second.directory.by_code(old.invite_code));
}

TEST(LobbySave, PlayersClaimTheirSeatsAndPlayOn) {
  Bench first;
  play(first);
  Bench second;
  ASSERT_TRUE(good(adopt(second, save_of(first))));
  second.run_seconds(1);
  Player& ann = second.player("ann");
  second.engine.reclaim("ann", "", {0, ann.number}, 1);
  ASSERT_TRUE(ann.seat);
  second.run_seconds(1);
  EXPECT_EQ(ann.heard("player:join:success").size(), 1u);
  EXPECT_GE(ann.heard("game:state").size(), 15u);
  EXPECT_NE(ann.heard("game:state").front().find("\"walls\""), std::string::npos);
  EXPECT_TRUE(ann.heard("match_started").empty()) << "it was told by the node that died";
}

TEST(LobbySave, TheBotsOfADeadNodePlayOn) {
  Bench first;
  play(first);
  Bench second;
  ASSERT_TRUE(good(adopt(second, save_of(first))));
  Player& ann = second.player("ann");
  second.engine.reclaim("ann", "", {0, ann.number}, 1);
  const auto shots = [&] {
    return ann.heard("wall:damaged").size() + ann.heard("player:damaged").size();
  };
  for (int i = 0; i < 10 && shots() == 0; ++i) second.run_seconds(15);
  EXPECT_GT(shots(), 0u);
}

TEST(LobbySave, WhoHadNotEnteredIsToldOfTheMatchAgain) {
  Bench first;
  LobbyOptions options;
  options.bots = 3;
  Player& host = first.create("ann", options);
  first.say(host, wire::ClientKind::lobby_start);
  first.run_seconds(4);
  ASSERT_EQ(host.heard("match_started").size(), 1u);
  Bench second;
  ASSERT_TRUE(good(adopt(second, save_of(first))));
  Player& ann = second.player("ann");
  second.engine.reclaim("ann", "", {0, ann.number}, 1);
  EXPECT_EQ(ann.heard("match_started").size(), 1u);
}

TEST(LobbySave, AStrangerGetsNoSeat) {
  Bench first;
  play(first);
  Bench second;
  ASSERT_TRUE(good(adopt(second, save_of(first))));
  Player& eve = second.player("eve");
  second.engine.reclaim("eve", "", {0, eve.number}, 1);
  EXPECT_FALSE(eve.seat);
}

TEST(LobbySave, SeatsThatNobodyClaimsAreGivenUpAndTheLobbyCloses) {
  Bench first;
  play(first);
  Bench second;
  ASSERT_TRUE(good(adopt(second, save_of(first))));
  second.run_seconds(59);
  EXPECT_EQ(second.engine.lobby_count(), 1u);
  second.run_seconds(3);
  EXPECT_EQ(second.engine.lobby_count(), 0u);
  EXPECT_EQ(second.directory.counts().players, 0u);
  // What was played is kept, once.
  ASSERT_EQ(second.recorder.results.size(), 1u);
  EXPECT_EQ(second.recorder.results[0].players.size(), 2u);
}

TEST(LobbySave, TheResultIsKeptUnderTheSameMatchId) {
  Bench first;
  play(first);
  const std::string save = save_of(first);
  Bench second;
  ASSERT_TRUE(good(adopt(second, save)));
  Player& ann = second.player("ann");
  second.engine.reclaim("ann", "", {0, ann.number}, 1);
  Bench third;  // the same save twice: as if the first node had not died after all
  ASSERT_TRUE(good(adopt(third, save)));
  for (Bench* bench : {&second, &third}) {
    for (int i = 0; i < 600 && bench->recorder.results.empty(); ++i) bench->run_seconds(1);
  }
  ASSERT_FALSE(second.recorder.results.empty());
  ASSERT_FALSE(third.recorder.results.empty());
  EXPECT_EQ(second.recorder.results[0].match_id, third.recorder.results[0].match_id);
}

TEST(LobbySave, AWaitingLobbyIsSavedToo) {
  Bench first;
  Player& ann = first.create("ann");
  ASSERT_TRUE(ann.seat);
  Bench second;
  ASSERT_TRUE(good(adopt(second, save_of(first))));
  EXPECT_EQ(second.engine.shapes().at(0).status, Status::waiting);
  second.engine.reclaim("ann", "", {0, second.player("ann").number}, 1);
  second.run_seconds(1);
  EXPECT_FALSE(second.player("ann").heard("lobby:state").empty());
}

TEST(LobbySave, AVoteGoesOn) {
  Bench first;
  play(first);
  for (int i = 0; i < 600 && first.engine.shapes().at(0).status != Status::voting; ++i)
    first.run_seconds(1);
  ASSERT_EQ(first.engine.shapes().at(0).status, Status::voting);
  first.say(first.player("bob"), wire::ClientKind::vote_cast, wire::VoteCast{"leave"});
  Bench second;
  ASSERT_TRUE(good(adopt(second, save_of(first))));
  Player& ann = second.player("ann");
  second.engine.reclaim("ann", "", {0, ann.number}, 1);
  EXPECT_NE(ann.last("vote_started").find("\"leave\""), std::string::npos);
  second.run_seconds(12);
  EXPECT_EQ(second.engine.shapes().at(0).people, 1) << "bob's vote to leave was kept";
}

TEST(LobbySave, NothingDamagedIsBelieved) {
  Bench first;
  play(first);
  const std::string save = save_of(first);
  for (std::size_t cut = 0; cut < save.size(); cut += 97) {
    Bench second;
    EXPECT_FALSE(adopt(second, std::string_view(save).substr(0, cut))) << cut;
    EXPECT_EQ(second.engine.lobby_count(), 0u);
    EXPECT_EQ(second.directory.counts().lobbies, 0u);
  }
  Bench second;
  EXPECT_FALSE(adopt(second, save + "x"));
}

TEST(LobbySave, ItIsPackedAndUnpacked) {
  Bench first;
  play(first);
  const std::string save = save_of(first);
  SavePacker packer;
  std::string packed;
  ASSERT_TRUE(packer.pack(save, packed));
  EXPECT_LT(packed.size() * 2, save.size());
  EXPECT_EQ(unpack_save(packed).value(), save);
  ASSERT_TRUE(packer.pack(save, packed)) << "again, with the same packer";
  for (std::size_t cut = 0; cut < packed.size(); cut += 41)
    EXPECT_FALSE(unpack_save(std::string_view(packed).substr(0, cut))) << cut;
  for (std::size_t at = 0; at < packed.size(); at += 41) {
    std::string bad = packed;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    const auto back = unpack_save(bad);
    EXPECT_TRUE(!back || *back == save) << at;
  }
}

TEST(LobbySave, OneLobbyIsNotAdoptedTwice) {
  Bench first;
  play(first);
  Bench second;
  ASSERT_TRUE(good(adopt(second, save_of(first))));
  EXPECT_FALSE(adopt(second, save_of(first)));
  EXPECT_EQ(second.engine.lobby_count(), 1u);
}

}  // namespace
}  // namespace lobby
