// What goes to other nodes comes out as it went in, and nothing else comes out.

#include "session/frames.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "session/frames_test_bench.h"
#include "session/node_link.h"

namespace session::frames {
namespace {

using testing::Notes;
using testing::SilentChannel;

class FramesTest : public ::testing::Test {
 protected:
  // What `there` hears of a frame that `here` wrote.
  template <class... Messages>
  Notes across(const Messages&... messages) {
    std::string frame;
    begin(frame, 3);
    (append(frame, messages, here), ...);
    last = frame;
    Notes notes;
    EXPECT_TRUE(read(frame, there.index_of("here"), there, notes));
    return notes;
  }

  SilentChannel channel;
  NodeLink here{channel, "here"};
  NodeLink there{channel, "there"};
  std::string last;
};

TEST_F(FramesTest, C4_a_session_of_the_writer_is_found_again_from_the_reader) {
  here.index_of("another");
  Join join;
  join.lobby = "ABCDEFGHJKMNP";
  join.options.mode = "duel";
  join.options.password = "sesame";
  join.options.max_players = 4;
  join.request.session = {2, 77};
  join.request.ticket = 5;
  join.request.kind = lobby::JoinKind::code;
  join.request.name = "Ann";
  const Notes notes = across(join);
  ASSERT_EQ(notes.joins.size(), 1u);
  const Join& read = notes.joins[0];
  EXPECT_EQ(there.id_of(read.request.session.node), "here");
  EXPECT_EQ(read.request.session.number, 77u);
  EXPECT_EQ(read.request.session.shard, 2);
  EXPECT_EQ(read.request.kind, lobby::JoinKind::code);
  EXPECT_EQ(read.lobby, join.lobby);
  EXPECT_EQ(read.options.mode, "duel");
  EXPECT_EQ(read.options.password, "sesame");
  EXPECT_EQ(read.options.max_players, 4);
  EXPECT_EQ(read.request.name, "Ann");
}

TEST_F(FramesTest, C4_a_session_of_the_reader_or_of_a_third_keeps_its_node) {
  TakeOver own{{0, 9, 1, 3, here.index_of("there")}, {1, 5, here.index_of("there")}, "p"};
  TakeOver third{{0, 9, 1, 3, here.index_of("there")}, {1, 6, here.index_of("third")}, "q"};
  const Notes notes = across(own, third);
  ASSERT_EQ(notes.take_overs.size(), 2u);
  EXPECT_EQ(notes.take_overs[0].session, (lobby::SessionRef{1, 5, 0}));
  EXPECT_EQ(there.id_of(notes.take_overs[1].session.node), "third");
  EXPECT_EQ(notes.take_overs[0].seat, (lobby::SeatRef{0, 9, 1, 3, 0}));
}

TEST_F(FramesTest, C4_a_seat_that_was_granted_is_the_writers) {
  const Notes notes = across(Seated{4, 2, {1, 8, 3, 6}, "LOBBY"});
  ASSERT_EQ(notes.seated.size(), 1u);
  EXPECT_EQ(notes.seated[0].seat, (lobby::SeatRef{1, 8, 3, 6, there.index_of("here")}));
  EXPECT_EQ(notes.seated[0].lobby, "LOBBY");
}

TEST_F(FramesTest, C4_commands_and_packets_keep_their_order_and_every_field) {
  Order order;
  order.seat = {1, 8, 3, 6};
  order.command.kind = sim::CommandKind::fire;
  order.command.weapon = static_cast<sim::WeaponId>(2);
  order.command.charge = 4;
  order.command.flag = true;
  order.command.flag2 = true;
  order.command.view_delay = 9;
  order.command.sequence = 123456;
  order.command.point = {12.5, -3.25};
  order.command.angle = 1.25;
  const Notes notes = across(order, Packet{7, true, R"(42["game:state",{}])"}, order);
  EXPECT_EQ(notes.order, "opo");
  ASSERT_EQ(notes.orders.size(), 2u);
  const sim::Command& read = notes.orders[0].command;
  EXPECT_EQ(read.kind, order.command.kind);
  EXPECT_EQ(read.weapon, order.command.weapon);
  EXPECT_EQ(read.charge, 4);
  EXPECT_TRUE(read.flag);
  EXPECT_TRUE(read.flag2);
  EXPECT_EQ(read.view_delay, 9);
  EXPECT_EQ(read.sequence, 123456u);
  EXPECT_EQ(read.point.x, 12.5);
  EXPECT_EQ(read.point.y, -3.25);
  EXPECT_EQ(read.angle, 1.25);
  ASSERT_EQ(notes.packets.size(), 1u);
  EXPECT_EQ(notes.packets[0], R"(42["game:state",{}])");
}

TEST_F(FramesTest, Only_orders_may_wait_for_the_tick) {
  Address to;
  across(Order{}, Order{});
  ASSERT_TRUE(address_of(last, to));
  EXPECT_EQ(to.shard, 3);
  EXPECT_FALSE(to.hurried);
  across(Order{}, Leave{});
  ASSERT_TRUE(address_of(last, to));
  EXPECT_TRUE(to.hurried);
}

TEST_F(FramesTest, S2_a_frame_cut_short_hands_on_what_is_whole) {
  across(Leave{{0, 1, 2, 3}}, Identify{{0, 1, 2, 3}, "account", "name"});
  for (std::size_t size = 0; size < last.size(); ++size) {
    Notes notes;
    const bool whole = read(std::string_view(last).substr(0, size), 1, there, notes);
    if (!whole) {
      EXPECT_LE(notes.order.size(), 1u) << size;
    }
    EXPECT_TRUE(notes.identified.empty()) << size;
  }
  Notes notes;
  EXPECT_FALSE(read(last + '\x7f', 1, there, notes));
}

TEST_F(FramesTest, S2_made_up_node_names_are_bounded) {
  for (std::size_t i = 0; i < 2 * NodeLink::kMaxNodes; ++i) there.index_of("n" + std::to_string(i));
  EXPECT_EQ(there.index_of("one more"), NodeLink::kNobody);
  EXPECT_EQ(there.index_of("n1"), there.index_of("n1"));
  EXPECT_EQ(there.id_of(NodeLink::kNobody), "");
}

TEST(NodeLink, C2_who_lived_and_does_not_is_told_once_and_the_roomiest_is_chosen) {
  SilentChannel channel;
  NodeLink link(channel, "self");
  const auto entry = [](const char* id, std::uint32_t players, bool alive, bool draining = false) {
    cluster::NodeEntry made;
    made.id = id;
    made.alive = alive;
    made.report.players = players;
    made.report.max_players = 100;
    made.report.max_lobbies = 10;
    made.report.draining = draining;
    return made;
  };
  EXPECT_TRUE(link.learn({entry("self", 0, true), entry("a", 50, true), entry("b", 20, true),
                          entry("c", 0, true, true)})
                  .empty());
  EXPECT_EQ(link.peers().size(), 3u);
  EXPECT_EQ(link.roomiest(), link.index_of("b"));
  const auto rest = [&] {
    return link.learn({entry("self", 0, true), entry("a", 50, true), entry("b", 20, false)});
  };
  EXPECT_EQ(rest(), (std::vector<NodeLink::Parted>{{link.index_of("b"), true}}));
  for (int i = 2; i < NodeLink::kMissing; ++i) EXPECT_TRUE(rest().empty()) << i;
  EXPECT_EQ(rest(), (std::vector<NodeLink::Parted>{{link.index_of("c"), false}}));
  EXPECT_EQ(link.roomiest(), link.index_of("a"));
  EXPECT_TRUE(link.learn({entry("a", 100, true)}).empty());
  EXPECT_FALSE(link.roomiest());
}

}  // namespace
}  // namespace session::frames
