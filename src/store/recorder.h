#pragma once

// The lobby's view of the store: it tells what happened and never waits.

#include <cstdint>
#include <functional>
#include <string>

#include "store/match_result.h"

namespace store {

enum class LobbyState : std::uint8_t { waiting, starting, playing, results, voting, closed };

struct LobbyOpened {
  std::string lobby_id;  // 1..64 bytes, never reused (L2)
  std::string node_id;
  std::string mode;
  bool is_private = false;
  std::uint32_t kill_limit = 0;
  std::uint32_t max_players = 0;
  Time created_at{};
};

// Takes notes of lobbies and matches. Every member may be called from any thread (a shard's in the
// middle of a tick), only queues, and returns at once; notes of one caller are written in their
// order. Match results are durable in the local outbox soon after the call and reach the database
// exactly once (D4). Notes of lobbies are best effort while the database is away: the queue is
// bounded and the surplus is counted and dropped, oldest first.
class Recorder {
 public:
  virtual ~Recorder() = default;

  virtual void lobby_opened(LobbyOpened lobby) = 0;
  // Sets lobbies.state; the first `playing` sets started_at, `closed` sets ended_at.
  virtual void lobby_state(std::string lobby_id, LobbyState state, Time at) = 0;
  // Players with an account only (a guest leaves no row here). Joining again after leaving reopens
  // the row.
  virtual void player_joined(std::string lobby_id, std::string player_id, Side team, Time at) = 0;
  virtual void player_left(std::string lobby_id, std::string player_id, Time at) = 0;

  // `durable(ok)` is called from a thread of the recorder once the result is safe in the local
  // outbox (ok) or could not be put there (false, already logged): the lobby announces the end of a
  // match only then, so that no announced result is lost by a crash. The caller posts from it to
  // its own shard.
  virtual void match_finished(MatchResult result, std::function<void(bool ok)> durable) = 0;
};

}  // namespace store
