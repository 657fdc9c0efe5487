// LINK: lobby
// A lobby's save from anywhere, packed and unpacked: it is refused, or a lobby comes of it that
// says the same again and can be played on.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lobby/engine.h"
#include "lobby/map_pool.h"
#include "lobby/save_pack.h"

namespace {

class Nobody final : public lobby::Outlet {
 public:
  void send(lobby::SessionRef, std::string_view) override {}
  void send_volatile(lobby::SessionRef, std::string_view) override {}
  void seated(lobby::SessionRef, std::uint64_t, lobby::SeatRef, std::string_view) override {}
  void refused(lobby::SessionRef, std::uint64_t, lobby::JoinKind, bool, std::string_view) override {
  }
  void handed_over(lobby::SessionRef, lobby::SeatRef, std::string_view) override {}
  void unseated(lobby::SessionRef, lobby::SeatRef) override {}
};

class NoRecorder final : public store::Recorder {
 public:
  void lobby_opened(store::LobbyOpened) override {}
  void lobby_state(std::string, store::LobbyState, store::Time) override {}
  void player_joined(std::string, std::string, store::Side, store::Time) override {}
  void player_left(std::string, std::string, store::Time) override {}
  void match_finished(store::MatchResult, std::function<void(bool)> durable) override {
    durable(true);
  }
};

const lobby::MapPool& maps() {
  static const lobby::MapPool pool =
      lobby::MapPool::load(TRESPASSER_SOURCE_DIR "/maps", "foundry").value();
  return pool;
}

void adopt(std::string_view save) {
  const auto name = lobby::Lobby::saved_name(save);
  if (!name) return;
  Nobody outlet;
  NoRecorder recorder;
  lobby::Directory directory(10, 100, 1);
  auto now = lobby::TickClock::Time{} + std::chrono::hours(1);
  lobby::Engine engine({.outlet = outlet,
                        .directory = directory,
                        .maps = maps(),
                        .recorder = recorder,
                        .post = [](const std::function<void()>& fn) { fn(); },
                        .result_kept = {},
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
  return 0;
}
