// LINK: match
// Sight on the shipped maps: a polygon (aim: at most 4 us), one question about one enemy,
// everything a lobby of eight asks for one state, and one tick's look at an event. The world is one
// that random walkers have shot at for a minute.
//
//   bench_sight [--benchmark_filter=...]        from the repository's root: it reads maps/

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "match/testing_walkers.h"
#include "sim/sight.h"
#include "sim/sight_polygon.h"
#include "sim/trig.h"

namespace {

using sim::Slot;

match::Match played(const char* map_name, int seconds) {
  auto map = match::testing::load_map("maps", map_name);
  if (map == nullptr) std::abort();
  match::Settings settings;
  settings.kill_limit = 0xffff;
  match::Match match(map, settings, 1);
  match::testing::Walkers walkers(1);
  for (int tick = 0; tick < seconds * sim::kTickRate; ++tick)
    match.step(walkers.next(match.world()));
  return match;
}

// Places where somebody could stand, looking anywhere.
std::vector<sim::Viewpoint> viewpoints(const sim::World& world) {
  sim::Random random(3);
  std::vector<sim::Viewpoint> result;
  while (result.size() < 1024) {
    const sim::Vec2 at{10 + 460 * random.uniform(), 10 + 250 * random.uniform()};
    const sim::Vec2 facing = sim::direction(6.28 * random.uniform());
    if (!sim::wall_between(world, at, at)) result.push_back({at, facing});
  }
  return result;
}

void polygon(benchmark::State& state, const char* map_name, int smokes) {
  sim::World world = played(map_name, 60).world();
  world.smokes.clear();
  for (int i = 0; i < smokes; ++i) {
    world.smokes.push_back({1, {150.0 + 90.0 * i, 100.0 + 30.0 * i}, world.tick - 120});
  }
  const auto views = viewpoints(world);
  std::vector<sim::Vec2> out;
  out.reserve(256);
  std::size_t next = 0;
  std::size_t vertices = 0;
  for (auto _ : state) {
    sim::visibility_polygon(world, views[next++ % views.size()], out);
    vertices += out.size();
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["vertices"] =
      benchmark::Counter(static_cast<double>(vertices), benchmark::Counter::kAvgIterations);
}
BENCHMARK_CAPTURE(polygon, foundry, "foundry", 0);
BENCHMARK_CAPTURE(polygon, gardens, "gardens", 0);
BENCHMARK_CAPTURE(polygon, foundry_3_smokes, "foundry", 3);

void sees_an_enemy(benchmark::State& state, const char* map_name, int smokes) {
  sim::World world = played(map_name, 60).world();
  world.smokes.clear();
  for (int i = 0; i < smokes; ++i) {
    world.smokes.push_back({1, {150.0 + 90.0 * i, 100.0 + 30.0 * i}, world.tick - 120});
  }
  const auto views = viewpoints(world);
  std::size_t next = 0;
  for (auto _ : state) {
    const sim::Viewpoint& from = views[next % views.size()];
    const sim::Viewpoint& to = views[(next * 7 + 1) % views.size()];
    ++next;
    benchmark::DoNotOptimize(sim::sees_disc(world, from, to.position, sim::kBodyRadius));
  }
}
BENCHMARK_CAPTURE(sees_an_enemy, foundry, "foundry", 0);
BENCHMARK_CAPTURE(sees_an_enemy, foundry_3_smokes, "foundry", 3);

// What one state of a lobby of eight costs: 8 polygons and 56 questions, along a running match.
void state_of_a_lobby(benchmark::State& state, const char* map_name) {
  match::Match match = played(map_name, 60);
  match::testing::Walkers walkers(2);
  for (auto _ : state) {
    state.PauseTiming();
    for (int tick = 0; tick < sim::kSnapshotEvery; ++tick) match.step(walkers.next(match.world()));
    state.ResumeTiming();
    for (Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer) {
      benchmark::DoNotOptimize(match.polygon(viewer).data());
      for (Slot target = 0; target < sim::kMaxPlayers; ++target)
        benchmark::DoNotOptimize(match.sees(viewer, target));
    }
  }
}
BENCHMARK_CAPTURE(state_of_a_lobby, foundry, "foundry");
BENCHMARK_CAPTURE(state_of_a_lobby, gardens, "gardens");

void knowledge_of_the_events_of_a_tick(benchmark::State& state) {
  match::Match match = played("foundry", 60);
  match::testing::Walkers walkers(2);
  std::size_t events = 0;
  for (auto _ : state) {
    state.PauseTiming();
    match.step(walkers.next(match.world()));
    events += match.events().size();
    state.ResumeTiming();
    for (const sim::Event& event : match.events()) {
      for (Slot viewer = 0; viewer < sim::kMaxPlayers; ++viewer)
        benchmark::DoNotOptimize(match.knowledge(viewer, event));
    }
  }
  state.counters["events"] =
      benchmark::Counter(static_cast<double>(events), benchmark::Counter::kAvgIterations);
}
BENCHMARK(knowledge_of_the_events_of_a_tick);

}  // namespace

BENCHMARK_MAIN();
