#include "match/match.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "match/test_rabble.h"

namespace match {
namespace {

using sim::Command;
using sim::CommandKind;

// Red and blue in each other's sight.
std::shared_ptr<const sim::Map> duel_map() {
  return std::make_shared<const sim::Map>(
      sim::map_from_walls("duel", {}, {{105, 135}}, {{305, 135}}).value());
}

class Duel {
 public:
  explicit Duel(Settings settings) : match(duel_map(), settings, 1) {}

  static Command command(CommandKind kind, Slot slot = sim::kNoSlot) {
    Command c;
    c.kind = kind;
    c.slot = slot;
    return c;
  }
  static Command join(Slot slot, Team team) {
    Command c = command(CommandKind::join, slot);
    c.team = team;
    c.loadout.support[0] = sim::WeaponId::antimaterialrifle;
    return c;
  }
  // A deadly shot at whoever sits in `target`.
  Command shot(Slot slot, Slot target) const {
    Command c = command(CommandKind::fire, slot);
    c.weapon = sim::WeaponId::antimaterialrifle;
    c.flag = true;
    c.point = match.world().players[target].position;
    return c;
  }
  void steps(int count) {
    for (int i = 0; i < count; ++i) match.step({});
  }
  void step(const std::vector<Command>& commands) { match.step(commands); }

  int events(sim::EventKind kind) const {
    int count = 0;
    for (const sim::Event& event : match.events()) count += event.kind == kind ? 1 : 0;
    return count;
  }
  // Slot 0 red, slot 1 blue, playing.
  void begin() {
    step({join(0, Team::red), join(1, Team::blue)});
    step({command(CommandKind::start)});
  }

  Match match;
};

Settings kills(std::uint16_t limit) {
  Settings settings;
  settings.kill_limit = limit;
  return settings;
}

TEST(Match, L6_TheFirstTeamToTheKillLimitWins) {
  Duel duel(kills(1));
  duel.begin();
  EXPECT_EQ(duel.match.phase(), Phase::playing);
  duel.step({duel.shot(1, 0)});
  ASSERT_EQ(duel.match.phase(), Phase::over);
  const Outcome outcome = *duel.match.outcome();
  EXPECT_EQ(outcome.winner, Team::blue);
  EXPECT_EQ(outcome.reason, EndReason::score_limit);
  EXPECT_EQ(outcome.red, 0);
  EXPECT_EQ(outcome.blue, 1);
  EXPECT_EQ(outcome.duration, 2U);
  EXPECT_EQ(duel.match.events().back().kind, sim::EventKind::match_ended)
      << "12.2 #30: after the last death";
}

// L5 (prototype: a draw of both goes to red) with L6: play on until one leads.
TEST(Match, L5_L6_BothAtTheLimitInOneTickPlayOn) {
  Duel duel(kills(1));
  duel.begin();
  duel.step({duel.shot(0, 1), duel.shot(1, 0)});
  EXPECT_EQ(duel.match.score(Team::red), 1);
  EXPECT_EQ(duel.match.score(Team::blue), 1);
  EXPECT_EQ(duel.match.phase(), Phase::playing);
  duel.steps(300 + 120);
  duel.step({duel.shot(0, 1)});
  ASSERT_EQ(duel.match.phase(), Phase::over);
  EXPECT_EQ(duel.match.outcome()->winner, Team::red);
}

TEST(Match, L5_49KillsAreNotEnough) {
  Duel duel(kills(2));
  duel.begin();
  duel.step({duel.shot(0, 1)});
  EXPECT_EQ(duel.match.phase(), Phase::playing);
}

TEST(Match, L6_TimeLimitMoreKillsWinEqualIsADraw) {
  for (const bool kill : {true, false}) {
    Settings settings;
    settings.time_limit = 600;
    Duel duel(settings);
    duel.begin();
    if (kill) duel.step({duel.shot(0, 1)});
    int ticks = kill ? 2 : 1;
    for (; duel.match.phase() == Phase::playing && ticks < 1000; ++ticks) duel.step({});
    EXPECT_EQ(ticks, 600);
    ASSERT_TRUE(duel.match.outcome());
    EXPECT_EQ(duel.match.outcome()->reason, EndReason::time_limit);
    EXPECT_EQ(duel.match.outcome()->winner, kill ? std::optional(Team::red) : std::nullopt);
    EXPECT_EQ(duel.match.outcome()->duration, 600U);
  }
}

TEST(Match, L6_ATeamGoneFor30SecondsForfeits) {
  Duel duel(kills(50));
  duel.begin();
  duel.step({Duel::command(CommandKind::leave, 0)});
  duel.steps(1798);
  EXPECT_EQ(duel.match.phase(), Phase::playing);
  duel.step({});
  ASSERT_EQ(duel.match.phase(), Phase::over);
  EXPECT_EQ(duel.match.outcome()->reason, EndReason::forfeit);
  EXPECT_EQ(duel.match.outcome()->winner, Team::blue);
}

TEST(Match, L6_ComingBackInTimeSavesTheMatch) {
  Duel duel(kills(50));
  duel.begin();
  duel.step({Duel::command(CommandKind::leave, 0)});
  duel.steps(1700);
  duel.step({Duel::join(0, Team::red)});
  duel.steps(2000);
  EXPECT_EQ(duel.match.phase(), Phase::playing);
}

TEST(Match, L6_ATeamThatNeverPlayedDoesNotForfeit) {
  Duel duel(kills(50));
  duel.step({Duel::join(1, Team::blue), Duel::command(CommandKind::start)});
  duel.steps(3000);
  EXPECT_EQ(duel.match.phase(), Phase::playing);
}

TEST(Match, L6_TheScoreStaysWhenAScorerLeaves) {
  Duel duel(kills(50));
  duel.begin();
  duel.step({duel.shot(0, 1)});
  duel.step({Duel::command(CommandKind::leave, 0)});
  EXPECT_EQ(duel.match.score(Team::red), 1);
}

TEST(Match, L6_OnlyEnemyKillsCount) {
  Duel duel(kills(50));
  duel.step({Duel::join(0, Team::red), Duel::join(1, Team::blue), Duel::join(2, Team::red)});
  duel.step({Duel::command(CommandKind::start)});
  duel.step({Duel::command(CommandKind::kill, 1), duel.shot(0, 2)});
  EXPECT_FALSE(duel.match.world().players[1].alive);
  EXPECT_FALSE(duel.match.world().players[2].alive);
  EXPECT_EQ(duel.match.score(Team::red), 0);
  EXPECT_EQ(duel.match.score(Team::blue), 0);
}

TEST(Match, L7_FreezesWhenItIsOver) {
  Duel duel(kills(1));
  duel.begin();
  duel.step({duel.shot(0, 1)});
  const auto hash = duel.match.hash();
  duel.step({Duel::join(3, Team::red), duel.shot(1, 0), Duel::command(CommandKind::start)});
  EXPECT_TRUE(duel.match.events().empty());
  EXPECT_EQ(duel.match.hash(), hash);
}

TEST(Match, AbandonEndsWithoutAWinner) {
  Duel duel(kills(50));
  duel.begin();
  duel.step({duel.shot(0, 1)});
  duel.step({Duel::command(CommandKind::abandon)});
  ASSERT_EQ(duel.match.phase(), Phase::over);
  EXPECT_EQ(duel.match.outcome()->reason, EndReason::aborted);
  EXPECT_EQ(duel.match.outcome()->winner, std::nullopt);
  EXPECT_EQ(duel.match.outcome()->red, 1);
}

// Decision 18.
TEST(Match, StartResetsWhatTheWarmUpLeft) {
  Duel duel(kills(1));
  duel.step({Duel::join(0, Team::red), Duel::join(1, Team::blue)});
  Command frag = Duel::command(CommandKind::input, 0);
  frag.keys = sim::kKeyD;
  duel.step({duel.shot(0, 1), frag});
  EXPECT_FALSE(duel.match.world().players[1].alive);
  EXPECT_EQ(duel.match.phase(), Phase::warmup);
  EXPECT_EQ(duel.match.score(Team::red), 0);
  EXPECT_EQ(duel.match.world().players[0].kills, 0U);
  duel.step({Duel::command(CommandKind::start)});
  EXPECT_EQ(duel.match.events().front().kind, sim::EventKind::match_started);
  EXPECT_EQ(duel.events(sim::EventKind::player_respawned), 2);
  const auto& players = duel.match.world().players;
  EXPECT_TRUE(players[1].alive);
  EXPECT_EQ(players[0].position, (sim::Vec2{105, 135}));
  EXPECT_EQ(players[0].weapons[0].ammo, 5);
  EXPECT_EQ(players[1].deaths, 0U);
}

TEST(Match, StartRebuildsWallsAndClearsTheAir) {
  const auto map = test::field();
  Match match(map, {}, 3);
  test::Rabble rabble(3);
  while (match.world().tick < 100) match.step(rabble.next(match.world()));
  EXPECT_EQ(match.phase(), Phase::warmup);
  std::vector<Command> start(1);
  match.step(start);
  EXPECT_EQ(match.phase(), Phase::playing);
  EXPECT_TRUE(match.world().projectiles.empty());
  EXPECT_TRUE(match.world().smokes.empty());
  for (std::size_t i = 0; i < map->walls.size(); ++i) {
    for (std::size_t slice = 0; slice < map->walls[i].tiles; ++slice) {
      EXPECT_EQ(match.world().walls[i].health[slice], sim::slice_health(map->walls[i].material));
    }
  }
}

TEST(Match, AMapLaidByHandIsIndexedOnTheWay) {
  auto plain = std::make_shared<sim::Map>(*duel_map());
  plain->slice_at.clear();
  Match match(plain, {}, 1);
  EXPECT_FALSE(match.map().slice_at.empty());
}

}  // namespace
}  // namespace match
