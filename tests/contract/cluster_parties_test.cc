// The contract of parties (C3), on memory and on Redis.

#include "contract/cluster_fixture.h"

namespace contract {
namespace {

using cluster::Party;
using cluster::PartyMember;
using testing::ElementsAre;

class Parties : public ClusterContract {};
INSTANTIATE_TEST_SUITE_P(Kinds, Parties, testing::ValuesIn(world_kinds()),
                         [](const auto& each) { return std::string(each.param.name); });

PartyMember member(const std::string& player, const std::string& node = "n1") {
  return {.player = player,
          .id = "id-" + player,
          .name = "Name " + player,
          .skill = 1512.25,
          .node = node};
}

struct Friends {
  cluster::Parties& parties;
  base::Result<Party> create(const std::string& code, const PartyMember& founder) const {
    return ask<Party>([&](auto answer) { parties.create(code, founder, answer); });
  }
  base::Result<Party> join(const std::string& code, const PartyMember& who) const {
    return ask<Party>([&](auto answer) { parties.join(code, who, answer); });
  }
  base::Result<Party> leave(const std::string& code, const std::string& player) const {
    return ask<Party>([&](auto answer) { parties.leave(code, player, answer); });
  }
  base::Result<Party> wait_with(const std::string& code, const std::string& player,
                                const std::string& ticket) const {
    return ask<Party>([&](auto answer) { parties.wait_with(code, player, ticket, answer); });
  }
  base::Result<Party> look(const std::string& code) const {
    return ask<Party>([&](auto answer) { parties.look(code, answer); });
  }
};

TEST_P(Parties, C3_MembersOfSeveralNodesSeeOneParty) {
  Node one(*world_, "n1"), two(*world_, "n2");
  const Friends here{one->parties()}, there{two->parties()};
  const auto made = here.create("AB", member("kim"));
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(*made, (Party{"AB", "kim", {member("kim")}, ""}));
  EXPECT_EQ(code_of(there.create("AB", member("lee"))), "conflict");
  EXPECT_EQ(code_of(there.join("XY", member("lee"))), "not_found");
  const auto joined = there.join("AB", member("lee", "n2"));
  ASSERT_TRUE(joined.ok()) << joined.error().message;
  EXPECT_THAT(joined->members, ElementsAre(member("kim"), member("lee", "n2")));
  EXPECT_EQ(*here.look("AB"), *joined);
  // A player who comes back on another node is the same member.
  EXPECT_THAT(there.join("AB", member("kim", "n2"))->members,
              ElementsAre(member("kim", "n2"), member("lee", "n2")));
  EXPECT_EQ(code_of(here.look("none")), "not_found");
}

TEST_P(Parties, C3_TheEldestLeadsWhenTheLeaderGoesAndNobodyLeavesNothing) {
  Node one(*world_, "n1");
  const Friends here{one->parties()};
  ASSERT_TRUE(here.create("AB", member("kim")).ok());
  ASSERT_TRUE(here.join("AB", member("lee")).ok());
  ASSERT_TRUE(here.join("AB", member("max")).ok());
  EXPECT_EQ(code_of(here.wait_with("AB", "lee", "t")), "conflict") << "does not lead";
  EXPECT_EQ(here.wait_with("AB", "kim", "t")->ticket, "t");
  EXPECT_EQ(code_of(here.join("AB", member("new"))), "conflict") << "it waits for a match";
  EXPECT_TRUE(here.join("AB", member("max")).ok()) << "a member is named again";
  const auto left = here.leave("AB", "kim");
  ASSERT_TRUE(left.ok());
  EXPECT_EQ(left->leader, "lee");
  EXPECT_EQ(left->ticket, "") << "who is left waits for nothing";
  EXPECT_TRUE(here.leave("AB", "nobody").ok());
  ASSERT_TRUE(here.leave("AB", "lee").ok());
  EXPECT_THAT(here.leave("AB", "max")->members, ElementsAre());
  EXPECT_EQ(code_of(here.look("AB")), "not_found");
  EXPECT_TRUE(here.leave("AB", "max").ok());
  EXPECT_EQ(code_of(here.wait_with("AB", "kim", "t")), "not_found");
}

TEST_P(Parties, C3_EightAreAPartyAndNonsenseIsRefused) {
  Node one(*world_, "n1");
  const Friends here{one->parties()};
  ASSERT_TRUE(here.create("AB", member("p0")).ok());
  for (int i = 1; i < 8; ++i) ASSERT_TRUE(here.join("AB", member("p" + std::to_string(i))).ok());
  EXPECT_EQ(code_of(here.join("AB", member("p8"))), "conflict");
  EXPECT_EQ(here.look("AB")->members.size(), 8u);
  EXPECT_EQ(code_of(here.create("", member("kim"))), "invalid");
  EXPECT_EQ(code_of(here.create("CD", member(""))), "invalid");
  EXPECT_EQ(code_of(here.create("CD", member("a\nb"))), "invalid");
  PartyMember wrong = member("kim");
  wrong.skill = std::numeric_limits<double>::infinity();
  EXPECT_EQ(code_of(here.join("AB", wrong)), "invalid");
  wrong = member("kim");
  wrong.name = std::string(200, 'x');
  EXPECT_EQ(code_of(here.join("AB", wrong)), "invalid");
}

TEST_P(Parties, C3_EveryNodeOfTheMembersHearsOfAChange) {
  Heard heard;
  const auto listen = [&](cluster::Cluster& node) {
    node.parties().on_changed(
        [&heard, id = node.node_id()](const std::string& code) { heard.add(id + " " + code); });
  };
  Node one(*world_, "n1", listen), two(*world_, "n2", listen), three(*world_, "n3", listen);
  const Friends here{one->parties()};
  ASSERT_TRUE(here.create("AB", member("kim")).ok());
  ASSERT_TRUE(here.join("AB", member("lee", "n2")).ok());
  EXPECT_TRUE(eventually([&] { return heard.count() >= 3; }));
  EXPECT_THAT(heard.all(), testing::UnorderedElementsAre("n1 AB", "n1 AB", "n2 AB"));
  ASSERT_TRUE(here.join("AB", member("lee", "n2")).ok()) << "nothing new";
  ASSERT_TRUE(here.wait_with("AB", "kim", "t").ok());
  EXPECT_TRUE(eventually([&] { return heard.count() >= 5; }));
  ASSERT_TRUE(here.leave("AB", "lee").ok());
  EXPECT_TRUE(eventually([&] { return heard.count() >= 7; })) << "the one who left hears of it";
  EXPECT_EQ(heard.count(), 7u);
}

TEST_P(Parties, C3_MembersNotNamedAgainAreOut) {
  Node one(*world_, "n1");
  const Friends here{one->parties()};
  ASSERT_TRUE(here.create("AB", member("kim")).ok());
  ASSERT_TRUE(here.join("AB", member("lee")).ok());
  ASSERT_TRUE(here.wait_with("AB", "kim", "t").ok());
  EXPECT_TRUE(eventually([&] {
    const auto party = here.join("AB", member("lee"));
    return party.ok() && party->members.size() == 1;
  }));
  EXPECT_EQ(here.look("AB")->leader, "lee");
  EXPECT_EQ(here.look("AB")->ticket, "");
  EXPECT_TRUE(eventually([&] { return code_of(here.look("AB")) == "not_found"; }));
}

TEST_P(Parties, C3_ATicketOfAPartyIsToldToEveryNodeThatCares) {
  Heard heard;
  const auto listen = [&](cluster::Cluster& node) {
    node.tickets().on_assigned([&heard, id = node.node_id()](const auto& of, auto place) {
      heard.add(id + " " + of.id + " " + place);
    });
  };
  Node one(*world_, "n1", listen), two(*world_, "n2", listen), three(*world_, "n3", listen);
  ASSERT_TRUE(one.enqueue(ticket("t", {"kim", "lee"})).ok());
  const auto adopted =
      ask<cluster::TicketStatus>([&](auto answer) { two.tickets().adopt("lee", answer); });
  ASSERT_TRUE(adopted.ok());
  EXPECT_EQ(adopted->ticket.id, "t");
  ASSERT_TRUE(three.take("m", {"t"}).ok());
  ASSERT_TRUE(three.assign("m", {"t"}, "n3 LOBBY").ok());
  EXPECT_TRUE(eventually([&] { return heard.count() >= 2; }));
  std::this_thread::sleep_for(250ms);  // beyond the next touch
  EXPECT_THAT(heard.all(), testing::UnorderedElementsAre("n1 t n3 LOBBY", "n2 t n3 LOBBY"));
}

TEST_P(Parties, C3_ATicketOfAPartyOutlivesTheNodeThatQueuedIt) {
  Node two(*world_, "n2");
  {
    Node one(*world_, "n1");
    ASSERT_TRUE(one.enqueue(ticket("t", {"kim", "lee"})).ok());
    ASSERT_TRUE(
        ask<cluster::TicketStatus>([&](auto answer) { two.tickets().adopt("lee", answer); }).ok());
    one.kill();
  }
  std::this_thread::sleep_for(2 * short_times().ticket_life);
  EXPECT_THAT(two.waiting("tdm"), ElementsAre("t"));
}

}  // namespace
}  // namespace contract
