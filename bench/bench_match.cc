// LINK: match
// What a tick of a lobby costs without sight and wire: time a tick (per_tick), split by what the
// players do. A recorded match of 3000 ticks, in which everybody sends inputs every tick and fires
// 20 times a second, is run again and again.

#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "match/match.h"
#include "match/test_rabble.h"

namespace {

constexpr int kTicks = 3000;

enum class Part : int { everything, no_projectiles, no_shots, nobody_moves };

using Recording = std::vector<std::vector<sim::Command>>;

match::Settings endless() {
  match::Settings settings;
  settings.kill_limit = 60000;
  return settings;
}

std::shared_ptr<const sim::Map> map_of(int index) {
  return index == 0 ? sim::test::map_a() : match::test::field();
}

bool kept(const sim::Command& command, Part part) {
  using sim::CommandKind;
  const bool shot = command.kind == CommandKind::fire;
  const bool bullet = sim::weapon_info(command.weapon).kind == sim::WeaponKind::hitscan;
  if (part == Part::no_projectiles) return !shot || bullet;
  if (part == Part::no_shots) return !shot;
  if (part == Part::nobody_moves) return !shot && command.kind != CommandKind::input;
  return true;
}

Recording record(const std::shared_ptr<const sim::Map>& map, match::Slot players, Part part) {
  match::Match game(map, endless(), 5);
  match::test::Rabble rabble(5, players);
  Recording recording;
  for (int i = 0; i < kTicks; ++i) {
    auto& kept_commands = recording.emplace_back();
    for (const sim::Command& command : rabble.next(game.world())) {
      if (kept(command, part)) kept_commands.push_back(command);
    }
    game.step(kept_commands);
  }
  return recording;
}

void tick(benchmark::State& state) {
  const auto map = map_of(static_cast<int>(state.range(0)));
  const auto players = static_cast<match::Slot>(state.range(1));
  const Recording recording = record(map, players, static_cast<Part>(state.range(2)));
  std::size_t events = 0;
  for (auto _ : state) {
    match::Match game(map, endless(), 5);
    for (const auto& commands : recording) {
      game.step(commands);
      events += game.events().size();
    }
  }
  const double ticks = static_cast<double>(state.iterations()) * kTicks;
  state.counters["per_tick"] =
      benchmark::Counter(ticks, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["events_per_tick"] = static_cast<double>(events) / ticks;
}
BENCHMARK(tick)
    ->ArgNames({"map", "players", "part"})
    ->ArgsProduct({{0, 1}, {4, 8}, {0, 1, 2, 3}})
    ->Unit(benchmark::kMillisecond);

void hash(benchmark::State& state) {
  match::Match game(map_of(0), endless(), 5);
  match::test::Rabble rabble(5);
  for (int i = 0; i < 1000; ++i) game.step(rabble.next(game.world()));
  for (auto _ : state) benchmark::DoNotOptimize(game.hash());
}
BENCHMARK(hash)->Unit(benchmark::kMicrosecond);

void snapshot_and_restore(benchmark::State& state) {
  match::Match game(map_of(0), endless(), 5);
  match::test::Rabble rabble(5);
  for (int i = 0; i < 1000; ++i) game.step(rabble.next(game.world()));
  std::vector<std::uint8_t> bytes;
  for (auto _ : state) {
    game.snapshot(bytes);
    if (!game.restore(bytes)) state.SkipWithError("refused");
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(snapshot_and_restore)->Unit(benchmark::kMicrosecond);

}  // namespace
