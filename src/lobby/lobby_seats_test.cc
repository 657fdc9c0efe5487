// Entry and rights: L1, L2, L4, L5, S12 and what happens at the bounds.

#include <gmock/gmock.h>

#include "lobby/lobby_test_bench.h"

namespace lobby {
namespace {

using testing::Bench;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Player;
using ::testing::SizeIs;
using wire::ClientKind;

std::string field(const std::string& packet, const std::string& name) {
  const std::size_t at = packet.find('"' + name + "\":\"");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 4;
  return packet.substr(begin, packet.find('"', begin) - begin);
}

TEST(LobbySeats,
     S11_the_creator_of_a_private_lobby_hears_only_private_lobby_created_with_the_code) {
  Bench bench;
  Player& host = bench.create("host");
  ASSERT_THAT(host.heard("private_lobby_created"), SizeIs(1));
  EXPECT_THAT(host.heard("lobby_joined"), IsEmpty());
  const std::string code = field(host.packets[0], "inviteCode");
  EXPECT_GE(code.size(), 13u) << "L2: at least 64 random bits";
  EXPECT_NE(code, field(host.packets[0], "lobbyId"));
  EXPECT_TRUE(bench.by_code("guest", code).seat);
}

TEST(LobbySeats, L2_codes_are_taken_in_lower_case_and_with_dashes) {
  Bench bench;
  Player& host = bench.create("host");
  std::string code = field(host.packets[0], "inviteCode");
  for (char& c : code) c = static_cast<char>(std::tolower(c));
  code.insert(4, "-");
  EXPECT_TRUE(bench.by_code("guest", code).seat);
}

TEST(LobbySeats, L4_password_and_unknown_id_are_refused_as_the_contract_says) {
  Bench bench;
  LobbyOptions options;
  options.password = "secret";
  Player& host = bench.create("host", options);
  const std::string id = field(host.packets[0], "lobbyId");
  EXPECT_EQ(bench.by_code("x", id, "wrong").refused, "Invalid password");
  EXPECT_EQ(bench.by_code("x", "nonsense").refused, "Lobby not found");
  EXPECT_TRUE(bench.by_code("x", id, "secret").seat);
}

TEST(LobbySeats, L4_a_private_lobby_without_password_opens_by_its_code_only) {
  Bench bench;
  Player& host = bench.create("host");
  EXPECT_EQ(bench.by_code("x", field(host.packets[0], "lobbyId")).refused, "Lobby not found");
  BrowserFilter all{true, true, true, true, ""};
  EXPECT_THAT(bench.directory.list(all), IsEmpty());
}

TEST(LobbySeats, B29_quick_play_never_enters_a_private_lobby) {
  Bench bench;
  Player& host = bench.create("host");
  EXPECT_NE(bench.quick("a").seat.lobby, host.seat.lobby);
}

TEST(LobbySeats, L4_the_lobby_s_own_bound_holds) {
  Bench bench;
  LobbyOptions options;
  options.max_players = 2;
  Player& host = bench.create("host", options);
  const std::string code = field(host.packets[0], "inviteCode");
  EXPECT_TRUE(bench.by_code("a", code).seat);
  EXPECT_EQ(bench.by_code("b", code).refused, "Lobby is full");
}

TEST(LobbySeats, L4_host_may_kick_and_the_kicked_does_not_come_back) {
  Bench bench;
  Player& host = bench.create("host");
  const std::string code = field(host.packets[0], "inviteCode");
  Player& guest = bench.by_code("guest", code);
  bench.say(guest, ClientKind::lobby_kick, wire::PlayerTarget{"host"});
  EXPECT_TRUE(host.seat) << "only the host kicks";
  bench.say(host, ClientKind::lobby_kick, wire::PlayerTarget{"guest"});
  EXPECT_FALSE(guest.seat);
  EXPECT_THAT(guest.heard("lobby:kicked"), SizeIs(1));
  EXPECT_THAT(guest.heard("left_lobby"), SizeIs(1));
  EXPECT_FALSE(bench.by_code("guest", code).seat);
}

TEST(LobbySeats, L4_host_hands_over_and_when_he_leaves_the_next_is_host) {
  Bench bench;
  Player& host = bench.create("host");
  const std::string code = field(host.packets[0], "inviteCode");
  Player& a = bench.by_code("a", code);
  Player& b = bench.by_code("b", code);
  bench.say(host, ClientKind::lobby_host, wire::PlayerTarget{"b"});
  bench.run_seconds(1);
  EXPECT_EQ(field(a.last("lobby:state"), "hostId"), "b");
  bench.leave(b);
  bench.run_seconds(1);
  EXPECT_EQ(field(a.last("lobby:state"), "hostId"), "host");
}

TEST(LobbySeats, L4_host_starts_alone_with_his_settings) {
  Bench bench;
  LobbyOptions options;
  options.map = "gardens";
  options.kill_limit = 7;
  Player& host = bench.create("host", options);
  bench.say(host, ClientKind::lobby_start);
  bench.run_seconds(3.1);
  ASSERT_THAT(host.heard("match_started"), SizeIs(1));
  EXPECT_THAT(host.last("match_started"), HasSubstr("\"killTarget\":7"));
}

TEST(LobbySeats, L1_past_the_bound_the_refusal_is_clear_and_nobody_else_suffers) {
  Bench bench(0, 2);
  Player& a = bench.create("a");
  Player& b = bench.create("b");
  EXPECT_EQ(bench.create("c").refused, "Server capacity reached");
  EXPECT_TRUE(a.seat);
  EXPECT_TRUE(b.seat);
  bench.leave(a);
  EXPECT_TRUE(bench.create("c").seat) << "a closed lobby makes room";
}

TEST(LobbySeats, L5_the_browser_filters_and_sorts) {
  Bench bench;
  LobbyOptions duel;
  duel.mode = "duel";
  bench.quick("d", duel);
  bench.quick("a");
  bench.quick("b");
  LobbyOptions secret;
  secret.password = "x";
  bench.create("p", secret);
  EXPECT_THAT(bench.directory.list({}), SizeIs(2));
  EXPECT_EQ(bench.directory.list({})[0].players, 2) << "fuller first";
  EXPECT_THAT(bench.directory.list({true, true, false, false, ""}), SizeIs(3));
  EXPECT_THAT(bench.directory.list({true, false, false, false, "duel"}), SizeIs(1));
  bench.run_seconds(11);
  EXPECT_THAT(bench.directory.list({true, false, false, false, "deathmatch"}), IsEmpty())
      << "it plays";
  EXPECT_THAT(bench.directory.list({true, false, false, true, "deathmatch"}), SizeIs(1));
}

TEST(LobbySeats, an_outdated_seat_moves_nobody) {
  Bench bench;
  Player& a = bench.quick("a");
  bench.quick("b");
  const SeatRef old = a.seat;
  bench.leave(a);
  Player& c = bench.quick("c");
  ASSERT_EQ(c.seat.slot, old.slot);
  bench.engine.leave(old);
  bench.run_seconds(1);
  EXPECT_EQ(bench.engine.shapes()[0].people, 2);
}

TEST(Inbox, Contract1_6_a_burst_of_inputs_keeps_the_newest) {
  Inbox inbox;
  for (std::uint32_t i = 1; i <= 100; ++i) {
    sim::Command input;
    input.kind = sim::CommandKind::input;
    input.sequence = i;
    inbox.push(input);
  }
  ASSERT_EQ(inbox.commands().size(), Inbox::kInputs);
  EXPECT_EQ(inbox.commands().back().sequence, 100u);
  sim::Command reload;
  reload.kind = sim::CommandKind::reload;
  EXPECT_TRUE(inbox.push(reload)) << "other commands have places of their own";
  for (std::size_t i = 1; i < Inbox::kOthers; ++i) EXPECT_TRUE(inbox.push(reload));
  EXPECT_FALSE(inbox.push(reload));
}

}  // namespace
}  // namespace lobby
