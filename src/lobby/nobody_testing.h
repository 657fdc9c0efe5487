#pragma once

// For programs that run lobbies which nobody hears and nobody keeps: fuzzing, benchmarks.

#include <functional>
#include <string>
#include <string_view>

#include "lobby/outlet.h"
#include "store/recorder.h"

namespace lobby::testing {

class Nobody final : public Outlet {
 public:
  void send(SessionRef, std::string_view) override {}
  void send_volatile(SessionRef, std::string_view) override {}
  void seated(SessionRef, std::uint64_t, SeatRef, std::string_view) override {}
  void refused(SessionRef, std::uint64_t, JoinKind, bool, std::string_view) override {}
  void handed_over(SessionRef, SeatRef, std::string_view) override {}
  void unseated(SessionRef, SeatRef) override {}
};

// Says that all is kept.
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

}  // namespace lobby::testing
