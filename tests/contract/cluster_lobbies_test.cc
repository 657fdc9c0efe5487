// The contract of the node registry, the lobby directory, snapshots and the node channel
// (C1, C2, C4, C5), on memory and on Redis.

#include <algorithm>
#include <set>

#include "contract/cluster_fixture.h"

namespace contract {
namespace {

using cluster::Browse;
using cluster::Listing;
using cluster::Search;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class Directory : public ClusterContract {};
INSTANTIATE_TEST_SUITE_P(Kinds, Directory, testing::ValuesIn(world_kinds()),
                         [](const auto& each) { return std::string(each.param.name); });

std::vector<std::string> ids_of(const std::vector<cluster::NodeEntry>& nodes) {
  std::vector<std::string> ids;
  for (const auto& node : nodes) ids.push_back(node.id);
  return ids;
}

TEST_P(Directory, C2_NodesTellTheirLoadToEachOther) {
  Node one(*world_, "n1"), two(*world_, "n2");
  const cluster::NodeReport report{.address = "10.0.0.1:3000",
                                   .region = "us",
                                   .players = 7,
                                   .max_players = 100,
                                   .lobbies = 2,
                                   .max_lobbies = 10,
                                   .playing = 1,
                                   .connections = 9,
                                   .late_us = 1250,
                                   .draining = false,
                                   .version = "1.2-3"};
  one->nodes().report(report);
  EXPECT_TRUE(eventually([&] {
    const auto nodes = two.nodes();
    return nodes.size() == 2 && nodes[0].id == "n1" && nodes[0].alive && nodes[0].report == report;
  }));
}

TEST_P(Directory, C2_ADeadNodeIsNotOfferedAnyMore) {
  cluster::Timing timing = short_times();
  timing.lease = 1'000ms;
  timing.node_unseen = 1'500ms;
  const auto world = GetParam().create(timing);
  Node one(*world, "n1"), two(*world, "n2");
  two.kill();
  EXPECT_TRUE(eventually([&] { return ids_of(one.nodes()) == std::vector<std::string>{"n1"}; }));
}

TEST_P(Directory, C5_ANodeThatLeavesIsGoneAtOnceWithItsLobbies) {
  Node one(*world_, "n1"), two(*world_, "n2");
  two.publish(listing("AAA"), one);
  ASSERT_TRUE(ask<void>([&](auto answer) { two->nodes().leave(answer); }).ok());
  EXPECT_THAT(ids_of(one.nodes()), ElementsAre("n1"));
  EXPECT_EQ(code_of(one.locate("AAA")), "not_found");
  EXPECT_THAT(one.browse({}), ElementsAre());
}

TEST_P(Directory, C4_ALobbyIsFoundFromEveryNodeByIdAndByCode) {
  Node one(*world_, "n1"), two(*world_, "n2");
  Listing secret = listing("AAA");
  secret.is_private = true;
  secret.joinable = false;
  secret.has_password = true;
  secret.code = "C0DE";
  one.publish(secret, two);
  for (const char* name : {"AAA", "aaa", "C0DE", "c0de"}) {
    const auto found = two.locate(name);
    ASSERT_TRUE(found.ok()) << name;
    EXPECT_EQ(found->listing, secret);
    EXPECT_EQ(found->node, "n1");
    EXPECT_EQ(found->fence, 1u);
    EXPECT_TRUE(found->alive);
  }
  EXPECT_EQ(code_of(two.locate("NONE")), "not_found");
  one.lobbies().close("AAA");
  EXPECT_TRUE(eventually([&] { return code_of(two.locate("C0DE")) == "not_found"; }));
  EXPECT_EQ(code_of(two.locate("AAA")), "not_found");
}

TEST_P(Directory, C4_BrowseFilters) {
  Node one(*world_, "n1"), two(*world_, "n2");
  Listing full = listing("FULL", 8), playing = listing("PLAYING"), secret = listing("SECRET"),
          other = listing("OTHER"), over = listing("OVER");
  full.created_ms = 2'000;
  playing.status = "playing", playing.created_ms = 3'000;
  secret.is_private = true, secret.created_ms = 4'000;
  other.mode = "dm", other.created_ms = 5'000;
  over.status = "finished", over.created_ms = 6'000;
  one.publish(listing("OPEN"), two);
  one.publish(full, two);
  two.publish(playing, two);
  one.publish(secret, two);
  two.publish(other, two);
  one.publish(over, two);
  EXPECT_THAT(two.browse({}), ElementsAre("OPEN", "OTHER"));
  EXPECT_THAT(two.browse({.mode = "tdm"}), ElementsAre("OPEN"));
  EXPECT_THAT(two.browse({.mode = "tdm", .show_full = true}), ElementsAre("OPEN", "FULL"));
  EXPECT_THAT(one.browse({.mode = "tdm", .show_in_progress = true}),
              ElementsAre("OPEN", "PLAYING"));
  EXPECT_THAT(one.browse({.mode = "tdm", .show_private = true}), ElementsAre("OPEN", "SECRET"));
  EXPECT_THAT(two.browse({.mode = "tdm", .show_finished = true}), ElementsAre("OPEN", "OVER"));
}

TEST_P(Directory, C4_BrowsePagesAreBounded) {
  Node one(*world_, "n1");
  std::set<std::string> all;
  for (int i = 0; i < 130; ++i) {
    Listing each = listing("L" + std::to_string(1000 + i));
    each.created_ms = i;
    all.insert(each.id);
    one.lobbies().publish(each);
  }
  EXPECT_TRUE(eventually([&] { return one.browse({.limit = 100}).size() == all.size(); }));
  const auto page =
      ask<cluster::Page>([&](auto answer) { one.lobbies().browse({.limit = 100'000}, answer); });
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->lobbies.size(), cluster::kMaxPage);
  const auto seen = one.browse({.limit = 7});
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), all);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end())) << "oldest first";
}

const Search kSearch{.mode = "tdm", .regions = {"eu", "us"}, .avoid = "", .seats = 1};

TEST_P(Directory, C3_FindsWaitingBeforePlayingAndFullerBeforeEmptier) {
  Node one(*world_, "n1"), two(*world_, "n2");
  Listing playing = listing("PLAYING", 6), far = listing("FAR", 7), closed = listing("CLOSED", 5),
          other = listing("OTHER", 5);
  playing.status = "playing";
  far.region = "us";
  closed.joinable = false;
  other.mode = "dm";
  for (const Listing& each :
       {listing("EMPTY", 1), listing("FULLER", 4), playing, far, closed, other})
    one.publish(each, two);
  const auto first = two.find(kSearch);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->lobby.listing.id, "FULLER");
  EXPECT_EQ(first->lobby.node, "n1");
  Search avoiding = kSearch;
  avoiding.avoid = "FULLER";
  EXPECT_EQ(two.find(avoiding)->lobby.listing.id, "EMPTY");
  Search many = kSearch;
  many.seats = 7;
  EXPECT_EQ(code_of(two.find(many)), "not_found") << "one seat of EMPTY is held";
  many.regions = {"us"};
  many.seats = 1;
  EXPECT_EQ(two.find(many)->lobby.listing.id, "FAR");
  many.mode = "ctf";
  EXPECT_EQ(code_of(two.find(many)), "not_found");
}

TEST_P(Directory, C2_TwoSeekersNeverGetTheSameSeat) {
  Node one(*world_, "n1"), two(*world_, "n2"), three(*world_, "n3");
  one.publish(listing("A", 3), two);
  std::vector<std::thread> seekers;
  std::atomic<int> got{0};
  for (const Node* node : {&two, &three})
    seekers.emplace_back([&, node] {
      for (int i = 0; i < 6; ++i) got += node->find(kSearch).ok() ? 1 : 0;
    });
  for (auto& each : seekers) each.join();
  EXPECT_EQ(got, 5);
}

TEST_P(Directory, C2_AHeldSeatIsFreeAgainWhenReleasedOrNotTaken) {
  Node one(*world_, "n1"), two(*world_, "n2");
  one.publish(listing("A", 7), two);
  const auto held = two.find(kSearch);
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(code_of(two.find(kSearch)), "not_found");
  two.lobbies().release("A", held->hold);
  const auto again = two.find(kSearch);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(eventually([&] { return two.find(kSearch).ok(); })) << "the hold runs out";
}

TEST_P(Directory, C5_ADrainingNodeGetsNoMorePlayers) {
  Node one(*world_, "n1"), two(*world_, "n2");
  one.publish(listing("A"), two);
  one->nodes().report({.address = "n1:3000", .region = "eu", .draining = true});
  EXPECT_TRUE(eventually([&] { return code_of(two.find(kSearch)) == "not_found"; }));
  EXPECT_THAT(two.browse({}), ElementsAre("A")) << "still to be seen";
}

TEST_P(Directory, C1_ADeadNodesLobbiesVanishAndOneNodeTakesEachOver) {
  Node one(*world_, "n1"), two(*world_, "n2"), three(*world_, "n3");
  for (int i = 0; i < 20; ++i) one.publish(listing("L" + std::to_string(i)), two);
  two.publish(listing("MINE"), two);
  EXPECT_EQ(code_of(two.take_over("L0")), "conflict") << "its owner lives";
  EXPECT_EQ(code_of(two.take_over("NONE")), "not_found");
  one.kill();
  EXPECT_TRUE(eventually([&] { return two.browse({}) == std::vector<std::string>{"MINE"}; }));
  EXPECT_EQ(two.find(kSearch)->lobby.listing.id, "MINE");
  const auto lost = two.locate("L0");
  ASSERT_TRUE(lost.ok());
  EXPECT_FALSE(lost->alive);
  EXPECT_TRUE(eventually([&] {
    const auto orphans = ask<std::vector<cluster::Located>>(
        [&](auto answer) { two.lobbies().orphans(100, answer); });
    return orphans.ok() && orphans->size() == 20;
  }));

  std::mutex mutex;
  std::multiset<std::string> taken;
  std::vector<std::thread> heirs;
  for (const Node* node : {&two, &three})
    heirs.emplace_back([&, node] {
      for (int i = 0; i < 20; ++i) {
        const std::string id = "L" + std::to_string(i);
        eventually([&] {
          const auto heir = node->take_over(id);
          if (heir.ok()) {
            EXPECT_EQ(heir->fence, 2u);
            EXPECT_EQ(heir->listing.id, id);
            EXPECT_EQ(heir->node, (*node)->node_id());
            std::lock_guard lock(mutex);
            taken.insert(id);
          }
          return heir.ok() || node->locate(id)->alive;
        });
      }
    });
  for (auto& each : heirs) each.join();
  EXPECT_EQ(taken.size(), 20u);
  EXPECT_EQ(std::set<std::string>(taken.begin(), taken.end()).size(), 20u) << "each once";
  EXPECT_EQ(two.browse({}).size(), 21u);
}

TEST_P(Directory, C1_ALobbyGoesOnWithItsNewOwner) {
  Node one(*world_, "n1"), two(*world_, "n2"), three(*world_, "n3");
  one.publish(listing("A"), two);
  one.kill();
  ASSERT_TRUE(two.take_over_when_dead("A").ok());
  two.publish(listing("A", 5), three);
  EXPECT_EQ(three.locate("A")->fence, 2u);
  two.kill();
  const auto third = three.take_over_when_dead("A");
  ASSERT_TRUE(third.ok());
  EXPECT_EQ(third->fence, 3u);
  EXPECT_EQ(third->listing.players, 5);
  three.lobbies().close("A");
  EXPECT_TRUE(eventually([&] { return code_of(three.locate("A")) == "not_found"; }));
}

base::Result<cluster::Snapshot> read(const Node& node, const std::string& lobby) {
  return ask<cluster::Snapshot>([&](auto answer) { node->snapshots().read(lobby, answer); });
}

TEST_P(Directory, C1_TheLatestSnapshotOfALobby) {
  Node one(*world_, "n1"), two(*world_, "n2");
  one.publish(listing("A"), two);
  EXPECT_EQ(code_of(read(two, "A")), "not_found");
  std::string bytes("\0\r\n$", 4);
  one->snapshots().write("A", 1, "old");
  one->snapshots().write("A", 1, bytes);
  EXPECT_TRUE(eventually([&] {
    const auto found = read(two, "A");
    return found.ok() && found->bytes == bytes && found->fence == 1;
  }));
  two->snapshots().write("A", 2, "newer");
  EXPECT_TRUE(eventually([&] { return read(one, "A")->bytes == "newer"; }));
  one->snapshots().write("A", 1, "from an owner of before");
  const auto found = read(one, "A");
  EXPECT_EQ(found->bytes, "newer");
  EXPECT_EQ(found->fence, 2u);
  one->snapshots().write("A", 2, std::string(cluster::kMaxSnapshot + 1, 'x'));
  EXPECT_EQ(one->gauge().snapshots_dropped, 1u);
  EXPECT_EQ(read(one, "A")->bytes, "newer");
  EXPECT_TRUE(eventually([&] { return code_of(read(one, "A")) == "not_found"; })) << "it expires";
}

TEST_P(Directory, C1_FramesReachTheirNodeInOrder) {
  Heard heard;
  Node one(*world_, "n1"), two(*world_, "n2", [&](cluster::Cluster& node) {
    node.channel().on_frame(
        [&](auto from, auto frame) { heard.add(std::string(from) + " " + std::string(frame)); });
  });
  std::vector<std::string> expected;
  for (int i = 0; i < 2'000; ++i) {
    ASSERT_TRUE(one->channel().send("n2", "frame " + std::to_string(i)));
    expected.push_back("n1 frame " + std::to_string(i));
  }
  EXPECT_TRUE(eventually([&] { return heard.count() == expected.size(); }));
  EXPECT_EQ(heard.all(), expected);
  EXPECT_EQ(one->gauge().frames_out, 2'000u);
  EXPECT_EQ(two->gauge().frames_in, 2'000u);
  EXPECT_FALSE(one->channel().send("n2", std::string(cluster::kMaxFrame + 1, 'x')));
  EXPECT_EQ(one->gauge().frames_dropped, 1u);
}

TEST_P(Directory, C1_FramesToNobodyAreReported) {
  Heard gone;
  Node one(*world_, "n1", [&](cluster::Cluster& node) {
    node.channel().on_unreachable([&](auto id) { gone.add(std::string(id)); });
  });
  one->channel().send("nowhere", "hello");
  EXPECT_TRUE(eventually([&] { return gone.count() == 1; }));
  EXPECT_THAT(gone.all(), ElementsAre("nowhere"));
}

TEST_P(Directory, S8_ANoticeReachesEveryNodeOnce) {
  Heard heard;
  const auto listen = [&](cluster::Cluster& node) {
    node.channel().on_notice([&heard, id = node.node_id()](auto from, auto notice) {
      heard.add(id + " " + std::string(from) + " " + std::string(notice));
    });
  };
  Node one(*world_, "n1", listen), two(*world_, "n2", listen), three(*world_, "n3", listen);
  EXPECT_TRUE(one->channel().notify_all("ban\nplayer"));
  EXPECT_TRUE(eventually([&] { return heard.count() >= 3; }));
  std::this_thread::sleep_for(50ms);
  EXPECT_THAT(heard.all(),
              UnorderedElementsAre("n1 n1 ban\nplayer", "n2 n1 ban\nplayer", "n3 n1 ban\nplayer"));
  EXPECT_FALSE(one->channel().notify_all(std::string(cluster::kMaxNotice + 1, 'x')));
}

TEST_P(Directory, AnswersComeOnOneThreadAndNeverInsideTheCall) {
  Node one(*world_, "n1");
  std::promise<std::thread::id> first, second;
  bool inside = true;
  std::atomic<bool> was_inside{false};
  one.lobbies().locate("A", [&](auto) { first.set_value(std::this_thread::get_id()); });
  one->after(1ms, [&] {
    one.lobbies().locate("B", [&](auto) {
      was_inside = inside;
      second.set_value(std::this_thread::get_id());
    });
    inside = false;
  });
  const auto thread = first.get_future().get();
  EXPECT_EQ(thread, second.get_future().get());
  EXPECT_NE(thread, std::this_thread::get_id());
  EXPECT_FALSE(was_inside);
}

}  // namespace
}  // namespace contract
