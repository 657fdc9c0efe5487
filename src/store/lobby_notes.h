#pragma once

// What is noted of lobbies, as values, and how each is written.

#include <string>
#include <variant>

#include "base/error.h"
#include "store/chat_log.h"
#include "store/connection.h"
#include "store/recorder.h"
#include "store/suspicions.h"

namespace store {

struct NodeStarted {
  std::string node_id;
  Time at{};
};
struct LobbyChanged {
  std::string lobby_id;
  LobbyState state = LobbyState::waiting;
  Time at{};
};
struct PlayerJoined {
  std::string lobby_id;
  std::string player_id;
  Side team = Side::red;
  Time at{};
};
struct PlayerLeft {
  std::string lobby_id;
  std::string player_id;
  Time at{};
};
using LobbyNote = std::variant<NodeStarted, LobbyOpened, LobbyChanged, PlayerJoined, PlayerLeft,
                               ChatLine, Suspicion>;

// Writes one note in the caller's transaction. Writing it again changes nothing but the count of
// visits.
base::Result<void> write_note(Connection& db, const LobbyNote& note);

const char* name_of(LobbyState state);  // "waiting", ..., "closed"

}  // namespace store
