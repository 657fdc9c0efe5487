// The leak checker on what a real lobby sends (issue 3, S5): eight people who think as bots do, and
// every packet that leaves through the lobby's outlet, to whomever, judged by the slow reference.
// frames_leak_test.cc sees more matches and knows the cause of each packet; this one proves that
// the lobby gives each packet to the right person and sends nothing besides.

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lobby/bot.h"
#include "lobby/frames_judge.h"
#include "lobby/lobby_test_bench.h"

namespace lobby {
namespace {

using testing::Bench;
using testing::Player;

#ifdef NDEBUG
constexpr std::uint64_t kUpdates = 400'000;
#else
constexpr std::uint64_t kUpdates = 60'000;
#endif

// Of an event of the world, and not of the lobby. An answer to one's own player:join counts as the
// lobby's.
bool of_the_world(std::string_view name) {
  static const std::set<std::string_view> names{
      "weapon:fired",       "weapon:hit",          "weapon:miss",
      "wall:damaged",       "wall:destroyed",      "player:damaged",
      "projectile:created", "projectile:updated",  "projectile:exploded",
      "explosion:created",  "backend:player:died", "backend:player:respawned",
      "weapon:reloaded",    "weapon:heat:update",  "FLASHBANG_EFFECT"};
  return names.contains(name);
}

// Of these, what may wait for the receiver's next state (decision 11). A projectile that comes into
// sight on its way is told as created.
bool may_wait(std::string_view name) {
  static const std::set<std::string_view> names{
      "weapon:fired",   "weapon:hit",         "weapon:miss",    "wall:damaged",
      "wall:destroyed", "projectile:updated", "player:damaged", "projectile:created"};
  return names.contains(name);
}

std::string_view name_of(std::string_view packet) {
  const std::size_t begin = packet.find('"') + 1;
  return packet.substr(begin, packet.find('"', begin) - begin);
}

// A person with the mind of a bot.
class Minds {
 public:
  Minds(Bench& bench, const FramesJudge::Ids& ids, std::uint64_t seed) : bench_(bench) {
    for (std::size_t slot = 0; slot < ids.size(); ++slot) {
      minds_[slot] = std::make_unique<Bot>(seed + slot, slot % 3 == 0 ? "normal" : "hard", ways_);
      minds_[slot]->ask_for(slot % 2 == 0 ? sim::Team::red : sim::Team::blue);
    }
  }

  void think(const match::Match& match, sim::Slot slot, Player& who) {
    wishes_.clear();
    minds_[slot]->think(match, slot, wishes_);
    for (const sim::Command& wish : wishes_) {
      if (wish.kind != sim::CommandKind::join) {
        bench_.engine.match_command(who.seat, wish);
        continue;
      }
      wire::PlayerJoin join;
      join.name = who.id;
      join.team = wish.team;
      join.loadout = wish.loadout;
      bench_.say(who, wire::ClientKind::player_join, join);
    }
  }

 private:
  Bench& bench_;
  std::shared_ptr<Navigation> ways_ = std::make_shared<Navigation>();
  std::array<std::unique_ptr<Bot>, sim::kMaxPlayers> minds_;
  std::vector<sim::Command> wishes_;
};

class FramesOutlet : public ::testing::Test {
 protected:
  void play(std::uint64_t round) {
    Bench bench;
    LobbyOptions options;
    options.kill_limit = 200;
    for (const std::string& id : ids_) bench.quick(id, options);
    for (std::size_t slot = 0; slot < ids_.size(); ++slot)
      ASSERT_EQ(bench.player(ids_[slot]).seat.slot, slot);
    bench.run_seconds(2);
    Minds minds(bench, ids_, 1000 * round);
    const match::Match* match = match_of(bench);
    ASSERT_NE(match, nullptr) << "eight people start after a second";
    for (const std::string& id : ids_) bench.player(id).clear();
    FramesJudge judge(ids_);
    moments_.clear();
    for (sim::Tick tick = 0; tick < 60 * sim::kTickRate && judge.complaint().empty(); ++tick) {
      flicker(bench, tick, round);
      for (sim::Slot slot = 0; slot < ids_.size(); ++slot)
        minds.think(*match, slot, bench.player(ids_[slot]));
      bench.run(1);
      hear_all(judge, *match, bench);
    }
    ASSERT_EQ(judge.complaint(), "") << "round " << round;
    updates_ += judge.tally().updates;
    told_ += judge.tally().told;
    for (const auto& [name, count] : judge.tally().events) events_[name] += count;
  }

  static const match::Match* match_of(const Bench& bench) {
    const match::Match* found = nullptr;
    bench.engine.each([&](const Lobby& lobby) { found = lobby.match(); });
    return found;
  }

  // Lines break and come back: whoever resumes is told what he missed, and no more.
  void flicker(Bench& bench, sim::Tick tick, std::uint64_t round) const {
    const Player& who = bench.players.at(ids_[(tick / 400 + round) % ids_.size()]);
    if (tick % 400 == 300) bench.engine.transport_lost(who.seat);
    if (tick % 400 == 340) bench.engine.resume(who.seat);
  }

  void hear_all(FramesJudge& judge, const match::Match& match, Bench& bench) {
    // An event waits for the receiver's next state.
    if (moments_.size() == sim::kSnapshotEvery) moments_.erase(moments_.begin());
    moments_.push_back({match.world(), {match.events().begin(), match.events().end()}});
    for (sim::Slot slot = 0; slot < ids_.size(); ++slot)
      hear(judge, match, slot, bench.player(ids_[slot]));
  }

  void hear(FramesJudge& judge, const match::Match& match, sim::Slot slot, Player& who) {
    for (const std::string& packet : who.packets) {
      const std::string_view name = name_of(packet);
      if (name == "game:state") {
        judge.state(match.world(), slot, packet);
      } else if (of_the_world(name)) {
        if (may_wait(name)) {
          judge.event(moments_, slot, packet);
        } else {
          judge.event(match.world(), slot, causes(match, slot), packet);
        }
      } else {
        judge.other(match.world(), slot, packet);
        ++others_[std::string(name)];
      }
    }
    who.clear();
  }

  // The events of the tick, and one's own death again after a lost line.
  static std::vector<sim::Event> causes(const match::Match& match, sim::Slot slot) {
    std::vector<sim::Event> all(match.events().begin(), match.events().end());
    sim::Event again;
    again.kind = sim::EventKind::player_died;
    again.slot = slot;
    again.position = match.world().players[slot].position;
    all.push_back(again);
    return all;
  }

  const FramesJudge::Ids ids_{"seatA_", "seatB_", "seatC_", "seatD_",
                              "seatE_", "seatF_", "seatG_", "seatH_"};
  std::vector<FramesJudge::Moment> moments_;  // the last ticks
  std::uint64_t updates_ = 0;
  std::uint64_t told_ = 0;
  std::map<std::string, std::uint64_t> events_;
  std::map<std::string, std::uint64_t> others_;
};

TEST_F(FramesOutlet, S5_NothingThatALobbySendsPlacesAHiddenEnemy) {
  for (std::uint64_t round = 1; updates_ < kUpdates; ++round) ASSERT_NO_FATAL_FAILURE(play(round));
  EXPECT_GT(told_, updates_ / 100);
  EXPECT_GT(updates_ - told_, updates_ / 10);
  for (const char* name : {"weapon:fired", "weapon:hit", "wall:damaged", "backend:player:died",
                           "backend:player:respawned", "player:damaged"})
    EXPECT_GT(events_[name], 0u) << name;
  for (const char* name : {"player:join:success", "weapon:switched"})
    EXPECT_GT(others_[name], 0u) << name;
}

}  // namespace
}  // namespace lobby
