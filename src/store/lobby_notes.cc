#include "store/lobby_notes.h"

#include <optional>
#include <string>
#include <string_view>

namespace store {
namespace {

base::Result<void> done(const base::Result<Rows>& rows) {
  return rows.ok() ? base::Result<void>() : base::Result<void>(rows.error());
}

// A lobby in which nothing was ever played leaves nothing behind (L3).
constexpr std::string_view kUnplayed =
    " and started_at is null and not exists"
    " (select 1 from lobby_players where lobby_players.lobby_id = lobbies.lobby_id)";

// A node that starts has no lobby: those its row set still shows open ended with the crash.
base::Result<void> write(Connection& db, const NodeStarted& note) {
  auto left = done(
      db.query("update lobby_players set left_at = $2 where left_at is null and lobby_id in"
               " (select lobby_id from lobbies where server_node_id = $1 and state <> 'closed')",
               {note.node_id, note.at}));
  if (!left.ok()) return left;
  auto gone = done(db.query(
      "delete from lobbies where server_node_id = $1" + std::string(kUnplayed), {note.node_id}));
  if (!gone.ok()) return gone;
  return done(
      db.query("update lobbies set state = 'closed', ended_at = $2 where server_node_id = $1 and "
               "state <> 'closed'",
               {note.node_id, note.at}));
}

base::Result<void> write(Connection& db, const LobbyOpened& note) {
  return done(
      db.query("insert into lobbies (lobby_id, server_node_id, game_mode, state, is_private, "
               "kill_limit, max_players, created_at)"
               " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (lobby_id)"
               " do update set server_node_id = excluded.server_node_id",
               {note.lobby_id, note.node_id, note.mode, name_of(LobbyState::waiting),
                note.is_private, note.kill_limit, note.max_players, note.created_at}));
}

base::Result<void> write(Connection& db, const LobbyChanged& note) {
  const bool closed = note.state == LobbyState::closed;
  if (closed) {
    auto gone = done(db.query("delete from lobbies where lobby_id = $1" + std::string(kUnplayed),
                              {note.lobby_id}));
    if (!gone.ok()) return gone;
  }
  const auto started = note.state == LobbyState::playing ? std::optional(note.at) : std::nullopt;
  const auto ended = closed ? std::optional(note.at) : std::nullopt;
  auto changed =
      done(db.query("update lobbies set state = $2, started_at = coalesce(started_at, $3), "
                    "ended_at = coalesce(ended_at, $4)"
                    " where lobby_id = $1",
                    {note.lobby_id, name_of(note.state), started, ended}));
  if (!changed.ok() || !closed) return changed;
  return done(
      db.query("update lobby_players set left_at = $2 where lobby_id = $1 and left_at is null",
               {note.lobby_id, note.at}));
}

// The select leaves out ids that no account has (any more).
base::Result<void> write(Connection& db, const PlayerJoined& note) {
  return done(db.query(
      "insert into lobby_players (lobby_id, player_id, team, joined_at)"
      " select $1, player_id, $3, $4 from players where player_id = $2"
      " on conflict (lobby_id, player_id) do update set team = excluded.team, left_at = null,"
      " visits = lobby_players.visits + 1",
      {note.lobby_id, note.player_id, name_of(note.team), note.at}));
}

base::Result<void> write(Connection& db, const PlayerLeft& note) {
  return done(
      db.query("update lobby_players set left_at = $3 where lobby_id = $1 and player_id = $2",
               {note.lobby_id, note.player_id, note.at}));
}

base::Result<void> write(Connection& db, const ChatLine& note) { return insert_chat(db, note); }

base::Result<void> write(Connection& db, const Suspicion& note) {
  return write_suspicion(db, note);
}

}  // namespace

const char* name_of(LobbyState state) {
  switch (state) {
    case LobbyState::waiting:
      return "waiting";
    case LobbyState::starting:
      return "starting";
    case LobbyState::playing:
      return "playing";
    case LobbyState::results:
      return "results";
    case LobbyState::voting:
      return "voting";
    case LobbyState::closed:
      break;
  }
  return "closed";
}

base::Result<void> write_note(Connection& db, const LobbyNote& note) {
  return std::visit([&](const auto& one) { return write(db, one); }, note);
}

}  // namespace store
