// What one tick of a lobby of eight costs, split by part. Random walkers shoot a shipped map to
// pieces for two minutes; the recorded commands are played again with more and more of what a lobby
// does, and a part's cost is the difference between two such runs. The last run is the lobby itself
// behind an outlet that throws packets away. CPU time of this thread, median of several runs.
//
//   bench-tick [map [runs]]        from the repository's root: it reads maps/
//
// Prints JSON, microseconds a tick (states are every third tick: their cost is spread over three).

#include <time.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "anticheat/watch.h"
#include "lobby/bot.h"
#include "lobby/engine.h"
#include "lobby/map_pool.h"
#include "match/replay.h"
#include "match/testing_walkers.h"
#include "sim/weapons.h"
#include "wire/events.h"
#include "wire/state.h"

namespace {

constexpr int kTicks = 2 * 60 * sim::kTickRate;
constexpr std::uint64_t kSeed = 7;
constexpr int kWatches = 20;

using Recording = std::vector<std::vector<sim::Command>>;
using MapPtr = std::shared_ptr<const sim::Map>;

double cpu_us() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

match::Settings endless() {
  match::Settings settings;
  settings.kill_limit = 60'000;
  return settings;
}

// What of the walkers' commands is played.
enum class Kept { all, no_projectiles, no_shots, no_inputs };

bool kept(const sim::Command& command, int tick, Kept kept) {
  using sim::CommandKind;
  if (command.kind == CommandKind::input) {
    // 30 inputs a second each, as a client sends them; the eight not all in one tick.
    return kept != Kept::no_inputs && (tick + command.slot) % 2 == 0;
  }
  if (command.kind != CommandKind::fire) return true;
  const bool bullet = sim::weapon_info(command.weapon).kind == sim::WeaponKind::hitscan;
  return kept == Kept::all || (kept == Kept::no_projectiles && bullet);
}

Recording record(const MapPtr& map, Kept what) {
  match::Match match(map, endless(), kSeed);
  match::testing::Walkers walkers(kSeed);
  Recording recording;
  for (int tick = 0; tick < kTicks; ++tick) {
    std::vector<sim::Command>& commands = recording.emplace_back();
    for (const sim::Command& command : walkers.next(match.world())) {
      if (kept(command, tick, what)) commands.push_back(command);
    }
    match.step(commands);
  }
  return recording;
}

// What is done after each step.
struct After {
  bool polygons = false;
  bool views = false;    // who sees whom, who may know which event
  bool packets = false;  // states and events as text; does the two above by itself
  bool replay = false;
  bool watch = false;  // for cheats: every message and every bullet
};

volatile std::uint64_t sink = 0;

class Replayed {
 public:
  Replayed(const MapPtr& map, After after)
      : match_(map, endless(), kSeed), recorder_(header(map)), after_(after) {
    for (std::size_t slot = 0; slot < sim::kMaxPlayers; ++slot) {
      ids_[slot] = "lobbyPlayerNumber" + std::to_string(slot);
      roster_.seats[slot] = {ids_[slot], ids_[slot], true, false, true};
    }
    clock_.wall_ms_at_tick0 = 1'795'341'000'000;
  }

  double us_per_tick(const Recording& recording) {
    const double begin = cpu_us();
    for (const std::vector<sim::Command>& commands : recording) {
      match_.step(commands);
      if (after_.replay) keep(commands);
      if (after_.watch) watch(commands);
      if (after_.views) look_at_events();
      if (after_.packets) tell_events();
      if (match_.world().tick % sim::kSnapshotEvery == 0) snapshot();
    }
    return (cpu_us() - begin) / static_cast<double>(recording.size());
  }

 private:
  static match::ReplayHeader header(const MapPtr& map) {
    match::ReplayHeader made;
    made.seed = kSeed;
    made.map_hash = match::map_hash(*map);
    made.map_name = map->name;
    made.settings = endless();
    return made;
  }

  void keep(const std::vector<sim::Command>& commands) {
    constexpr std::size_t kPiece = 32 * 1024;
    recorder_.tick(commands, match_);
    if (recorder_.bytes().size() >= kPiece) recorder_.drop();
  }

  // By several at once: one is lost in the noise of the step.
  void watch(const std::vector<sim::Command>& commands) {
    for (anticheat::Watch& watch : watches_) {
      for (const sim::Command& command : commands) watch.heard(command, match_.world().tick);
      watch.stepped(match_, 0xff);
      sink = sink + watch.findings().size();
      watch.clear();
    }
  }

  void look_at_events() {
    for (const sim::Event& event : match_.events()) {
      for (sim::Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer)
        sink = sink + static_cast<std::uint64_t>(match_.knowledge(viewer, event));
    }
  }

  void tell_events() {
    for (const sim::Event& event : match_.events()) {
      if (event.kind == sim::EventKind::player_left) continue;
      events_.encode(match_, roster_, clock_, event);
      for (sim::Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer)
        sink = sink + events_.packet(viewer).size();
    }
  }

  void snapshot() {
    if (after_.packets) states_.begin(match_, roster_, clock_);
    for (sim::Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
      if (after_.polygons) sink = sink + match_.polygon(viewer).size();
      for (sim::Slot target = 0; after_.views && target < sim::kMaxPlayers; ++target)
        sink = sink + (match_.sees(viewer, target) ? 1 : 0);
      if (!after_.packets) continue;
      packet_.clear();
      states_.append(viewer, wire::WallsIn::none, packet_);
      sink = sink + packet_.size();
    }
  }

  match::Match match_;
  match::Recorder recorder_;
  After after_;
  std::array<anticheat::Watch, kWatches> watches_;
  std::array<std::string, sim::kMaxPlayers> ids_;
  wire::Roster roster_;
  wire::Clock clock_;
  wire::StateEncoder states_;
  wire::EventEncoder events_;
  std::string packet_;
};

class NoNotes final : public store::Recorder {
 public:
  void lobby_opened(store::LobbyOpened) override {}
  void lobby_state(std::string, store::LobbyState, store::Time) override {}
  void player_joined(std::string, std::string, store::Side, store::Time) override {}
  void player_left(std::string, std::string, store::Time) override {}
  void match_finished(store::MatchResult, std::function<void(bool)> durable) override {
    durable(true);
  }
};

// The whole lobby: engine, seats, inboxes, encoders.
class WholeLobby final : public lobby::Outlet {
 public:
  WholeLobby(const lobby::MapPool& maps, std::string map_name)
      : directory_(10, 100, 1), engine_(context(maps), now_) {
    lobby::LobbyOptions options;
    options.map = std::move(map_name);
    options.kill_limit = 60'000;
    for (std::uint64_t player = 1; player <= sim::kMaxPlayers; ++player) seat(player, options);
    for (int i = 0; i < 60 * sim::kTickRate && !playing(); ++i) tick();
    if (!playing()) std::abort();
  }

  double us_per_tick(const Recording& recording) {
    enter_world(recording.front());
    tick();
    packets_ = bytes_ = 0;
    const double begin = cpu_us();
    for (const std::vector<sim::Command>& commands : recording) {
      for (const sim::Command& command : commands) {
        const bool plays = command.kind != sim::CommandKind::join &&
                           command.kind != sim::CommandKind::leave &&
                           command.kind != sim::CommandKind::start;
        if (plays) engine_.match_command(seats_[command.slot], command);
      }
      tick();
    }
    return (cpu_us() - begin) / static_cast<double>(recording.size());
  }
  double packets_per_tick() const { return static_cast<double>(packets_) / kTicks; }
  double bytes_per_tick() const { return static_cast<double>(bytes_) / kTicks; }

  void send(lobby::SessionRef, std::string_view packet) override {
    ++packets_;
    bytes_ += packet.size();
  }
  void send_volatile(lobby::SessionRef to, std::string_view packet) override { send(to, packet); }
  void seated(lobby::SessionRef to, std::uint64_t, lobby::SeatRef seat, std::string_view) override {
    seats_[to.number - 1] = seat;
  }
  void refused(lobby::SessionRef, std::uint64_t, lobby::JoinKind, bool, std::string_view) override {
    std::abort();
  }
  void handed_over(lobby::SessionRef, lobby::SeatRef, std::string_view) override {}
  void unseated(lobby::SessionRef, lobby::SeatRef) override {}

 private:
  lobby::LobbyContext context(const lobby::MapPool& maps) {
    return {.outlet = *this,
            .directory = directory_,
            .maps = maps,
            .recorder = notes_,
            .replays = nullptr,
            .post = [](const std::function<void()>& fn) { fn(); },
            .result_kept = {},
            .node_id = "bench",
            .shard = 0,
            .bot_fill = 0,
            .bot_skill = "normal",
            .timing = {}};
  }

  void seat(std::uint64_t player, const lobby::LobbyOptions& options) {
    const auto place = directory_.quick_play(options, 0, 0);
    if (!place) std::abort();
    lobby::JoinRequest request;
    request.session = {0, player};
    request.lobby = place->lobby;
    request.player_id = request.name = "lobbyPlayerNumber" + std::to_string(player);
    engine_.join(*place, options, request, now_);
  }

  // Each of the seats by its place in the world: the recorded commands are by slot.
  void enter_world(const std::vector<sim::Command>& first) {
    std::sort(seats_.begin(), seats_.end(), [](auto a, auto b) { return a.slot < b.slot; });
    for (const sim::Command& command : first) {
      if (command.kind != sim::CommandKind::join) continue;
      wire::PlayerJoin join;
      join.team = command.team;
      join.loadout = command.loadout;
      engine_.event(seats_[command.slot], {wire::ClientKind::player_join, join});
    }
  }

  bool playing() const {
    const auto shapes = engine_.shapes();
    return !shapes.empty() && shapes.front().status == lobby::Status::playing;
  }

  void tick() {
    now_ += std::chrono::nanoseconds(1'000'000'000 / sim::kTickRate + 1);
    engine_.run(now_, [] {});
  }

  NoNotes notes_;
  lobby::Directory directory_;
  lobby::TickClock::Time now_ = std::chrono::steady_clock::time_point{} + std::chrono::hours(1);
  lobby::Engine engine_;
  std::array<lobby::SeatRef, sim::kMaxPlayers> seats_;
  std::uint64_t packets_ = 0;
  std::uint64_t bytes_ = 0;
};

// Eight bots in a match of their own; thinking alone.
double bots_us_per_tick(const MapPtr& map) {
  match::Match match(map, endless(), kSeed);
  const auto navigation = std::make_shared<lobby::Navigation>();
  std::vector<std::unique_ptr<lobby::Bot>> bots;
  for (std::uint64_t slot = 0; slot < sim::kMaxPlayers; ++slot)
    bots.push_back(std::make_unique<lobby::Bot>(kSeed + slot, "normal", navigation));
  std::vector<sim::Command> commands{{}};  // start
  double spent = 0.0;
  for (int tick = 0; tick < kTicks; ++tick) {
    const double begin = cpu_us();
    for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot)
      bots[slot]->think(match, slot, commands);
    spent += cpu_us() - begin;
    match.step(commands);
    commands.clear();
  }
  return spent / kTicks;
}

template <class Run>
double median(int runs, Run run) {
  std::vector<double> results;
  for (int i = 0; i < runs; ++i) results.push_back(run());
  std::nth_element(results.begin(), results.begin() + runs / 2, results.end());
  return results[static_cast<std::size_t>(runs / 2)];
}

void report(const MapPtr& map, const lobby::MapPool& maps, int runs) {
  const Recording all = record(map, Kept::all);
  const auto replay = [&](const Recording& recording, After after) {
    return median(runs, [&] { return Replayed(map, after).us_per_tick(recording); });
  };
  const double still = replay(record(map, Kept::no_inputs), {});
  const double unarmed = replay(record(map, Kept::no_shots), {});
  const double bullets = replay(record(map, Kept::no_projectiles), {});
  const double step = replay(all, {});
  const double polygons = replay(all, {.polygons = true});
  const double views = replay(all, {.views = true});
  const double packets = replay(all, {.packets = true});
  const double kept_replay = replay(all, {.replay = true});
  const double watched = replay(all, {.watch = true});
  double sent = 0.0;
  double bytes = 0.0;
  const double whole = median(runs, [&] {
    WholeLobby lobby(maps, map->name);
    const double cost = lobby.us_per_tick(all);
    sent = lobby.packets_per_tick();
    bytes = lobby.bytes_per_tick();
    return cost;
  });
  const double bots = median(runs, [&] { return bots_us_per_tick(map); });
  std::printf(
      "{\"map\": \"%s\", \"ticks\": %d, \"runs\": %d, \"step_idle\": %.2f, \"inputs\": %.2f, "
      "\"bullets\": %.2f, \"projectiles\": %.2f, \"sight\": %.2f, \"views\": %.2f, "
      "\"json\": %.2f, \"parts\": %.2f, \"lobby\": %.2f, \"replay\": %.2f, \"watch\": %.2f, "
      "\"bots\": %.2f, "
      "\"polygon\": %.2f, \"packets_per_tick\": %.1f, \"bytes_per_tick\": %.0f}\n",
      map->name.c_str(), kTicks, runs, still, unarmed - still, bullets - unarmed, step - bullets,
      polygons - step, views - step, packets - step - (polygons - step) - (views - step), packets,
      whole, kept_replay - step, (watched - step) / kWatches, bots,
      (polygons - step) * sim::kSnapshotEvery / sim::kMaxPlayers, sent, bytes);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "foundry";
  const int runs = argc > 2 ? std::atoi(argv[2]) : 5;
  const MapPtr map = match::testing::load_map("maps", name);
  const auto maps = lobby::MapPool::load("maps", name);
  if (map == nullptr || !maps || runs < 1 || runs > 1000) {
    std::fputs("usage: bench-tick [map [runs]], from the repository's root\n", stderr);
    return 2;
  }
  report(map, *maps, runs);
  return 0;
}
