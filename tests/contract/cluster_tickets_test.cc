// The contract of matchmaking tickets (C2, C3), on memory and on Redis.

#include "contract/cluster_fixture.h"

namespace contract {
namespace {

using cluster::Block;
using cluster::Ticket;
using cluster::TicketState;
using testing::ElementsAre;

class Tickets : public ClusterContract {};
INSTANTIATE_TEST_SUITE_P(Kinds, Tickets, testing::ValuesIn(world_kinds()),
                         [](const auto& each) { return std::string(each.param.name); });

Ticket queued_at(const std::string& id, std::int64_t ms) {
  Ticket made = ticket(id);
  made.queued_ms = ms;
  return made;
}

base::Result<void> cancel(const Node& node, const std::string& id) {
  return ask<void>([&](auto answer) { node.tickets().cancel(id, answer); });
}

base::Result<cluster::TicketStatus> adopt(const Node& node, const std::string& player) {
  return ask<cluster::TicketStatus>([&](auto answer) { node.tickets().adopt(player, answer); });
}

TEST_P(Tickets, C3_OldestFirstOverAllRegionsAndNodes) {
  Node one(*world_, "n1"), two(*world_, "n2");
  Ticket far = queued_at("b", 2'000);
  far.regions = {"us", "eu"};
  far.skill = 1234.5;
  far.players = {"x", "y"};
  Ticket other = queued_at("z", 1);
  other.mode = "dm";
  ASSERT_TRUE(one.enqueue(queued_at("c", 3'000)).ok());
  ASSERT_TRUE(two.enqueue(far).ok());
  ASSERT_TRUE(one.enqueue(queued_at("a", 1'000)).ok());
  ASSERT_TRUE(one.enqueue(other).ok());
  EXPECT_THAT(two.waiting("tdm"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(two.waiting("none"), ElementsAre());
  const auto pool =
      ask<cluster::Tickets::Pool>([&](auto answer) { one.tickets().waiting("tdm", answer); });
  EXPECT_EQ(pool->tickets[1], far);
  EXPECT_THAT(pool->waits, testing::IsEmpty()) << "nobody has been matched yet";
  ASSERT_TRUE(one.take("m", {"a"}).ok());
  ASSERT_TRUE(one.assign("m", {"a"}, "here").ok());
  const auto later =
      ask<cluster::Tickets::Pool>([&](auto answer) { two.tickets().waiting("tdm", answer); });
  ASSERT_EQ(later->waits.size(), 1u);
  EXPECT_GT(later->waits.at("eu"), 0);
}

TEST_P(Tickets, C2_APlayerIsInAtMostOneQueue) {
  Node one(*world_, "n1"), two(*world_, "n2");
  ASSERT_TRUE(one.enqueue(ticket("a", {"p1", "p2"})).ok());
  EXPECT_EQ(code_of(two.enqueue(ticket("b", {"p2", "p3"}))), "conflict");
  EXPECT_TRUE(two.enqueue(ticket("c", {"p3"})).ok()) << "a refused party leaves no trace";
  EXPECT_EQ(*one.enqueue(ticket("a", {"p1", "p2"})), one.status("a")->ticket.queued_ms)
      << "said again";
  ASSERT_TRUE(cancel(two, "a").ok());
  EXPECT_TRUE(one.enqueue(ticket("d", {"p1"})).ok());
  EXPECT_EQ(code_of(one.status("a")), "not_found");
  EXPECT_TRUE(cancel(one, "never heard of").ok());
}

TEST_P(Tickets, NonsenseIsRefused) {
  Node one(*world_, "n1");
  std::vector<Ticket> wrong(8, ticket("a"));
  wrong[0].id = "";
  wrong[1].players = {};
  wrong[2].players = {"p", "p"};
  wrong[3].players = {"p\nq"};
  wrong[4].regions = {};
  wrong[5].skill = std::numeric_limits<double>::quiet_NaN();
  wrong[6].players.assign(9, "p");
  wrong[7].mode = std::string(200, 'm');
  for (const Ticket& each : wrong) EXPECT_EQ(code_of(one.enqueue(each)), "invalid");
  EXPECT_THAT(one.waiting("tdm"), ElementsAre());
  EXPECT_EQ(code_of(one.take("m", {})), "invalid");
}

TEST_P(Tickets, C2_TakenAsAWholeOrNotAtAll) {
  Node one(*world_, "n1"), two(*world_, "n2");
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(one.enqueue(ticket(id)).ok());
  EXPECT_TRUE(one.take("m1", {"a", "b"}).ok());
  EXPECT_EQ(code_of(two.take("m2", {"c", "b"})), "conflict");
  EXPECT_THAT(two.waiting("tdm"), ElementsAre("c"));
  EXPECT_EQ(one.status("a")->state, TicketState::forming);
  EXPECT_EQ(code_of(two.take("m3", {"nobody"})), "conflict");
}

TEST_P(Tickets, C3_AnAssignmentReachesTheNodeOfTheTicketOnce) {
  Heard heard;
  const auto listen = [&](cluster::Cluster& node) {
    node.tickets().on_assigned([&heard, id = node.node_id()](const Ticket& of, auto place) {
      heard.add(id + " " + of.id + " " + of.players.front() + " " + place);
    });
  };
  Node one(*world_, "n1", listen), two(*world_, "n2", listen);
  ASSERT_TRUE(one.enqueue(ticket("a")).ok());
  ASSERT_TRUE(two.enqueue(ticket("b")).ok());
  ASSERT_TRUE(two.take("m", {"a", "b"}).ok());
  EXPECT_THAT(*two.assign("m", {"a", "b"}, "n2 LOBBY"), ElementsAre("a", "b"));
  EXPECT_TRUE(eventually([&] { return heard.count() >= 2; }));
  EXPECT_THAT(*two.assign("m", {"a", "b"}, "n2 LOBBY"), ElementsAre("a", "b")) << "said again";
  std::this_thread::sleep_for(250ms);  // beyond the next touch
  EXPECT_THAT(heard.all(),
              testing::UnorderedElementsAre("n1 a player-a n2 LOBBY", "n2 b player-b n2 LOBBY"));
  const auto status = one.status("a");
  EXPECT_EQ(status->state, TicketState::assigned);
  EXPECT_EQ(status->place, "n2 LOBBY");
  EXPECT_EQ(code_of(cancel(one, "a")), "conflict");
  EXPECT_TRUE(one.enqueue(ticket("again", {"player-a"})).ok()) << "an assigned player may queue";
}

TEST_P(Tickets, C2_TicketsNotAssignedReturnToTheirPlace) {
  Node one(*world_, "n1"), two(*world_, "n2");
  for (int i = 1; i <= 4; ++i)
    ASSERT_TRUE(one.enqueue(queued_at(std::string(1, static_cast<char>('a' + i - 1)), i)).ok());
  ASSERT_TRUE(two.take("m", {"b", "c"}).ok());
  two.kill();
  EXPECT_THAT(one.waiting("tdm"), ElementsAre("a", "d"));
  EXPECT_TRUE(eventually([&] { return one.waiting("tdm").size() == 4; }));
  EXPECT_THAT(one.waiting("tdm"), ElementsAre("a", "b", "c", "d"));
  ASSERT_TRUE(one.take("m2", {"b"}).ok());
  EXPECT_THAT(*one.assign("m", {"b", "c"}, "late"), ElementsAre()) << "the hold has run out";
  EXPECT_THAT(*one.assign("m2", {"b"}, "here"), ElementsAre("b"));
  ASSERT_TRUE(one.take("m3", {"a", "d"}).ok());
  ASSERT_TRUE(
      ask<void>([&](auto answer) { one.tickets().give_back("m3", {"a", "d"}, answer); }).ok());
  EXPECT_THAT(one.waiting("tdm"), ElementsAre("a", "c", "d"));
}

TEST_P(Tickets, C3_ATicketCancelledWhileAMatchFormsIsLeftOut) {
  Node one(*world_, "n1");
  for (const char* id : {"a", "b"}) ASSERT_TRUE(one.enqueue(ticket(id)).ok());
  ASSERT_TRUE(one.take("m", {"a", "b"}).ok());
  ASSERT_TRUE(cancel(one, "a").ok());
  EXPECT_THAT(*one.assign("m", {"a", "b"}, "here"), ElementsAre("b"));
}

TEST_P(Tickets, C3_StatusTellsPositionWaitAndWhatBlocks) {
  Node one(*world_, "n1");
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(one.enqueue(ticket(id)).ok());
  auto third = one.status("c");
  ASSERT_TRUE(third.ok());
  EXPECT_EQ(third->position, 3u);
  EXPECT_EQ(third->waiting, 3u);
  EXPECT_EQ(third->estimate_ms, -1) << "nobody has been matched yet";
  EXPECT_EQ(third->block, Block::players);
  EXPECT_EQ(third->ticket.players, ticket("c").players);
  ASSERT_TRUE(one.take("m", {"a", "b"}).ok());
  ASSERT_TRUE(one.assign("m", {"a", "b"}, "here").ok());
  third = one.status("c");
  EXPECT_EQ(third->position, 1u);
  EXPECT_GE(third->estimate_ms, 0);
  EXPECT_EQ(code_of(one.status("none")), "not_found");
}

TEST_P(Tickets, C2_ATicketLivesAsLongAsItsNodeAndSomeTimeToBeAdopted) {
  cluster::Timing timing = short_times();
  timing.ticket_life = 1'000ms;  // ten touches
  const auto world = GetParam().create(timing);
  Heard heard;
  Node one(*world, "n1"), two(*world, "n2", [&](cluster::Cluster& node) {
    node.tickets().on_assigned(
        [&](const Ticket& of, auto place) { heard.add(of.id + " " + place); });
  });
  ASSERT_TRUE(one.enqueue(ticket("kept")).ok());
  ASSERT_TRUE(one.enqueue(ticket("lost")).ok());
  std::this_thread::sleep_for(2 * timing.ticket_life);
  EXPECT_EQ(two.waiting("tdm").size(), 2u) << "its node lives";
  one.kill();
  const auto adopted = adopt(two, "player-kept");
  ASSERT_TRUE(adopted.ok());
  EXPECT_EQ(adopted->ticket.id, "kept");
  EXPECT_EQ(adopted->state, TicketState::waiting);
  EXPECT_TRUE(eventually([&] { return two.waiting("tdm") == std::vector<std::string>{"kept"}; }));
  std::this_thread::sleep_for(timing.ticket_life);
  EXPECT_THAT(two.waiting("tdm"), ElementsAre("kept"));
  EXPECT_EQ(code_of(adopt(two, "player-lost")), "not_found");
  EXPECT_TRUE(two.enqueue(ticket("new", {"player-lost"})).ok());
  ASSERT_TRUE(two.take("m", {"kept"}).ok());
  ASSERT_TRUE(two.assign("m", {"kept"}, "here").ok());
  EXPECT_TRUE(eventually([&] { return heard.count() == 1; }));
  EXPECT_THAT(heard.all(), ElementsAre("kept here"));
  EXPECT_EQ(adopt(two, "player-kept")->place, "here");
}

}  // namespace
}  // namespace contract
