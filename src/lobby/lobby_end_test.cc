// How matches end, seen from the lobby: what is announced and what goes into the record (L6, L7),
// and what becomes of those who lose their line (L9).

#include <gmock/gmock.h>

#include "lobby/duel_test_bench.h"

namespace lobby {
namespace {

using testing::Duel;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Player;
using testing::sighting;
using ::testing::SizeIs;
using wire::ClientKind;

LobbyOptions kills(std::uint16_t limit) {
  LobbyOptions options;
  options.kill_limit = limit;
  return options;
}

const store::MatchResult& only_result(Duel& duel) {
  EXPECT_THAT(duel.bench.recorder.results, SizeIs(1));
  static const store::MatchResult none;
  if (duel.bench.recorder.results.empty()) return none;
  const store::MatchResult& result = duel.bench.recorder.results[0];
  EXPECT_TRUE(store::check(result).ok());
  return result;
}

const store::MatchPlayer& row_of(const store::MatchResult& result, const std::string& name) {
  static const store::MatchPlayer none;
  for (const store::MatchPlayer& player : result.players) {
    if (player.display_name == name) return player;
  }
  ADD_FAILURE() << "no row of " << name;
  return none;
}

TEST(LobbyEnd, L6_score_limit_the_first_team_there_wins) {
  Duel duel(kills(1));
  duel.begin();
  duel.kill(duel.b, duel.a);
  const store::MatchResult& result = only_result(duel);
  EXPECT_EQ(result.winning_team, store::Winner::blue);
  EXPECT_EQ(result.reason, "score_limit");
  EXPECT_EQ(result.red_score, 0u);
  EXPECT_EQ(result.blue_score, 1u);
  EXPECT_TRUE(row_of(result, "b").won);
  EXPECT_FALSE(row_of(result, "a").won);
  EXPECT_EQ(row_of(result, "a").deaths, 1u);
  EXPECT_THAT(duel.a.last("match_ended"), HasSubstr("\"winnerTeam\":\"blue\""));
  const std::string board = duel.a.last("scoreboard");
  EXPECT_THAT(board, HasSubstr("\"reason\":\"score_limit\""));
  EXPECT_THAT(board, HasSubstr("\"score\":100")) << "L7: 100 a kill";
  EXPECT_THAT(board, HasSubstr("\"score\":-50")) << "L7: 50 off a death";
}

TEST(LobbyEnd, L6_both_at_the_limit_in_one_tick_play_on_until_one_leads) {
  Duel duel(kills(1));
  duel.begin();
  duel.shoot(duel.a, duel.b);
  duel.shoot(duel.b, duel.a);
  duel.bench.run(10);
  EXPECT_THAT(duel.a.heard("backend:player:died"), SizeIs(2)) << "decision 6: they traded";
  EXPECT_THAT(duel.a.heard("match_ended"), IsEmpty());
  EXPECT_THAT(duel.bench.recorder.results, IsEmpty());
  duel.wait_for_respawn();
  duel.kill(duel.a, duel.b);
  const store::MatchResult& result = only_result(duel);
  EXPECT_EQ(result.winning_team, store::Winner::red);
  EXPECT_EQ(result.red_score, 2u);
  EXPECT_EQ(result.blue_score, 1u);
  EXPECT_EQ(result.reason, "score_limit");
}

TEST(LobbyEnd, L6_time_limit_more_kills_win_and_equal_is_a_draw) {
  for (const bool killed : {true, false}) {
    LobbyOptions options;
    options.time_limit_s = 5;
    Duel duel(options);
    duel.begin();
    if (killed) duel.kill(duel.a, duel.b);
    duel.bench.run_seconds(5);
    const store::MatchResult& result = only_result(duel);
    EXPECT_EQ(result.reason, "time_limit");
    EXPECT_EQ(result.winning_team, killed ? store::Winner::red : store::Winner::draw);
    EXPECT_EQ(result.duration_seconds, 5u);
    EXPECT_EQ(row_of(result, "a").won, killed);
    EXPECT_FALSE(row_of(result, "b").won);
    EXPECT_THAT(duel.b.last("match_ended"),
                HasSubstr(killed ? "\"winnerTeam\":\"red\"" : "\"winnerTeam\":\"draw\""));
    EXPECT_THAT(duel.b.last("scoreboard"), HasSubstr("\"reason\":\"time_limit\""));
  }
}

TEST(LobbyEnd, L6_a_team_gone_for_30_seconds_forfeits) {
  Duel duel;
  duel.begin();
  duel.kill(duel.b, duel.a);
  duel.bench.leave(duel.b);
  duel.bench.run_seconds(29.8);
  EXPECT_THAT(duel.a.heard("match_ended"), IsEmpty());
  duel.bench.run_seconds(0.5);
  const store::MatchResult& result = only_result(duel);
  EXPECT_EQ(result.reason, "forfeit");
  EXPECT_EQ(result.winning_team, store::Winner::red);
  EXPECT_EQ(result.blue_score, 1u) << "whoever leads";
  EXPECT_TRUE(row_of(result, "a").won);
  EXPECT_FALSE(row_of(result, "b").won);
  EXPECT_EQ(row_of(result, "b").kills, 1u);
  EXPECT_TRUE(row_of(result, "b").left_at);
  EXPECT_THAT(duel.a.last("match_ended"), HasSubstr("\"winnerTeam\":\"red\""));
  EXPECT_THAT(duel.a.last("scoreboard"), HasSubstr("\"reason\":\"forfeit\""));
}

TEST(LobbyEnd, L6_the_score_of_a_leaver_stays_with_his_team) {
  Duel duel(kills(2));
  duel.begin();
  Player& c = duel.bench.quick("c");
  duel.bench.join_world(c, sim::Team::red, Duel::kArms);
  duel.bench.run(10);
  duel.kill(duel.a, duel.b);
  duel.bench.leave(duel.a);
  duel.wait_for_respawn();
  EXPECT_EQ(duel.bench.engine.shapes()[0].red, 1) << "it does not move";
  duel.kill(c, duel.b);
  const store::MatchResult& result = only_result(duel);
  EXPECT_EQ(result.red_score, 2u);
  EXPECT_EQ(result.winning_team, store::Winner::red);
  EXPECT_EQ(row_of(result, "a").kills, 1u);
  EXPECT_TRUE(row_of(result, "a").left_at);
  EXPECT_EQ(row_of(result, "c").kills, 1u);
  EXPECT_TRUE(row_of(result, "c").won);
}

TEST(LobbyEnd, L9_a_body_without_a_line_stands_frozen_and_can_be_shot_and_keeps_its_score) {
  Duel duel;
  duel.begin();
  duel.kill(duel.b, duel.a);
  duel.wait_for_respawn();
  sim::Command walk;
  walk.kind = sim::CommandKind::input;
  walk.keys = sim::kKeyA;
  walk.point = {0, 135};
  for (int i = 0; i < 20; ++i) {
    ++walk.sequence;
    duel.bench.engine.match_command(duel.b.seat, walk);
    duel.bench.run(1);
  }
  const SeatRef seat = duel.b.seat;
  EXPECT_EQ(sighting(duel.b, "players", "b").velocity, (sim::Vec2{-100, 0}));
  duel.bench.engine.transport_lost(duel.b.seat);
  duel.bench.run(6);
  const auto frozen = sighting(duel.a, "visiblePlayers", "b");
  EXPECT_EQ(frozen.health, 100.0);
  duel.bench.run_seconds(3);
  EXPECT_EQ(sighting(duel.a, "visiblePlayers", "b").position, frozen.position);
  EXPECT_THAT(duel.a.heard("player:left"), IsEmpty());

  sim::Command shot;
  shot.kind = sim::CommandKind::fire;
  shot.weapon = sim::WeaponId::pistol;
  shot.flag = true;
  shot.point = frozen.position;
  duel.bench.engine.match_command(duel.a.seat, shot);
  duel.bench.run(10);
  EXPECT_EQ(sighting(duel.a, "visiblePlayers", "b").health, 75.0);

  duel.bench.engine.resume(duel.b.seat);
  EXPECT_EQ(duel.b.seat, seat);
  duel.bench.run(3);
  EXPECT_THAT(duel.b.last("player:join:success"), HasSubstr("\"team\":\"blue\""));
  EXPECT_THAT(duel.b.last("player:join:success"), HasSubstr("\"playerId\":\"b\""));
  EXPECT_EQ(duel.bench.engine.shapes()[0].blue, 1);
  const auto own = sighting(duel.b, "players", "b");
  EXPECT_NEAR(own.position.x, frozen.position.x, 0.006);
  EXPECT_EQ(own.position.y, frozen.position.y);
  EXPECT_EQ(own.velocity, (sim::Vec2{0, 0})) << "it did not run on the spot";
}

TEST(LobbyEnd, L9_when_the_grace_is_over_the_seat_goes_and_its_row_stays) {
  Duel duel;
  duel.begin();
  duel.kill(duel.b, duel.a);
  duel.bench.engine.transport_lost(duel.b.seat);
  duel.bench.run_seconds(2);
  EXPECT_TRUE(sighting(duel.a, "visiblePlayers", "b").there);
  EXPECT_EQ(duel.bench.engine.shapes()[0].people, 2);
  duel.bench.leave(duel.b);  // what the session does when the grace ends
  duel.bench.run(6);
  EXPECT_FALSE(sighting(duel.a, "visiblePlayers", "b").there);
  EXPECT_FALSE(sighting(duel.a, "players", "b").there);
  EXPECT_THAT(duel.a.heard("player:left"), SizeIs(1));
  EXPECT_EQ(duel.bench.engine.shapes()[0].people, 1);
  EXPECT_EQ(duel.bench.engine.shapes()[0].blue, 1);
  duel.bench.leave(duel.a);
  EXPECT_EQ(row_of(only_result(duel), "b").kills, 1u);
}

TEST(LobbyEnd, L11_force_create_counts_down_three_seconds_after_half_a_second_and_starts_alone) {
  testing::Bench bench;
  Player& a = bench.force_create("a", "compatibility");
  ASSERT_TRUE(a.seat);
  EXPECT_THAT(a.last("lobby_joined"), HasSubstr("\"forceCreated\":true"));
  EXPECT_THAT(a.last("lobby_joined"), HasSubstr("\"reason\":\"compatibility\""));
  bench.run(29);
  EXPECT_THAT(a.heard("match_starting"), IsEmpty());
  bench.run(2);
  ASSERT_THAT(a.heard("match_starting"), SizeIs(1)) << "500 ms later (contract 3.1)";
  EXPECT_THAT(a.last("match_starting"), HasSubstr("\"countdown\":3"));
  bench.run_seconds(2.9);
  EXPECT_THAT(a.heard("match_started"), IsEmpty());
  bench.run_seconds(0.2);
  EXPECT_THAT(a.heard("match_started"), SizeIs(1)) << "with any count";
  EXPECT_THAT(a.heard("match_start_cancelled"), IsEmpty());
}

TEST(LobbyEnd, L10_a_lobby_in_its_results_is_listed_only_for_who_asks_with_filters) {
  Duel duel(kills(1));
  duel.begin();
  duel.kill(duel.a, duel.b);
  const auto listed = [&](const BrowserFilter& filter) {
    return duel.bench.directory.list(filter);
  };
  const BrowserFilter none;
  const BrowserFilter full{true, false, true, false, ""};
  const BrowserFilter shipped{true, false, false, true, "deathmatch"};
  for (const double seconds : {0.0, 6.0}) {  // results, then the vote
    duel.bench.run_seconds(seconds);
    EXPECT_THAT(listed(none), IsEmpty()) << "vector L10";
    ASSERT_THAT(listed(full), SizeIs(1)) << "vector L10";
    ASSERT_THAT(listed(shipped), SizeIs(1));
    EXPECT_EQ(browser_status(listed(full)[0].status), "finished");
    EXPECT_EQ(listed(full)[0].players, 2);
  }
  duel.bench.run_seconds(10);
  EXPECT_THAT(listed(full), IsEmpty()) << "the next match runs: not without showInProgress";
  EXPECT_EQ(browser_status(listed(shipped)[0].status), "playing");
}

}  // namespace
}  // namespace lobby
