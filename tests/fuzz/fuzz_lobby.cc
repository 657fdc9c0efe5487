// LINK: lobby
// A lobby's save from anywhere, packed and unpacked: it is refused, or a lobby comes of it that
// says the same again and can be played on. And packed replays, which come in the same way.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lobby/engine.h"
#include "lobby/map_pool.h"
#include "lobby/nobody_testing.h"
#include "lobby/replay_file.h"
#include "lobby/save_pack.h"

namespace {

const lobby::MapPool& maps() {
  static const lobby::MapPool pool =
      lobby::MapPool::load(TRESPASSER_SOURCE_DIR "/maps", "foundry").value();
  return pool;
}

void adopt(std::string_view save) {
  const auto name = lobby::Lobby::saved_name(save);
  if (!name) return;
  lobby::testing::Nobody outlet;
  lobby::testing::NoRecorder recorder;
  lobby::Directory directory(10, 100, 1);
  auto now = lobby::TickClock::Time{} + std::chrono::hours(1);
  lobby::Engine engine({.outlet = outlet,
                        .directory = directory,
                        .maps = maps(),
                        .recorder = recorder,
                        .post = [](const std::function<void()>& fn) { fn(); },
                        .result_kept = [](lobby::LobbyNumber, std::uint32_t) {},
                        .node_id = "fuzz",
                        .timing = {}},
                       now);
  const auto place = directory.adopt(name->id, name->invite_code, 0);
  if (!place) return;
  if (!engine.adopt(*place, save, now)) {
    if (directory.counts().lobbies != 0) std::abort();
    return;
  }
  constexpr int kTicks = 20;
  for (int i = 0; i < kTicks; ++i) {
    now += std::chrono::nanoseconds(1'000'000'000 / sim::kTickRate + 1);
    engine.run(now, [] {});
  }
  std::string again;
  engine.each([&](const lobby::Lobby& lobby) { lobby.save(again); });
  if (!again.empty() && !lobby::Lobby::saved_name(again)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  adopt(bytes);
  if (const auto save = lobby::unpack_save(bytes)) adopt(*save);
  const auto replay = lobby::unpack_replay({data, size});
  if (replay && (replay->empty() || replay->size() > lobby::kMaxReplayBytes)) std::abort();
  return 0;
}
