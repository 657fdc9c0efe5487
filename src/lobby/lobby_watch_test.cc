// What the detectors of a lobby see and whom they tell (S4).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lobby/bot.h"
#include "lobby/lobby.h"
#include "lobby/lobby_test_bench.h"
#include "lobby/moderator.h"

namespace lobby {
namespace {

using testing::Bench;
using testing::Player;

class Eye final : public Moderator {
 public:
  bool mask(std::string_view text, std::string& shown) override {
    shown = text;
    return false;
  }
  bool may_be_called(std::string_view) override { return true; }
  void said(Said) override {}
  void suspect(Suspect suspect) override { suspects.push_back(std::move(suspect)); }
  void accuse(Accusation, std::function<void(const Judgement&)>) override {}

  std::vector<Suspect> suspects;
};

class LobbyWatch : public ::testing::Test {
 protected:
  void play() {
    bench.run_seconds(11);
    bench.join_world(ada, sim::Team::red);
    bench.join_world(bob, sim::Team::blue);
    bench.run_seconds(1);
  }

  const Lobby* the_lobby() const {
    const Lobby* found = nullptr;
    bench.engine.each([&](const Lobby& lobby) { found = &lobby; });
    return found;
  }

  // So many inputs a tick, for so many ticks.
  void walk(Player& who, sim::Tick ticks, int inputs, std::uint32_t& sequence) {
    for (sim::Tick i = 0; i < ticks; ++i) {
      for (int n = 0; n < inputs; ++n) {
        sim::Command input;
        input.kind = sim::CommandKind::input;
        input.sequence = ++sequence;
        input.point = {240, 135};
        bench.engine.match_command(who.seat, input);
      }
      bench.run(1);
    }
  }

  Eye eye;
  Bench bench{0, 2500, TRESPASSER_SOURCE_DIR "/maps", "foundry",
              [this](LobbyContext& context) { context.moderator = &eye; }};
  LobbyOptions endless = [] {
    LobbyOptions options;
    options.kill_limit = 60'000;
    return options;
  }();
  Player& ada = bench.quick("ada", endless);
  Player& bob = bench.quick("bob", endless);
  std::uint32_t ada_sent = 0;
  std::uint32_t bob_sent = 0;
};

TEST_F(LobbyWatch, S4_AFloodIsToldWithWhoWhereAndNumbers) {
  play();
  walk(ada, 200, 5, ada_sent);
  ASSERT_FALSE(eye.suspects.empty());
  const Suspect& suspect = eye.suspects.front();
  EXPECT_EQ(suspect.kind, "input_flood");
  EXPECT_EQ(suspect.person.player_id, "ada");
  EXPECT_EQ(suspect.person.account_id, "");
  EXPECT_FALSE(suspect.match_id.empty());
  EXPECT_FALSE(suspect.lobby_id.empty());
  EXPECT_GT(suspect.tick, 60u);
  EXPECT_LE(suspect.tick, 60u + 200u);
  EXPECT_EQ(suspect.found, 1u);
  EXPECT_GT(suspect.score, 0.0);
  EXPECT_THAT(suspect.evidence,
              ::testing::MatchesRegex("\\{\"inputsPerSecond\":[0-9]+,\"allowed\":66\\}"));
  EXPECT_TRUE(ada.seat) << "nobody is sent away for it";
}

TEST_F(LobbyWatch, S4_TheHonestOneBesideTheFlooderIsNotNamed) {
  play();
  for (int i = 0; i < 300; ++i) {
    walk(bob, 1, 1, bob_sent);
    for (int n = 0; n < 4; ++n) {
      sim::Command input;
      input.kind = sim::CommandKind::input;
      input.sequence = ++ada_sent;
      bench.engine.match_command(ada.seat, input);
    }
  }
  ASSERT_FALSE(eye.suspects.empty());
  for (const Suspect& suspect : eye.suspects) EXPECT_EQ(suspect.person.player_id, "ada");
}

TEST_F(LobbyWatch, S4_AStallOfTheServerNamesNobody) {
  play();
  const auto all_at_once = [this] {
    for (int i = 0; i < 300; ++i) {
      sim::Command input;
      input.kind = sim::CommandKind::input;
      input.sequence = ++ada_sent;
      bench.engine.match_command(ada.seat, input);
    }
  };
  walk(ada, 120, 1, ada_sent);
  bench.now += std::chrono::seconds(5);
  bench.run(1);
  ASSERT_GT(bench.engine.stats().dropped, 290u);
  all_at_once();
  walk(ada, 120, 1, ada_sent);
  bench.now += std::chrono::seconds(5);
  all_at_once();  // from another shard: before the tick that is late
  walk(ada, 120, 1, ada_sent);
  EXPECT_TRUE(eye.suspects.empty());
}

TEST_F(LobbyWatch, S4_WhoeverTakesTheSeatOfAFlooderIsJudgedByHimself) {
  play();
  walk(ada, 200, 5, ada_sent);
  bench.leave(ada);
  eye.suspects.clear();
  Player& eve = bench.quick("eve");
  bench.run_seconds(1);
  bench.join_world(eve, sim::Team::red);
  bench.run(5);
  std::uint32_t sent = 0;
  walk(eve, 600, 1, sent);
  EXPECT_TRUE(eye.suspects.empty());
}

TEST_F(LobbyWatch, S4_BeforeTheMatchNothingIsWatched) {
  bench.join_world(ada, sim::Team::red);
  bench.run(10);
  walk(ada, 200, 5, ada_sent);
  EXPECT_TRUE(eye.suspects.empty());
}

// Bots that play through seats of persons, by the same commands: honest play of three skills.
TEST_F(LobbyWatch, S4_HonestPlayOfThreeSkillsIsNotNamed) {
  play();
  Player& eve = bench.quick("eve");
  Player& joe = bench.quick("joe");
  bench.run_seconds(1);
  const std::vector<Player*> people = {&ada, &bob, &eve, &joe};
  const std::vector<std::string> skills = {"easy", "normal", "hard", "hard"};
  const auto ways = std::make_shared<Navigation>();
  std::vector<std::unique_ptr<Bot>> minds;
  for (std::size_t i = 0; i < people.size(); ++i) {
    minds.push_back(std::make_unique<Bot>(i + 1, skills[i], ways));
    bench.join_world(*people[i], i % 2 == 0 ? sim::Team::red : sim::Team::blue);
  }
  bench.run(2);
  std::vector<sim::Command> wishes;
  for (int tick = 0; tick < 3 * 60 * sim::kTickRate; ++tick) {
    const Lobby* lobby = the_lobby();
    ASSERT_NE(lobby, nullptr);
    ASSERT_NE(lobby->match(), nullptr);
    for (std::size_t i = 0; i < people.size(); ++i) {
      wishes.clear();
      minds[i]->think(*lobby->match(), people[i]->seat.slot, wishes);
      for (const sim::Command& wish : wishes) {
        if (wish.kind != sim::CommandKind::join) bench.engine.match_command(people[i]->seat, wish);
      }
    }
    bench.run(1);
  }
  EXPECT_TRUE(eye.suspects.empty())
      << eye.suspects.front().kind << " of " << eye.suspects.front().person.player_id;
}

// Ada's program points at whoever is in sight and shoots; Bob's body walks about.
TEST_F(LobbyWatch, S4_AProgramThatAimsIsNamedAndStays) {
  play();
  const Lobby* lobby = the_lobby();
  ASSERT_NE(lobby, nullptr);
  const auto ways = std::make_shared<Navigation>();
  Bot legs(1, "hard", ways);
  Bot other(2, "normal", ways);
  std::vector<sim::Command> wishes;
  sim::Vec2 target;
  bool seen = false;
  for (int tick = 0; tick < 10 * 60 * sim::kTickRate && eye.suspects.empty(); ++tick) {
    const match::Match& match = *lobby->match();
    if (match.phase() == match::Phase::over) break;
    wishes.clear();
    legs.think(match, ada.seat.slot, wishes);
    if (match.world().tick % sim::kSnapshotEvery == 0) {
      seen = match.sees(ada.seat.slot, bob.seat.slot) && match.world().players[bob.seat.slot].alive;
      target = match.world().players[bob.seat.slot].position;
    }
    for (sim::Command wish : wishes) {
      const bool aims = wish.kind == sim::CommandKind::input || wish.kind == sim::CommandKind::fire;
      if (aims && seen) wish.point = target;
      if (wish.kind != sim::CommandKind::join) bench.engine.match_command(ada.seat, wish);
    }
    wishes.clear();
    other.think(match, bob.seat.slot, wishes);
    for (const sim::Command& wish : wishes) {
      if (wish.kind != sim::CommandKind::join) bench.engine.match_command(bob.seat, wish);
    }
    bench.run(1);
  }
  ASSERT_FALSE(eye.suspects.empty());
  EXPECT_EQ(eye.suspects.front().person.player_id, "ada");
  EXPECT_THAT(eye.suspects.front().kind, ::testing::StartsWith("aim_"));
  EXPECT_TRUE(ada.seat);
}

}  // namespace
}  // namespace lobby
