// The leak checker on real frames (issue 3, S5): long bot matches in which walls are shot down, and
// every packet a lobby would send to each of the eight, read back as text and judged by the slow
// reference. TRESPASSER_FRAME_UPDATES sets the number of updates (what one viewer is told of one
// enemy in one state).

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "lobby/bot_test_bench.h"
#include "lobby/frames_judge.h"
#include "sim/walls.h"
#include "wire/events.h"
#include "wire/state.h"

namespace lobby {
namespace {

#ifdef NDEBUG
constexpr std::uint64_t kDefaultUpdates = 1'200'000;
#else
constexpr std::uint64_t kDefaultUpdates = 250'000;  // enough for an explosion to be seen
#endif
constexpr sim::Tick kMatchLength = 120 * sim::kTickRate;
constexpr sim::Tick kWallsEvery = 60;  // ticks between two states with walls
constexpr const char* kMaps[] = {"foundry", "depot", "gardens"};

std::uint64_t updates_wanted() {
  const char* wanted = std::getenv("TRESPASSER_FRAME_UPDATES");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : kDefaultUpdates;
}

// What a lobby of eight listeners sends (lobby_play.cc), handed to the judge.
class Office {
 public:
  explicit Office(FramesJudge& judge, const FramesJudge::Ids& ids) : judge_(judge) {
    for (std::size_t slot = 0; slot < ids.size(); ++slot)
      roster_.seats[slot] = {ids[slot], ids[slot], true, false, true};
    clock_.wall_ms_at_tick0 = 1'795'341'000'000;
  }

  void events(const match::Match& match) {
    for (const sim::Event& event : match.events()) {
      if (event.kind == sim::EventKind::player_left) continue;
      events_.encode(match, roster_, clock_, event);
      for (sim::Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
        const std::string_view packet = events_.packet(viewer);
        if (!packet.empty()) judge_.event(match.world(), viewer, event, packet);
      }
    }
  }

  void states(const match::Match& match) {
    const auto walls =
        match.world().tick % kWallsEvery == 0 ? wire::WallsIn::all : wire::WallsIn::none;
    states_.begin(match, roster_, clock_);
    for (sim::Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
      if (!match.world().players[viewer].in_world) continue;
      packet_.clear();
      states_.append(viewer, walls, packet_);
      judge_.state(match.world(), viewer, packet_);
    }
  }

 private:
  FramesJudge& judge_;
  wire::Roster roster_;
  wire::Clock clock_;
  wire::EventEncoder events_;
  wire::StateEncoder states_;
  std::string packet_;
};

std::uint64_t open_slices(const sim::World& world) {
  std::uint64_t open = 0;
  for (std::size_t w = 0; w < world.walls.size(); ++w)
    for (int slice = 0; slice < world.map->walls[w].tiles; ++slice)
      open += sim::blocks(world.walls[w], slice) ? 0 : 1;
  return open;
}

class FramesLeak : public testing::Test {
 protected:
  // One match of bots, ended early by a complaint or when enough has been seen. The judge lives as
  // long as the match does: projectile numbers begin again.
  void play(std::uint64_t round, std::uint64_t wanted) {
    match::Settings settings;
    settings.kill_limit = 0xffff;
    const auto map = shipped_map(kMaps[round % std::size(kMaps)]);
    ASSERT_NE(map, nullptr);
    BotBench bench(map, settings, 100 + round);
    bench.fill(8, "hard", round % 2 == 0 ? "hard" : "normal");
    bench.start();
    FramesJudge judge(ids_);
    Office office(judge, ids_);
    for (sim::Tick tick = 0; tick < kMatchLength && updates_ + judge.tally().updates < wanted &&
                             judge.complaint().empty();
         ++tick) {
      bench.tick();
      office.events(bench.match());
      if (bench.match().world().tick % sim::kSnapshotEvery == 0) office.states(bench.match());
    }
    ASSERT_EQ(judge.complaint(), "") << "map " << map->name << ", round " << round;
    add(judge.tally());
    open_slices_ += open_slices(bench.match().world());
  }

  void add(const FramesJudge::Tally& tally) {
    updates_ += tally.updates;
    told_ += tally.told;
    borders_ += tally.borders;
    smokes_ += tally.smokes;
    nameless_deaths_ += tally.nameless_deaths;
    nameless_walls_ += tally.nameless_walls;
    for (const auto& [name, count] : tally.events) {
      events_[name] += count;
      packets_ += count;
    }
  }

  const FramesJudge::Ids ids_{"seatA_", "seatB_", "seatC_", "seatD_",
                              "seatE_", "seatF_", "seatG_", "seatH_"};
  std::uint64_t updates_ = 0;
  std::uint64_t told_ = 0;
  std::uint64_t borders_ = 0;
  std::uint64_t smokes_ = 0;
  std::uint64_t nameless_deaths_ = 0;
  std::uint64_t nameless_walls_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t open_slices_ = 0;
  std::map<std::string, std::uint64_t> events_;
};

TEST_F(FramesLeak, S5_NoFrameOfABotMatchPlacesAHiddenEnemy) {
  const std::uint64_t wanted = updates_wanted();
  for (std::uint64_t round = 0; updates_ < wanted; ++round)
    ASSERT_NO_FATAL_FAILURE(play(round, wanted));

  // The test is worth something only if there was much to hide and much to tell.
  EXPECT_GT(told_, updates_ / 100);
  EXPECT_GT(updates_ - told_, updates_ / 10);
  EXPECT_LE(borders_, updates_ / 10'000 + 1);
  EXPECT_GT(open_slices_, 10u);
  EXPECT_GT(smokes_, 0u);
  EXPECT_GT(nameless_deaths_, 0u);
  EXPECT_GT(nameless_walls_, 100u);
  for (const char* name :
       {"weapon:fired", "weapon:hit", "weapon:miss", "wall:damaged", "wall:destroyed",
        "backend:player:died", "backend:player:respawned", "player:damaged", "projectile:created",
        "projectile:updated", "projectile:exploded", "explosion:created"})
    EXPECT_GT(events_[name], 0u) << name;
  std::printf(
      "%llu updates: %llu enemies told, %llu on a border; %llu event packets; %llu slices open\n",
      static_cast<unsigned long long>(updates_), static_cast<unsigned long long>(told_),
      static_cast<unsigned long long>(borders_), static_cast<unsigned long long>(packets_),
      static_cast<unsigned long long>(open_slices_));
}

}  // namespace
}  // namespace lobby
