#pragma once

// A connection with an identity: what the gateway remembers of one Socket.IO socket. Lives on the
// socket's shard.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/token_bucket.h"
#include "lobby/types.h"
#include "net/shard.h"
#include "session/elsewhere.h"
#include "wire/client_event.h"

namespace sio {
class Socket;
}

namespace session {

using base::TokenBucket;

// Events are metered by kind of event (S1, S2). Rates leave room for what the shipped client does
// at its worst: 60 inputs a second, reloads at frame rate while R is held (wire contract 8.2).
struct Limits {
  TokenBucket input{90, 1800};  // half a minute of inputs kept back while the line was down is
                                // normal; the seat keeps the newest
  TokenBucket fire{40, 60};
  TokenBucket weapon{150, 150};  // reload every frame, switch, ADS
  TokenBucket state{12, 12};     // request_game_state by key repeat
  TokenBucket lobby{5, 15};      // find, create, leave, host commands
  TokenBucket code{1, 10};       // join by code: also bounds password guessing
  TokenBucket list{2, 6};
  TokenBucket talk{1, 5};
  TokenBucket other{10, 30};
  TokenBucket malformed{2, 60};  // when this is empty the socket is closed
};

// What the player asked for last and is waiting for.
struct Wish {
  bool open = false;
  std::uint64_t ticket = 0;  // grows; answers to older wishes are handed back
  lobby::JoinKind kind = lobby::JoinKind::quick;
  lobby::LobbyOptions options;
  std::string code;
  std::string password;
  std::string reason;
  std::string avoid_id;           // the same as `avoid`, for lobbies of other nodes
  std::optional<FarPlace> place;  // asked for on another node
  bool called = false;            // by the queue, which hears what becomes of it
  int attempts = 0;
  base::SteadyTime since;  // when he asked
  lobby::LobbyNumber avoid = 0;
};

// An event with the text it came as, which is what goes to other nodes.
struct HeardEvent {
  wire::ClientEvent event;
  std::string name;
  std::string args;
};

struct Session {
  std::uint64_t number = 0;  // unique on its shard, never 0, never reused
  sio::Socket* socket = nullptr;
  std::string player_id;   // the socket id, on the wire everywhere
  std::string account_id;  // "" = guest
  std::string login_id;    // of the login session (sid), "" = guest
  std::string name;
  std::string party;                  // whom he looks for a match with; "" = alone
  std::string address;                // of the client, as far as our proxies can be believed (S1)
  net::Shard::TimerId admission = 0;  // a guest who waits to hear whether he is banned; 0 = nobody
  bool shows_token = false;  // of an account, which is being checked: nobody knows yet who it is
  lobby::SeatRef seat;
  std::string lobby_id;    // of the seat
  bool returning = false;  // came with the id of a connection of before; not accepted yet
  bool queues = false;     // has spoken to the queue
  bool played = false;     // has had a seat
  Wish wish;
  std::unique_ptr<HeardEvent> stray_join;  // a player:join that waits for its lobby (S9)
  Limits limits;
};

}  // namespace session
