// The life of a lobby: L3, L4, L6-L9 and rules 10.2, driven tick by tick without sockets.

#include <gmock/gmock.h>
#include <malloc.h>

#include "base/tally.h"
#include "lobby/lobby_test_bench.h"

namespace lobby {
namespace {

using testing::Bench;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Player;
using ::testing::SizeIs;
using wire::ClientKind;

// Ends the running match as an operator's test hook does; red leads by `red`.
void end_match(Bench& bench, Player& by) {
  bench.say(by, ClientKind::debug_trigger_match_end);
  bench.run(2);
}

TEST(LobbyFlow, L3_two_players_count_down_ten_seconds_and_play) {
  Bench bench;
  Player& a = bench.quick("a");
  EXPECT_THAT(a.heard("lobby_joined"), SizeIs(1));
  EXPECT_THAT(a.heard("match_starting"), IsEmpty());
  Player& b = bench.quick("b");
  EXPECT_EQ(a.seat.lobby, b.seat.lobby);
  EXPECT_THAT(a.last("match_starting"), HasSubstr("\"countdown\":10"));
  bench.run_seconds(9.9);
  EXPECT_THAT(a.heard("match_started"), IsEmpty());
  bench.run_seconds(0.2);
  EXPECT_THAT(a.heard("match_started"), SizeIs(1));
  EXPECT_THAT(b.heard("match_started"), SizeIs(1));
}

TEST(LobbyFlow,
     Recipe2_joiner_hears_lobby_joined_others_player_joined_and_all_a_state_400_ms_later) {
  Bench bench;
  Player& a = bench.quick("a");
  bench.run_seconds(1);
  a.clear();
  Player& b = bench.quick("b");
  EXPECT_THAT(b.heard("lobby_joined"), SizeIs(1));
  EXPECT_THAT(b.heard("player_joined_lobby"), IsEmpty());
  EXPECT_THAT(a.heard("player_joined_lobby"), SizeIs(1));
  EXPECT_THAT(a.heard("lobby_joined"), IsEmpty())
      << "never as a roster update: it would pull a client out of its game";
  bench.run(18);  // 300 ms
  EXPECT_THAT(b.heard("lobby:state"), IsEmpty());
  bench.run(24);  // 700 ms
  EXPECT_THAT(b.last("lobby:state"), HasSubstr("\"playerCount\":2"));
  EXPECT_THAT(b.last("lobby:state"), HasSubstr("\"status\":\"starting\""));
  EXPECT_THAT(a.last("lobby:state"), HasSubstr("\"countdown\":"));
}

TEST(LobbyFlow, L2_rules_a_join_resets_the_countdown_a_leave_does_not) {
  Bench bench;
  Player& a = bench.quick("a");
  Player& b = bench.quick("b");
  bench.run_seconds(5);
  Player& c = bench.quick("c");
  EXPECT_THAT(a.heard("match_starting"), SizeIs(2));
  bench.run_seconds(9);
  bench.leave(c);
  EXPECT_THAT(a.heard("match_starting"), SizeIs(2));
  bench.run_seconds(1.1);
  EXPECT_THAT(b.heard("match_started"), SizeIs(1));
}

TEST(LobbyFlow, Rules10_2_fewer_than_two_cancels) {
  Bench bench;
  Player& a = bench.quick("a");
  Player& b = bench.quick("b");
  bench.run_seconds(5);
  bench.leave(b);
  EXPECT_THAT(a.heard("match_start_cancelled"), SizeIs(1));
  bench.run_seconds(20);
  EXPECT_THAT(a.heard("match_started"), IsEmpty());
}

TEST(LobbyFlow, Rules_L3_a_full_lobby_starts_after_a_second_and_the_ninth_gets_another) {
  Bench bench;
  for (int i = 0; i < 8; ++i) bench.quick("p" + std::to_string(i));
  Player& first = bench.player("p0");
  EXPECT_THAT(first.last("match_starting"), HasSubstr("\"countdown\":1}"));
  Player& ninth = bench.quick("ninth");
  EXPECT_NE(ninth.seat.lobby, first.seat.lobby);
  bench.run_seconds(1.1);
  EXPECT_THAT(first.heard("match_started"), SizeIs(1));
}

TEST(LobbyFlow, Rules10_2_the_start_of_a_full_lobby_is_checked_again) {
  Bench bench;
  for (int i = 0; i < 8; ++i) bench.quick("p" + std::to_string(i));
  for (int i = 1; i < 8; ++i) bench.leave(bench.player("p" + std::to_string(i)));
  bench.run_seconds(2);
  EXPECT_THAT(bench.player("p0").heard("match_started"), IsEmpty());
}

TEST(LobbyFlow, S4_a_late_joiner_hears_match_started_600_ms_after_lobby_joined) {
  Bench bench;
  bench.quick("a");
  bench.quick("b");
  bench.run_seconds(11);
  Player& late = bench.quick("late");
  EXPECT_THAT(late.last("lobby_joined"), HasSubstr("\"status\":\"waiting\""));
  bench.run(30);  // 500 ms
  EXPECT_THAT(late.heard("match_started"), IsEmpty());
  bench.run(8);
  EXPECT_THAT(late.heard("match_started"), SizeIs(1));
}

TEST(LobbyFlow, Recipe4_player_join_is_answered_with_success_weapon_and_a_state_with_walls) {
  Bench bench;
  Player& a = bench.quick("a");
  bench.quick("b");
  bench.run_seconds(11);
  EXPECT_THAT(a.heard("game:state"), IsEmpty()) << "B12: states only for those in the world";
  bench.join_world(a, sim::Team::blue);
  bench.run(1);
  ASSERT_THAT(a.heard("player:join:success"), SizeIs(1));
  EXPECT_THAT(a.last("player:join:success"), HasSubstr("\"team\":\"blue\""));
  EXPECT_THAT(a.last("weapon:switched"), HasSubstr("\"toWeapon\":\"rifle\""));
  ASSERT_FALSE(a.heard("game:state").empty());
  EXPECT_THAT(a.heard("game:state").front(), HasSubstr("\"walls\":{"));
  a.clear();
  bench.run(60);
  EXPECT_THAT(a.heard("game:state"), SizeIs(20)) << "20 states a second";
}

TEST(LobbyFlow, L7_L8_L9_a_match_ends_once_is_stored_is_voted_on_and_goes_on) {
  Bench bench;
  Player& a = bench.quick("a");
  Player& b = bench.quick("b");
  bench.run_seconds(11);
  bench.join_world(a, sim::Team::red);
  bench.join_world(b, sim::Team::blue);
  bench.run(10);
  end_match(bench, a);
  EXPECT_THAT(a.heard("match_ended"), SizeIs(1));
  EXPECT_THAT(b.heard("scoreboard"), SizeIs(1));
  ASSERT_THAT(bench.recorder.results, SizeIs(1));
  EXPECT_THAT(bench.recorder.results[0].players, SizeIs(2));
  a.clear();
  bench.run_seconds(4.5);
  EXPECT_THAT(a.heard("game:state"), IsEmpty()) << "recipe 9: states stop";
  bench.run_seconds(1);
  EXPECT_THAT(a.last("vote_started"), HasSubstr("rematch"));
  const std::string other = bench.recorder.results[0].map == "gardens" ? "foundry" : "gardens";
  bench.say(b, ClientKind::vote_cast, wire::VoteCast{"map:" + other});
  EXPECT_FALSE(a.heard("vote_update").empty());
  bench.run_seconds(10);
  EXPECT_THAT(a.last("vote_result"), HasSubstr("map:" + other));
  EXPECT_THAT(a.heard("match_started"), SizeIs(1));
  bench.join_world(a, sim::Team::red);
  bench.run(2);
  EXPECT_THAT(a.heard("player:join:success"), SizeIs(1));
  end_match(bench, a);
  EXPECT_THAT(bench.recorder.results, SizeIs(2));
  EXPECT_EQ(bench.recorder.results[1].map, other);
  EXPECT_NE(bench.recorder.results[0].match_id, bench.recorder.results[1].match_id);
}

TEST(LobbyFlow, L8_fewer_than_two_staying_goes_back_to_waiting) {
  Bench bench;
  Player& a = bench.quick("a");
  Player& b = bench.quick("b");
  bench.run_seconds(11);
  bench.join_world(a);
  bench.run(2);
  end_match(bench, a);
  bench.run_seconds(6);
  bench.say(b, ClientKind::vote_cast, wire::VoteCast{"leave"});
  bench.run_seconds(10);
  EXPECT_THAT(b.heard("left_lobby"), SizeIs(1));
  EXPECT_FALSE(b.seat);
  EXPECT_THAT(a.heard("match_started"), SizeIs(1)) << "only the first match";
  EXPECT_THAT(a.last("lobby:state"), HasSubstr("\"status\":\"waiting\""));
}

TEST(LobbyFlow, D4_the_end_is_announced_when_the_result_is_durable_or_patience_ends) {
  Bench bench;
  bench.recorder.durable_at_once = false;
  Player& a = bench.quick("a");
  bench.quick("b");
  bench.run_seconds(11);
  bench.join_world(a);
  bench.run(2);
  end_match(bench, a);
  bench.run(20);
  EXPECT_THAT(a.heard("match_ended"), IsEmpty());
  bench.recorder.confirm();
  bench.run(1);
  EXPECT_THAT(a.heard("match_ended"), SizeIs(1));
}

TEST(LobbyFlow, L7_the_end_is_told_before_the_vote_however_slow_the_database_is) {
  Bench bench =
      Bench::adjusted([](LobbyContext& context) { context.timing.results = sim::kTickRate; });
  bench.recorder.durable_at_once = false;
  Player& a = bench.quick("a");
  bench.quick("b");
  bench.run_seconds(11);
  bench.join_world(a);
  bench.run(2);
  end_match(bench, a);
  bench.run_seconds(2);
  EXPECT_THAT(a.heard("match_ended"), SizeIs(1));
  EXPECT_THAT(a.heard("scoreboard"), SizeIs(1));
  EXPECT_THAT(a.heard("vote_started"), SizeIs(1));
}

TEST(LobbyFlow, L9_a_lost_transport_keeps_the_seat_and_is_told_what_it_missed) {
  Bench bench;
  Player& a = bench.quick("a");
  Player& b = bench.quick("b");
  bench.run_seconds(11);
  bench.join_world(a, sim::Team::red);
  bench.join_world(b, sim::Team::blue);
  bench.run(10);
  bench.engine.transport_lost(b.seat);
  b.clear();
  bench.run(60);
  EXPECT_THAT(b.packets, IsEmpty()) << "nothing piles up for an absent player";
  EXPECT_THAT(a.last("game:state"), HasSubstr("\"b\":{")) << "the body stays in the world";
  end_match(bench, a);
  bench.run_seconds(1);
  bench.engine.resume(b.seat);
  EXPECT_THAT(b.heard("match_ended"), SizeIs(1));
  bench.engine.transport_lost(b.seat);
  bench.run_seconds(16);
  b.clear();
  bench.engine.resume(b.seat);
  EXPECT_THAT(b.heard("match_started"), SizeIs(1)) << "the next match began meanwhile";
}

TEST(LobbyFlow, Recipe10_leaving_is_told_once_and_the_body_goes) {
  Bench bench;
  Player& a = bench.quick("a");
  Player& b = bench.quick("b");
  bench.run_seconds(11);
  bench.join_world(a, sim::Team::red);
  bench.join_world(b, sim::Team::blue);
  bench.run(10);
  bench.leave(b);
  bench.run(10);
  EXPECT_THAT(a.heard("player:left"), SizeIs(1));
  EXPECT_THAT(a.heard("player_left_lobby"), SizeIs(1));
  EXPECT_THAT(a.last("game:state"), Not(HasSubstr("\"b\":{")));
  ASSERT_EQ(bench.recorder.results.size(), 0u);
  end_match(bench, a);
  ASSERT_EQ(bench.recorder.results.size(), 1u);
  EXPECT_THAT(bench.recorder.results[0].players, SizeIs(2)) << "D2: who left early keeps a row";
}

TEST(LobbyFlow, D2_who_leaves_and_comes_back_has_two_rows_and_the_result_is_sound) {
  Bench bench;
  Player& a = bench.quick("a");
  Player& b = bench.quick("b");
  bench.run_seconds(11);
  bench.join_world(a, sim::Team::red);
  bench.join_world(b, sim::Team::blue);
  bench.run(5);
  bench.leave(b);
  bench.run(5);
  bench.quick("b");
  ASSERT_EQ(a.seat.lobby, b.seat.lobby);
  bench.join_world(b, sim::Team::blue);
  bench.run(5);
  end_match(bench, a);
  ASSERT_THAT(bench.recorder.results, SizeIs(1));
  store::MatchResult result = bench.recorder.results[0];
  EXPECT_THAT(result.players, SizeIs(3));
  EXPECT_TRUE(store::check(result).ok()) << store::check(result).error().message;
}

TEST(LobbyFlow, D4_names_of_any_letters_do_not_spoil_a_result) {
  Bench bench;
  Player& a = bench.quick("a");
  bench.quick("b");
  bench.run_seconds(11);
  wire::PlayerJoin join;
  for (int i = 0; i < 20; ++i) join.name += "\xf0\x9f\x98\x80";
  join.team = sim::Team::red;
  bench.say(a, ClientKind::player_join, join);
  bench.run(5);
  end_match(bench, a);
  ASSERT_THAT(bench.recorder.results, SizeIs(1));
  EXPECT_TRUE(store::check(bench.recorder.results[0]).ok());
}

TEST(LobbyFlow, D4_a_match_that_everybody_left_is_kept_as_aborted) {
  Bench bench;
  Player& a = bench.quick("a");
  Player& b = bench.quick("b");
  bench.run_seconds(11);
  bench.join_world(a, sim::Team::red);
  bench.join_world(b, sim::Team::blue);
  bench.run(5);
  bench.leave(b);
  bench.leave(a);
  ASSERT_THAT(bench.recorder.results, SizeIs(1));
  EXPECT_EQ(bench.recorder.results[0].reason, "aborted");
  EXPECT_THAT(bench.recorder.results[0].players, SizeIs(2));
  EXPECT_TRUE(store::check(bench.recorder.results[0]).ok());
}

TEST(LobbyFlow,
     O6_a_match_that_everybody_left_before_they_entered_counts_as_left_and_leaves_no_result) {
  using base::tally::Event;
  Bench bench;
  Player& a = bench.quick("a");
  Player& b = bench.quick("b");
  const std::uint64_t begun = base::tally::counted(Event::match_started);
  const std::uint64_t left = base::tally::counted(Event::match_aborted);
  bench.run_seconds(11);
  bench.leave(b);
  bench.leave(a);
  EXPECT_EQ(base::tally::counted(Event::match_started), begun + 1);
  EXPECT_EQ(base::tally::counted(Event::match_aborted), left + 1);
  EXPECT_THAT(bench.recorder.results, IsEmpty());
}

TEST(LobbyFlow, S4_who_joins_just_before_the_start_hears_of_it_600_ms_after_his_join) {
  Bench bench;
  LobbyOptions options;
  Player& host = bench.create("host", options);
  bench.say(host, ClientKind::lobby_start);
  bench.run_seconds(2.9);
  const std::string packet = host.packets[0];
  const std::size_t at = packet.find("inviteCode\":\"") + 13;
  Player& late = bench.by_code("late", packet.substr(at, packet.find('"', at) - at));
  ASSERT_TRUE(late.seat);
  bench.run_seconds(0.3);
  EXPECT_THAT(host.heard("match_started"), SizeIs(1));
  EXPECT_THAT(late.heard("match_started"), IsEmpty());
  bench.run_seconds(0.4);
  EXPECT_THAT(late.heard("match_started"), SizeIs(1));
}

TEST(LobbyFlow, L4_changing_settings_does_not_stop_a_warm_up) {
  Bench bench;
  Player& host = bench.create("host");
  bench.join_world(host);
  bench.run(5);
  wire::LobbyOptions wanted;
  wanted.kill_limit = 20;
  bench.say(host, ClientKind::lobby_settings, wanted);
  host.clear();
  bench.run(30);
  EXPECT_FALSE(host.heard("game:state").empty());
}

TEST(LobbyFlow, L4_settings_do_not_go_past_the_operators_bound) {
  Bench bench = Bench::adjusted([](LobbyContext& context) { context.max_players_per_lobby = 4; });
  LobbyOptions options;
  options.max_players = 4;
  Player& host = bench.create("host", options);
  wire::LobbyOptions wanted;
  wanted.max_players = 8;
  bench.say(host, ClientKind::lobby_settings, wanted);
  EXPECT_EQ(bench.directory.all().at(0).max_players, 4);
  wanted.max_players = 3;
  bench.say(host, ClientKind::lobby_settings, wanted);
  EXPECT_EQ(bench.directory.all().at(0).max_players, 3);
}

TEST(LobbyFlow, L10_bots_that_the_host_asks_for_later_start_the_countdown) {
  Bench bench;
  Player& host = bench.create("host");
  wire::LobbyOptions wanted;
  wanted.bots = 3;
  bench.say(host, ClientKind::lobby_settings, wanted);
  bench.run_seconds(4);
  EXPECT_THAT(host.heard("match_started"), SizeIs(1));
}

TEST(LobbyFlow, L7_a_newcomer_hears_nothing_of_a_match_he_did_not_play_but_may_vote) {
  Bench bench;
  Player& a = bench.quick("a");
  Player& b = bench.quick("b");
  bench.run_seconds(11);
  bench.join_world(a, sim::Team::red);
  bench.join_world(b, sim::Team::blue);
  bench.run(5);
  end_match(bench, a);
  bench.leave(a);
  Player& c = bench.quick("c");
  ASSERT_EQ(c.seat.lobby, b.seat.lobby);
  bench.say(c, ClientKind::client_ready);
  bench.run(5);
  EXPECT_THAT(c.heard("match_ended"), IsEmpty());
  bench.run_seconds(6);
  EXPECT_THAT(c.heard("vote_started"), SizeIs(1));
  Player& d = bench.quick("d");
  EXPECT_THAT(d.heard("vote_started"), SizeIs(1)) << "also one who comes during the vote";
  EXPECT_THAT(bench.recorder.results[0].players, SizeIs(2));
}

TEST(LobbyFlow, L9_a_death_that_was_lost_with_the_line_is_told_again) {
  Bench bench;
  Player& a = bench.quick("a");
  Player& b = bench.quick("b");
  bench.run_seconds(11);
  bench.join_world(a, sim::Team::red);
  bench.join_world(b, sim::Team::blue);
  bench.run(10);
  bench.engine.transport_lost(b.seat);
  sim::Command kill;
  kill.kind = sim::CommandKind::kill;
  bench.engine.match_command(b.seat, kill);
  bench.run(10);
  b.clear();
  bench.engine.resume(b.seat);
  EXPECT_THAT(b.heard("backend:player:died"), SizeIs(1));
  bench.run(2);
  EXPECT_THAT(b.heard("player:join:success"), SizeIs(1)) << "and a whole state follows";
}

TEST(LobbyFlow, L4_a_kicked_player_whose_line_is_down_is_told_when_he_returns) {
  Bench bench;
  Player& host = bench.create("host");
  const std::string packet = host.packets[0];
  const std::size_t at = packet.find("inviteCode\":\"") + 13;
  Player& guest = bench.by_code("guest", packet.substr(at, packet.find('"', at) - at));
  bench.engine.transport_lost(guest.seat);
  bench.say(host, ClientKind::lobby_kick, wire::PlayerTarget{"guest"});
  EXPECT_THAT(guest.heard("lobby:kicked"), SizeIs(1));
}

TEST(LobbyFlow, BOT_FILL_fills_up_to_so_many_players) {
  Bench bench(4);
  bench.quick("a");
  EXPECT_EQ(bench.engine.shapes()[0].bots, 3);
  bench.quick("b");
  EXPECT_EQ(bench.engine.shapes()[0].bots, 2);
}

TEST(LobbyFlow, L10_a_lobby_of_the_shipped_client_has_no_bots) {
  Bench bench;
  bench.quick("a");
  bench.run_seconds(30);
  EXPECT_EQ(bench.engine.shapes()[0].bots, 0);
}

// Bytes in use on the heap (sanitizers have a heap of their own and say 0).
std::size_t heap() { return ::mallinfo2().uordblks; }

TEST(LobbyFlow, L3_100000_lobbies_leave_nothing_behind) {
  Bench bench;
  LobbyOptions options;
  options.bots = 3;
  std::size_t warm = 0;
  for (int i = 0; i < 100'000; ++i) {
    Player& a = bench.quick("a", options);
    if (i % 1000 == 0) bench.run_seconds(4);  // into a match with bots
    bench.leave(a);
    a.clear();
    bench.recorder.opened.clear();
    bench.recorder.states.clear();
    bench.recorder.results.clear();
    if (i == 10'000) warm = heap();
  }
  EXPECT_LT(heap(), warm + 64 * 1024) << "less than a byte a lobby";
  EXPECT_EQ(bench.engine.lobby_count(), 0u);
  EXPECT_EQ(bench.directory.counts().lobbies, 0u);
  EXPECT_EQ(bench.directory.counts().players, 0u);
  EXPECT_FALSE(bench.engine.next_deadline());
}

TEST(LobbyFlow, L10_bots_join_a_lone_player_and_leave_as_people_come) {
  Bench bench;
  LobbyOptions options;
  options.bots = 3;
  Player& a = bench.quick("a", options);
  bench.run_seconds(4);
  EXPECT_THAT(a.heard("match_started"), SizeIs(1)) << "nobody to wait for";
  EXPECT_EQ(bench.engine.shapes()[0].bots, 3);
  bench.quick("b");
  EXPECT_EQ(bench.engine.shapes()[0].people, 2);
  EXPECT_EQ(bench.engine.shapes()[0].bots, 2);
  bench.quick("c");
  bench.quick("d");
  EXPECT_EQ(bench.engine.shapes()[0].bots, 0);
  bench.join_world(a);
  bench.run(5);
  end_match(bench, a);
  ASSERT_EQ(bench.recorder.results.size(), 1u);
  EXPECT_EQ(bench.recorder.results[0].players.size(), 1u) << "bots never count in statistics";
}

TEST(LobbyFlow, L10_bots_are_in_the_world_and_teams_stay_even) {
  Bench bench;
  LobbyOptions options;
  options.bots = 3;
  Player& a = bench.quick("a", options);
  bench.run_seconds(4);
  bench.join_world(a, sim::Team::red);
  bench.run_seconds(3);
  int red = 0;
  int blue = 0;
  const std::string state = a.last("game:state");
  for (std::size_t at = state.find("\"team\":\""); at < state.find("\"visiblePlayers\"");
       at = state.find("\"team\":\"", at + 1)) {
    ++(state.compare(at + 8, 3, "red") == 0 ? red : blue);
  }
  EXPECT_EQ(red, 2);
  EXPECT_EQ(blue, 2);
}

}  // namespace
}  // namespace lobby
