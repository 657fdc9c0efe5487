// LINK: wire
// What the wire costs: decoding an input and a shot, writing JSON, the states of a lobby. Sizes are
// counters.

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "match/match.h"
#include "wire/client_event.h"
#include "wire/events.h"
#include "wire/state.h"

namespace {

constexpr std::string_view kInput =
    R"({"keys":{"1":false,"2":false,"3":false,"4":false,"w":true,"a":false,"s":false,"d":true,"shift":true,"ctrl":false,)"
    R"("r":false,"g":false},"mouse":{"x":120,"y":85,"buttons":1,"leftPressed":false,"rightPressed":false,)"
    R"("leftReleased":false,"rightReleased":false},"sequence":1234,"timestamp":1795341669508})";
constexpr std::string_view kFire =
    R"({"weaponType":"rifle","position":{"x":49.99999999999999,"y":85},"targetPosition":{"x":400,"y":90},)"
    R"("direction":0.01408357582286019,"isADS":false,"timestamp":1795341677508,"sequence":46})";

constexpr std::array<std::string_view, sim::kMaxPlayers> kIds = {
    "xY072VG8UNRBXjJBAAAC", "9rCqF3Qa9WyNOqOmAAAE", "idOfThirdPlayer_AAAG", "idOfFourthPlayerAAAI",
    "idOfFifthPlayer_AAAK", "idOfSixthPlayer_AAAM", "idOfSeventhPlyr_AAAO", "idOfEighthPlayerAAAQ"};

void decode(benchmark::State& state, std::string_view name, std::string_view args) {
  wire::Decoder decoder;
  wire::ClientEvent event;
  for (auto _ : state) benchmark::DoNotOptimize(decoder.decode(name, args, event));
  state.counters["bytes"] = static_cast<double>(args.size());
}
BENCHMARK_CAPTURE(decode, input, "player:input", kInput);
BENCHMARK_CAPTURE(decode, fire, "weapon:fire", kFire);

void write_numbers(benchmark::State& state) {
  std::string out;
  for (auto _ : state) {
    out.clear();
    base::JsonWriter json(out);
    json.begin_array();
    for (int i = 0; i < 100; ++i) json.decimal(123.456 + i, 2);
    json.end_array();
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["bytes"] = static_cast<double>(out.size());
}
BENCHMARK(write_numbers);

// A map of rooms: 79 walls, as many as the one the game was made on.
std::shared_ptr<const sim::Map> rooms() {
  std::vector<sim::Wall> walls;
  for (int column = 0; column < 9; ++column) {
    for (int row = 0; row < 5; ++row) {
      walls.push_back(
          {{20.0 + 50 * column, 10.0 + 50 * row}, row % 2 == 0, sim::Material::concrete, 5});
    }
  }
  for (int i = 0; i < 34; ++i) {
    walls.push_back({{40.0 + 50 * (i % 8), 30.0 + 50 * (i / 8)}, true, sim::Material::wood, 1});
  }
  return std::make_shared<sim::Map>(
      sim::map_from_walls("rooms", std::move(walls), {{12, 135}}, {{475, 135}}).value());
}

struct Stage {
  explicit Stage(int players) : match(rooms(), match::Settings{}, 3) {
    for (sim::Slot slot = 0; slot < players; ++slot) {
      sim::Command join;
      join.kind = sim::CommandKind::join;
      join.slot = slot;
      join.team = slot % 2 == 0 ? sim::Team::red : sim::Team::blue;
      join.loadout = {sim::WeaponId::rifle,
                      sim::WeaponId::pistol,
                      {sim::WeaponId::grenade, sim::WeaponId::rocket, sim::WeaponId::none}};
      match.step({&join, 1});
      // The match is ours to arrange: people spread over the floor, facing one another.
      auto& player = const_cast<sim::World&>(match.world()).players[slot];
      player.position = {85.375 + 40 * slot, 66.125 + 13 * (slot % 3)};
      player.rotation = slot % 2 == 0 ? 0.1 : 3.0;
      roster.seats[slot] = {kIds[slot], "Player1234", true, false, true};
    }
  }
  match::Match match;
  wire::Roster roster;
  wire::Clock clock{1'795'341'291'416};
};

// All states of one lobby, sight included. Per item: one viewer.
void states(benchmark::State& state, wire::WallsIn walls) {
  Stage stage(static_cast<int>(state.range(0)));
  wire::StateEncoder encoder;
  std::string out;
  std::size_t bytes = 0;
  for (auto _ : state) {
    encoder.begin(stage.match, stage.roster, stage.clock);
    bytes = 0;
    for (sim::Slot slot = 0; slot < state.range(0); ++slot) {
      out.clear();
      encoder.append(slot, walls, out);
      bytes += out.size();
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["bytes_per_state"] =
      static_cast<double>(bytes) / static_cast<double>(state.range(0));
}
BENCHMARK_CAPTURE(states, lean, wire::WallsIn::none)->Arg(2)->Arg(4)->Arg(8);
BENCHMARK_CAPTURE(states, with_walls, wire::WallsIn::all)->Arg(8);

// The part of the above that is not wire's: who sees whom, and the polygons.
void sight_alone(benchmark::State& state) {
  Stage stage(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    for (sim::Slot viewer = 0; viewer < state.range(0); ++viewer) {
      for (sim::Slot target = 0; target < state.range(0); ++target)
        benchmark::DoNotOptimize(stage.match.sees(viewer, target));
      benchmark::DoNotOptimize(stage.match.polygon(viewer));
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sight_alone)->Arg(2)->Arg(4)->Arg(8);

void shot_event(benchmark::State& state) {
  Stage stage(8);
  wire::EventEncoder encoder;
  sim::Event event;
  event.kind = sim::EventKind::shot_fired;
  event.slot = 0;
  event.weapon = sim::WeaponId::rifle;
  event.position = stage.match.world().players[0].position;
  for (auto _ : state) {
    encoder.encode(stage.match, stage.roster, stage.clock, event);
    benchmark::DoNotOptimize(encoder.packet(1));
  }
}
BENCHMARK(shot_event);

}  // namespace
