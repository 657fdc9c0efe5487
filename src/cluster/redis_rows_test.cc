// What our scripts answer, in good form and in bad (S2).

#include "cluster/redis_rows.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cluster {
namespace {

Reply text(std::string value) {
  Reply reply;
  reply.kind = Reply::Kind::text;
  reply.text = std::move(value);
  return reply;
}

Reply number(std::int64_t value) {
  Reply reply;
  reply.kind = Reply::Kind::integer;
  reply.integer = value;
  return reply;
}

Reply list(std::vector<Reply> items) {
  Reply reply;
  reply.kind = Reply::Kind::array;
  reply.items = std::move(items);
  return reply;
}

Reply ticket_row(const std::string& skill, const std::string& queued) {
  return list(
      {text("t"), text("deathmatch"), text("eu\nus"), text("ada\nbob"), text(skill), text(queued)});
}

TEST(RedisRows, TicketsAreReadAsTheyWereWritten) {
  const Tickets::Pool pool =
      ticket_pool(list({number(1'700'000'009'000), list({ticket_row("1500.5", "1.7e+12")}),
                        list({list({text("eu"), number(3000)})})}));
  ASSERT_EQ(pool.tickets.size(), 1U);
  const Ticket expected{.id = "t",
                        .mode = "deathmatch",
                        .regions = {"eu", "us"},
                        .players = {"ada", "bob"},
                        .skill = 1500.5,
                        .queued_ms = 1'700'000'000'000};
  EXPECT_EQ(pool.tickets[0], expected);
  EXPECT_EQ(pool.now_ms, 1'700'000'009'000);
  EXPECT_EQ(pool.waits.at("eu"), 3000);
}

TEST(RedisRows, S2_SkillsAndTimesOfTicketsAreNumbersOneCanReckonWith) {
  for (const char* odd : {"nan", "inf", "-inf", "1e999", "-9e99", "9e99", "", "x", "-1"}) {
    const Tickets::Pool pool = ticket_pool(
        list({number(std::numeric_limits<std::int64_t>::min()), list({ticket_row(odd, odd)})}));
    ASSERT_EQ(pool.tickets.size(), 1U);
    EXPECT_TRUE(std::isfinite(pool.tickets[0].skill)) << odd;
    EXPECT_GE(pool.tickets[0].queued_ms, 0) << odd;
    EXPECT_LT(pool.tickets[0].queued_ms, 1LL << 48) << odd;
    EXPECT_EQ(pool.now_ms, 0);
  }
}

TEST(RedisRows, S2_AStatusIsReadFromAnything) {
  const Reply odd = list({text("t"), list({text("skill"), text("nan"), text("queued")}),
                          number(std::numeric_limits<std::int64_t>::max()), number(-5), number(7),
                          number(std::numeric_limits<std::int64_t>::max())});
  const TicketStatus status = ticket_status(odd);
  EXPECT_EQ(status.ticket.skill, 0);
  EXPECT_EQ(status.position, (1U << 30) + 1);
  EXPECT_EQ(status.waiting, 0U);
  EXPECT_GT(status.waited_ms, 0);
  EXPECT_EQ(status.estimate_ms, 0);
  EXPECT_EQ(ticket_status(Reply()).state, TicketState::waiting);
}

TEST(RedisRows, APartyIsReadWithItsMembersOrWhyThereIsNone) {
  const auto party = party_of(list(
      {text("CODE"), text("ada"), text(""),
       list({text("ada"), text("n1"), text("1500"), text("id"), text("Ada"), text("cut off")})}));
  ASSERT_TRUE(party.ok());
  ASSERT_EQ(party->members.size(), 1U);
  EXPECT_EQ(party->members[0].name, "Ada");
  EXPECT_EQ(party->members[0].skill, 1500);
  EXPECT_EQ(party_of(Reply()).error().code, "not_found");
  for (const std::int64_t why : {-1, 0, 2, 99})
    EXPECT_EQ(party_of(number(why)).error().code, "conflict");
}

TEST(RedisRows, S2_NumbersOfLobbiesAndNodesAreCutNotWrapped) {
  const Located lobby =
      located(list({text("LOBBY"), text("n1"), number(1),
                    list({text("players"), text("300"), text("bots"), text("-1"), text("created"),
                          text("9223372036854775807"), text("active"), text("-9")})}));
  EXPECT_EQ(lobby.listing.players, 255);
  EXPECT_EQ(lobby.listing.bots, 0);
  EXPECT_EQ(lobby.listing.created_ms, 253'402'300'799'999);
  EXPECT_EQ(lobby.listing.active_ms, 0);
  const NodeEntry node = node_entry(list({text("n1"), text("120"), number(1),
                                          list({text("players"), text("4294967301"), text("x")})}));
  EXPECT_EQ(node.report.players, 4294967295U);
  EXPECT_EQ(node.unseen_ms, 120);
  EXPECT_TRUE(all_located(Reply()).empty());
}

}  // namespace
}  // namespace cluster
