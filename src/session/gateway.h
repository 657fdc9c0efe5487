#pragma once

// The game's side of the sockets of one shard: who is on each connection, what it may send how
// often, and where it goes.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/client_address.h"
#include "base/error.h"
#include "lobby/directory.h"
#include "moderation/notices.h"
#include "net/counters.h"
#include "session/session.h"
#include "sio/server.h"
#include "wire/client_event.h"

namespace moderation {
class Mutes;
class Words;
}  // namespace moderation

namespace session {

class AddressLimits;
class Presence;
class Router;

// Who a token belongs to.
struct Identity {
  std::string account_id;
  std::string name;
  std::string login_id;  // of the login session
};

// Checks an access token off the shard; `done` is called on the shard that asked. Empty = there are
// no accounts.
using Authenticate = std::function<void(lobby::ShardIndex shard, const std::string& token,
                                        std::function<void(base::Result<Identity>)> done)>;

// Whether guests of an address are banned (S8), asked off the shard; `done` is called on the shard
// that asked, never from within: words for the guest, or none. Empty = nobody is.
using AskGuestBan =
    std::function<void(lobby::ShardIndex shard, const std::string& address,
                       std::function<void(base::Result<std::optional<std::string>>)> done)>;

struct GatewaySettings {
  lobby::ShardIndex shard = 0;
  bool test_hooks = false;  // L11
  std::uint8_t max_players_per_lobby = 8;
  std::uint16_t kill_limit = 50;
  std::string default_map;
  bool allow_guests = true;  // A6
  Authenticate authenticate;
  AskGuestBan guest_ban;
  base::ClientAddress client_address;       // S1
  AddressLimits* address_limits = nullptr;  // of the node, outlives the gateway; null = none
  const moderation::Mutes* mutes = nullptr;  // likewise; null = nobody is muted
  const moderation::Words* words = nullptr;  // likewise; null = guests are called as they like
};

// What clients of this shard did, for metrics. Written on the shard; read from any thread.
struct GatewayCounters {
  net::Counter malformed;
  net::Counter unknown;
  net::Counter limited;
  net::Counter closed_for_abuse;
};

class Gateway final : public sio::Handler {
 public:
  Gateway(GatewaySettings settings, Router& router, lobby::Directory& directory,
          Presence& presence);
  ~Gateway() override;

  // sio::Handler
  void on_connect(sio::Socket& socket, std::string_view auth) override;
  void on_event(sio::Socket& socket, const sio::Event& event) override;
  void on_transport_lost(sio::Socket& socket) override;
  void on_recovered(sio::Socket& socket) override;
  void on_disconnect(sio::Socket& socket, sio::DisconnectReason reason) override;

  // From the router. Sessions that are gone are ignored; a seat granted to one is given back.
  void deliver(std::uint64_t session, std::string_view packet, bool is_volatile);
  void seated(std::uint64_t session, std::uint64_t ticket, lobby::SeatRef seat);
  void refused(std::uint64_t session, std::uint64_t ticket, lobby::JoinKind kind, bool gone,
               std::string_view reason);
  void unseated(std::uint64_t session, lobby::SeatRef seat);
  void handed_over(std::uint64_t session, lobby::SeatRef seat);
  void displaced(std::uint64_t session, lobby::SessionRef heir, const std::string& heir_player_id);

  // A login session ended (A5): its sockets here are told why and closed. login_id "" = all of the
  // account.
  void end_login(const std::string& account_id, const std::string& login_id,
                 std::string_view reason);

  // Somebody was kicked (S7): whoever is meant here is told why and closed.
  void end_kicked(const moderation::Kick& kick);

  // Guests of an address were banned (S8): they are told why and closed.
  void end_guests(const std::string& address, std::string_view reason);

  const GatewayCounters& counters() const { return counters_; }

 private:
  struct EndedLogin {
    std::string account_id;
    std::string login_id;  // "" = all of the account
    std::string reason;
    std::int64_t at_ms = 0;  // steady clock
  };

  Session* find(std::uint64_t number);
  bool within_limit(Session& session, wire::ClientKind kind);
  bool within_address_limit(const Session& session, wire::ClientKind kind) const;
  static bool within_own_limit(Limits& limits, wire::ClientKind kind);
  void over_limit(Session& session, wire::ClientKind kind);
  void malformed(Session& session, wire::ClientKind kind);
  void dispatch(Session& session, const wire::ClientEvent& event);
  bool connection_event(Session& session, const wire::ClientEvent& event);
  bool lobby_event(Session& session, const wire::ClientEvent& event);
  void match_command(Session& session, const wire::ClientEvent& event);
  void player_join(Session& session, const wire::ClientEvent& event);
  void admit_guest(Session& session);
  void guest_answer(std::uint64_t number, const base::Result<std::optional<std::string>>& ban);
  void turn_away(Session& session, std::string_view message);
  // False: the login ended while its token was being checked, and the session was dismissed.
  bool sign_in(Session& session, Identity identity);
  const EndedLogin* ended_login(const Identity& identity) const;
  void link_account(Session& session, const std::string& token);
  void dismiss(Session& session, std::string_view reason);
  bool is_muted(Session& session);
  bool may_be_called(const std::string& name) const;
  void refuse_report(Session& session, const wire::Report& wanted);

  void quick_play(Session& session, const wire::FindMatch& wanted);
  void create_private(Session& session, const wire::LobbyOptions& wanted);
  void join_by_code(Session& session, const wire::JoinLobby& wanted);
  void force_create(Session& session, const wire::ForceCreate& wanted);
  void rename(Session& session, const std::string& name);
  void leave(Session& session, bool answer);
  void list(Session& session, const wire::ListFilter& wanted);
  lobby::LobbyOptions options_from(const wire::LobbyOptions& wanted) const;
  void wish(Session& session, lobby::JoinKind kind, lobby::LobbyOptions options);
  void pursue(Session& session);
  void refuse(Session& session, lobby::JoinKind kind, std::string_view reason);
  void reply(Session& session);

  GatewaySettings settings_;
  Router& router_;
  lobby::Directory& directory_;
  Presence& presence_;
  wire::Decoder decoder_;
  wire::ClientEvent event_;  // decoded, reused
  std::string packet_;       // encoded, reused
  GatewayCounters counters_;
  std::deque<EndedLogin> ended_logins_;  // of the last half minute
  std::uint64_t next_session_ = 1;
  std::unordered_map<std::uint64_t, std::unique_ptr<Session>> sessions_;
};

}  // namespace session
