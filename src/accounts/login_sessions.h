#pragma once

// Login sessions and their refresh tokens as rows (A4). A session is a family of refresh tokens of
// which one is good.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/connection.h"

namespace accounts {

using store::Connection;
using store::Time;

struct NewSession {
  std::string session_id;
  std::string refresh_token;  // 256 random bits, told once; only its hash is kept
};

base::Result<NewSession> insert_session(Connection& db, const std::string& player_id, Time now,
                                        Time expires_at);

// What became of a refresh token that somebody brought.
struct Exchange {
  enum class Outcome : std::uint8_t {
    renewed,  // `refresh_token` is the next one; the old one is spent
    refused,  // unknown, expired, or of an ended session
    reused,   // spent before, and not within the leeway: the session was ended just now (commit!),
              // and all its tokens are dead
  };
  Outcome outcome = Outcome::refused;
  std::string session_id;
  std::string player_id;
  std::string refresh_token;
};
// A page that was closed, or lost its line, between our write and our answer never saw its new
// token. It may bring the spent one again for so long, if nobody has used the new one: it gets
// another, and the one it never saw is revoked.
inline constexpr std::chrono::seconds kRefreshLeeway{30};

base::Result<Exchange> exchange_token(Connection& db, const std::string& refresh_token, Time now);

// Is the session neither ended nor expired?
base::Result<bool> is_session_live(Connection& db, const std::string& player_id,
                                   const std::string& session_id, Time now);

// Ends one session, or all of a player that live; answers the ids of those that were ended now.
base::Result<std::vector<std::string>> end_session(Connection& db, const std::string& session_id,
                                                   const std::string& reason, Time now);
base::Result<std::vector<std::string>> end_all_sessions(Connection& db,
                                                        const std::string& player_id,
                                                        const std::string& reason, Time now);

// Forgets sessions (with their tokens), password resets and addresses of logins that expired before
// that time; answers how many sessions.
base::Result<std::size_t> forget_expired(Connection& db, Time before);

}  // namespace accounts
