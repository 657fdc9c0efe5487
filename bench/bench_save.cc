// LINK: lobby
// What keeping a lobby for the case that its node dies costs (docs/cluster.md): the save on the
// tick's thread, four times a second, and packing it on the keeper's thread. A lobby of eight, one
// person and seven bots, after two minutes of fighting on a shipped map. From the repository's
// root.

#include <benchmark/benchmark.h>

#include <chrono>
#include <memory>
#include <string>

#include "lobby/engine.h"
#include "lobby/map_pool.h"
#include "lobby/nobody_testing.h"
#include "lobby/save_pack.h"

namespace {

// The lobby in the middle of its match.
class Fight {
 public:
  explicit Fight(const std::string& map) : maps_(lobby::MapPool::load("maps", map).value()) {
    lobby::LobbyOptions options;
    options.map = map;
    options.kill_limit = 60'000;
    lobby::JoinRequest request;
    request.session = {0, 1};
    request.player_id = "0123456789abcdefghij";
    request.name = "Somebody";
    const auto place = directory_.quick_play(options, 0, 0).value();
    request.lobby = place.lobby;
    engine_.join(place, options, request, now_);
    for (int tick = 0; tick < 130 * sim::kTickRate; ++tick) {
      now_ += std::chrono::nanoseconds(1'000'000'000 / sim::kTickRate + 1);
      engine_.run(now_, [] {});
    }
  }

  const lobby::Lobby& lobby() const {
    const lobby::Lobby* found = nullptr;
    engine_.each([&](const lobby::Lobby& one) { found = &one; });
    return *found;
  }

 private:
  lobby::testing::Nobody sessions_;
  lobby::testing::NoRecorder store_;
  lobby::Directory directory_{10, 100, 1};
  lobby::MapPool maps_;
  lobby::TickClock::Time now_{std::chrono::hours(1)};
  lobby::Engine engine_{lobby::LobbyContext{.outlet = sessions_,
                                            .directory = directory_,
                                            .maps = maps_,
                                            .recorder = store_,
                                            .post = [](const std::function<void()>& fn) { fn(); },
                                            .result_kept = [](lobby::LobbyNumber, std::uint32_t) {},
                                            .node_id = "bench",
                                            .bot_fill = 8,
                                            .bot_skill = "normal",
                                            .timing = {}},
                        now_};
};

const Fight& fight() {
  static const Fight one("foundry");
  return one;
}

void save(benchmark::State& state) {
  const lobby::Lobby& lobby = fight().lobby();
  std::string bytes;
  for (auto _ : state) {
    lobby.save(bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(save)->Unit(benchmark::kMicrosecond);

void pack(benchmark::State& state) {
  std::string bytes;
  fight().lobby().save(bytes);
  lobby::SavePacker packer;
  std::string packed;
  for (auto _ : state) benchmark::DoNotOptimize(packer.pack(bytes, packed));
  state.counters["bytes"] = static_cast<double>(packed.size());
}
BENCHMARK(pack)->Unit(benchmark::kMicrosecond);

void unpack(benchmark::State& state) {
  std::string bytes;
  std::string packed;
  fight().lobby().save(bytes);
  lobby::SavePacker().pack(bytes, packed);
  for (auto _ : state) benchmark::DoNotOptimize(lobby::unpack_save(packed));
}
BENCHMARK(unpack)->Unit(benchmark::kMicrosecond);

}  // namespace
