// The queue of nodes that share a world (C3): who is called where, parties over nodes, what is
// told.

#include "session/match_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "cluster/memory_cluster.h"

namespace session {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

// A node whose sessions only remember what they are told; whoever is called finds his seat.
class QueueNode {
 public:
  QueueNode(std::shared_ptr<cluster::MemoryWorld> world, const std::string& id,
            const std::string& region = "eu")
      : cluster(cluster::make_memory_cluster(std::move(world), id)),
        queue(*cluster, directory, settings(region),
              {.tell =
                   [this](lobby::SessionRef to, const std::string& packet) {
                     const std::lock_guard lock(mutex);
                     told[to.number] += packet;
                   },
               .seat =
                   [this](lobby::SessionRef to, const QueuePlace& place) {
                     const std::lock_guard lock(mutex);
                     places[to.number] = place;
                   },
               .skill =
                   [](const std::string& account, const std::function<void(double)>& done) {
                     done(account == "pro" ? 2400 : 1500);
                   }}) {
    cluster->start();
    cluster->nodes().report({.address = "", .region = region});
    queue.start();
  }
  ~QueueNode() {
    queue.stop();
    cluster.reset();
  }

  static MatchQueue::Settings settings(const std::string& region) {
    MatchQueue::Settings settings;
    settings.host.region = region;
    settings.host.modes = {"deathmatch", "duel"};
    settings.host.rules.seats = 4;
    settings.host.rules.short_ms = 600'000;
    settings.host.interval = 20ms;
    settings.host.seat_hold = 300ms;
    settings.alone = true;
    settings.watch = 20ms;
    settings.tell = 50ms;
    settings.patience = 60s;
    settings.name_again = 100ms;
    return settings;
  }

  static QueuePlayer player(std::uint64_t number, const std::string& account = "") {
    return {.session = {0, number},
            .id = "id" + std::to_string(number),
            .account = account,
            .name = "Player " + std::to_string(number)};
  }
  void join(std::uint64_t number, const std::string& account = "", wire::QueueJoin wish = {}) {
    queue.join(player(number, account), wish);
  }
  std::string heard(std::uint64_t number) {
    const std::lock_guard lock(mutex);
    return told[number];
  }
  bool hears(std::uint64_t number, const std::string& what) {
    return eventually([&] { return heard(number).find(what) != std::string::npos; });
  }
  std::optional<QueuePlace> place(std::uint64_t number) {
    const std::lock_guard lock(mutex);
    const auto found = places.find(number);
    return found == places.end() ? std::nullopt : std::optional(found->second);
  }
  bool called(std::uint64_t number) {
    return eventually([&] { return place(number).has_value(); });
  }
  // The text of a member in the last packet that has it.
  std::string last(std::uint64_t number, const std::string& member) {
    const std::string all = heard(number);
    const std::string key = "\"" + member + "\":\"";
    const auto at = all.rfind(key);
    if (at == std::string::npos) return "";
    return all.substr(at + key.size(), all.find('"', at + key.size()) - at - key.size());
  }

  std::mutex mutex;
  std::map<std::uint64_t, std::string> told;
  std::map<std::uint64_t, QueuePlace> places;
  lobby::Directory directory{100, 800, 2};
  std::unique_ptr<cluster::Cluster> cluster;
  MatchQueue queue;
};

class Queue : public testing::Test {
 protected:
  std::shared_ptr<cluster::MemoryWorld> world_ = cluster::make_memory_world();
};

TEST_F(Queue, C3_PlayersOfTwoNodesMeetInOneLobbyWithASeatForEach) {
  QueueNode one(world_, "n1"), two(world_, "n2");
  for (std::uint64_t i = 1; i <= 2; ++i) {
    one.join(i);
    two.join(i);
  }
  for (std::uint64_t i = 1; i <= 2; ++i) {
    ASSERT_TRUE(one.called(i));
    ASSERT_TRUE(two.called(i));
    EXPECT_EQ(one.place(i)->lobby, two.place(i)->lobby);
    EXPECT_THAT(one.heard(i), HasSubstr("\"queue:matched\",{\"lobbyId\":\"" + one.place(i)->lobby));
  }
  QueueNode& host = one.place(1)->node == "n1" ? one : two;
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(host.directory.by_code(one.place(1)->door).ok());
  EXPECT_FALSE(host.directory.by_code(one.place(1)->door).ok());
  EXPECT_EQ(one.queue.gauge().matched + two.queue.gauge().matched, 4u);
  EXPECT_EQ(one.queue.gauge().matches + two.queue.gauge().matches, 1u);
  EXPECT_EQ(one.queue.gauge().waiting, 0u);
}

TEST_F(Queue, C3_TheWaitingAreToldTheirPlaceAndWhatBlocks) {
  QueueNode one(world_, "n1"), two(world_, "n2");
  one.join(1);
  ASSERT_TRUE(one.hears(1, "\"position\":1,\"waiting\":1"));
  std::this_thread::sleep_for(2ms);  // the queue is in order of milliseconds
  two.join(2);
  ASSERT_TRUE(two.hears(2, "\"position\":2,\"waiting\":2"));
  EXPECT_THAT(two.heard(2), HasSubstr("\"blocks\":\"players\""));
  EXPECT_TRUE(one.hears(1, "\"position\":1,\"waiting\":2"));
  two.join(3, "pro");
  two.join(4);
  EXPECT_TRUE(one.hears(1, "\"blocks\":\"skill\"")) << "four wait, one of them far better";
  two.queue.leave({0, 2}, true);
  EXPECT_TRUE(two.hears(2, "\"state\":\"idle\""));
  EXPECT_EQ(two.queue.gauge().left, 1u);
  two.join(5, "", {.mode = "chess"});
  EXPECT_TRUE(two.hears(5, "queue:failed"));
}

TEST_F(Queue, C3_APartyOverTwoNodesIsCalledToOneLobby) {
  QueueNode one(world_, "n1"), two(world_, "n2");
  one.queue.create_party(QueueNode::player(1));
  ASSERT_TRUE(one.hears(1, "party:state"));
  const std::string code = one.last(1, "code");
  EXPECT_EQ(code.size(), 8u);
  std::string typed = code.substr(0, 4) + "-" + code.substr(4);
  for (char& c : typed) c = static_cast<char>(std::tolower(c));
  two.queue.join_party(QueueNode::player(2), typed, "");
  ASSERT_TRUE(two.hears(2, "\"id\":\"id1\""));
  ASSERT_TRUE(one.hears(1, "\"id\":\"id2\""));
  two.join(2);
  EXPECT_TRUE(two.hears(2, "Only the leader"));
  one.join(1, "", {.party = code});
  EXPECT_TRUE(two.hears(2, "\"state\":\"waiting\"")) << "the whole party waits";
  EXPECT_THAT(two.heard(2), HasSubstr("\"party\":2"));
  one.join(3);
  EXPECT_TRUE(one.hears(3, "\"waiting\":2")) << "a party is one in the queue";
  two.join(4);
  for (const std::uint64_t number : {1u, 3u}) ASSERT_TRUE(one.called(number));
  for (const std::uint64_t number : {2u, 4u}) ASSERT_TRUE(two.called(number));
  EXPECT_EQ(one.place(1)->lobby, two.place(2)->lobby);
  EXPECT_TRUE(eventually([&] {
    return one.heard(1).rfind("\"queued\":false") > one.heard(1).rfind("\"queued\":true");
  }));
}

TEST_F(Queue, C3_WhoLeavesThePartyEndsItsWait) {
  QueueNode one(world_, "n1"), two(world_, "n2");
  one.queue.create_party(QueueNode::player(1));
  ASSERT_TRUE(one.hears(1, "party:state"));
  const std::string code = one.last(1, "code");
  two.queue.join_party(QueueNode::player(2), code, "");
  ASSERT_TRUE(one.hears(1, "\"id\":\"id2\""));
  one.join(1);
  ASSERT_TRUE(two.hears(2, "\"state\":\"waiting\""));
  two.queue.leave_party({0, 2});
  EXPECT_TRUE(one.hears(1, "\"state\":\"idle\""));
  EXPECT_TRUE(two.hears(2, "\"state\":\"idle\""));
  EXPECT_TRUE(two.hears(2, "\"code\":null"));
  two.queue.join_party(QueueNode::player(2), "NONE1234", "");
  EXPECT_TRUE(two.hears(2, "party:failed"));
  one.queue.gone({0, 1});
  // Whoever comes before the last one has left is in the party: he leaves, and comes again.
  EXPECT_TRUE(eventually([&] {
    two.queue.join_party(QueueNode::player(3), code, "");
    two.queue.leave_party({0, 3});
    return two.heard(3).find("There is no such party") != std::string::npos;
  }));
}

TEST_F(Queue, C3_APlayerWhoComesBackOnAnotherNodeKeepsHisPlace) {
  auto one = std::make_unique<QueueNode>(world_, "n1");
  QueueNode two(world_, "n2");
  one->join(1);
  ASSERT_TRUE(one->hears(1, "\"position\":1"));
  const std::string pass = one->last(1, "pass");
  ASSERT_FALSE(pass.empty());
  std::this_thread::sleep_for(2ms);  // the queue is in order of milliseconds
  two.join(2);
  ASSERT_TRUE(two.hears(2, "\"position\":2"));
  one.reset();  // without a word, as when it is killed
  two.join(3, "", {.pass = pass});
  EXPECT_TRUE(two.hears(3, "\"position\":1")) << "before the one who came after";
  EXPECT_TRUE(two.hears(2, "\"position\":2"));
  EXPECT_EQ(two.last(3, "pass"), pass);
}

TEST_F(Queue, C3_AnAccountIsKnownWithoutAPass) {
  auto one = std::make_unique<QueueNode>(world_, "n1");
  QueueNode two(world_, "n2");
  one->join(1, "kim");
  ASSERT_TRUE(one->hears(1, "\"position\":1"));
  EXPECT_EQ(one->last(1, "pass"), "");
  std::this_thread::sleep_for(2ms);  // the queue is in order of milliseconds
  two.join(2);
  ASSERT_TRUE(two.hears(2, "\"position\":2"));
  one.reset();
  two.join(3, "kim");
  EXPECT_TRUE(two.hears(3, "\"position\":1"));
  two.join(4);
  two.join(5);
  ASSERT_TRUE(two.called(3));
  two.queue.seated({0, 3});
  two.join(6, "kim");
  EXPECT_TRUE(two.hears(6, "\"position\":1")) << "the match of before is over for it";
}

TEST_F(Queue, C3_OfTwoConnectionsWithOnePassTheLaterOneWaits) {
  QueueNode one(world_, "n1");
  one.join(1);
  ASSERT_TRUE(one.hears(1, "\"position\":1"));
  one.join(2, "", {.pass = one.last(1, "pass")});
  EXPECT_TRUE(one.hears(2, "\"position\":1"));
  EXPECT_TRUE(one.hears(1, "queue:failed"));
  one.queue.gone({0, 1});
  one.queue.status({0, 1});
  EXPECT_TRUE(one.hears(1, "\"state\":\"idle\""));
  EXPECT_EQ(one.queue.gauge().waiting, 1u);
}

TEST_F(Queue, C3_WhoseSeatIsGoneWaitsAgainAtTheOldPlace) {
  QueueNode one(world_, "n1");
  for (std::uint64_t i = 1; i <= 4; ++i) one.join(i);
  for (std::uint64_t i = 1; i <= 4; ++i) ASSERT_TRUE(one.called(i));
  one.queue.refused({0, 2});
  one.queue.seated({0, 1});
  EXPECT_TRUE(eventually([&] { return one.queue.gauge().returned == 1; }));
  EXPECT_TRUE(eventually([&] { return one.queue.gauge().waiting == 1; }));
  EXPECT_TRUE(eventually([&] { return one.queue.gauge().seats_unclaimed == 4; }))
      << "nobody came for them";
  EXPECT_EQ(one.directory.counts().lobbies, 0u);
}

TEST_F(Queue, C3_WhomTheLobbyDoesNotTakeWaitsNoMore) {
  QueueNode one(world_, "n1");
  for (std::uint64_t i = 1; i <= 4; ++i) one.join(i);
  for (std::uint64_t i = 1; i <= 4; ++i) ASSERT_TRUE(one.called(i));
  one.queue.turned_away({0, 2}, "You were removed from this lobby");
  EXPECT_TRUE(one.hears(2, "queue:failed"));
  EXPECT_THAT(one.heard(2), HasSubstr("You were removed from this lobby"));
  one.queue.refused({0, 2});  // not called any more
  one.queue.status({0, 2});
  EXPECT_TRUE(one.hears(2, "\"state\":\"idle\""));
  EXPECT_EQ(one.queue.gauge().returned, 0u);
  EXPECT_EQ(one.queue.gauge().waiting, 0u);
}

TEST_F(Queue, C3_ALeaversSeatGoesToTheNextInTheQueue) {
  QueueNode one(world_, "n1");
  for (std::uint64_t i = 1; i <= 4; ++i) one.join(i);
  for (std::uint64_t i = 1; i <= 4; ++i) ASSERT_TRUE(one.called(i));
  lobby::DirectoryEntry entry;
  for (int i = 1; i <= 4; ++i) {
    const auto place = one.directory.by_code(one.place(1)->door);
    ASSERT_TRUE(place.ok());
    entry = one.directory.all().front();
    entry.players = static_cast<std::uint8_t>(i);
    entry.max_players = 4;
    entry.status = lobby::Status::playing;
    one.directory.update(entry);
    one.directory.settle(place->lobby);
  }
  one.join(5);
  ASSERT_TRUE(one.hears(5, "\"position\":1"));
  entry.players = 3;
  one.directory.update(entry);
  ASSERT_TRUE(one.called(5));
  EXPECT_EQ(one.place(5)->lobby, one.place(1)->lobby);
  EXPECT_EQ(one.queue.gauge().backfilled, 1u);
}

TEST_F(Queue, C5_ADrainingNodeMakesNoMatch) {
  QueueNode one(world_, "n1");
  one.queue.drain();
  std::this_thread::sleep_for(60ms);  // a look that had begun
  for (std::uint64_t i = 1; i <= 4; ++i) one.join(i);
  ASSERT_TRUE(one.hears(4, "\"waiting\":4"));
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(one.queue.gauge().matched, 0u);
  QueueNode two(world_, "n2");
  EXPECT_TRUE(one.called(4)) << "another node calls them";
}

}  // namespace
}  // namespace session
