#pragma once

// The game's side of the sockets of one shard: who is on each connection, what it may send how
// often, and where it goes.

#include <atomic>
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
#include "session/elsewhere.h"
#include "session/session.h"
#include "sio/server.h"
#include "wire/client_event.h"

namespace moderation {
class Mutes;
class Words;
}  // namespace moderation

namespace session {

class AddressLimits;
class MatchQueue;
class Presence;
class Router;
struct QueuePlayer;

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
  base::ClientAddress client_address;        // S1
  AddressLimits* address_limits = nullptr;   // of the node, outlives the gateway; null = none
  const moderation::Mutes* mutes = nullptr;  // likewise; null = nobody is muted
  const moderation::Words* words = nullptr;  // likewise; null = guests are called as they like
  Elsewhere* elsewhere = nullptr;            // likewise; null: this node is alone
  MatchQueue* queue = nullptr;               // likewise; null: there is none
  // How long one who comes back waits for word of his seat: with no other node, with others, and
  // when one of those has died lately and its lobbies are being taken over.
  std::function<std::chrono::milliseconds()> seek_patience;
  // Set when the node stops and others will take its lobbies over; null: never.
  const std::atomic<bool>* leaving = nullptr;
  std::uint64_t first_session = 0;  // the number before the first session's
};

// What clients of this shard did, for metrics. Written on the shard; read from any thread.
struct GatewayCounters {
  net::Counter malformed;
  net::Counter unknown;
  net::Counter limited;
  net::Counter closed_for_abuse;
  net::Counter guests_seated;  // connections without an account, with their first seat (O6)
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
  void seated(std::uint64_t session, std::uint64_t ticket, lobby::SeatRef seat,
              const std::string& lobby_id);
  void refused(std::uint64_t session, std::uint64_t ticket, lobby::JoinKind kind, bool gone,
               std::string_view reason);
  void unseated(std::uint64_t session, lobby::SeatRef seat);
  void handed_over(std::uint64_t session, lobby::SeatRef seat, const std::string& lobby_id);
  // The seat is not the session's any more, for no reason that it was told.
  void seat_lost(std::uint64_t session, lobby::SeatRef seat);
  // The player is back on another connection, which has the seat.
  void seat_moved(std::uint64_t session, lobby::SeatRef seat);
  // An account of ours signed in on another node.
  void account_elsewhere(const std::string& account_id, lobby::SessionRef heir,
                         const std::string& player_id, std::int64_t since_ms);
  void displaced(std::uint64_t session, lobby::SessionRef heir, const std::string& heir_player_id);

  // A login session ended (A5): its sockets here are told why and closed. login_id "" = all of the
  // account.
  void end_login(const std::string& account_id, const std::string& login_id,
                 std::string_view reason);

  // Somebody was kicked (S7): whoever is meant here is told why and closed.
  void end_kicked(const moderation::Kick& kick);

  // Guests of an address were banned (S8): they are told why and closed.
  void end_guests(const std::string& address, std::string_view reason);

  // The queue has a seat for the session: the door to a lobby of that node.
  void take_match(std::uint64_t session, lobby::NodeIndex node, const std::string& door);

  // A node has died: its seats are looked for, on those that take its lobbies over.
  void node_lost(lobby::NodeIndex node);
  // Begins what is done from time to time; from the shard's thread.
  void start();

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
  void dispatch(Session& session, const HeardEvent& heard);
  bool connection_event(Session& session, const HeardEvent& heard);
  bool lobby_event(Session& session, const wire::ClientEvent& event);
  bool queue_event(Session& session, const wire::ClientEvent& event);
  QueuePlayer queue_player(Session& session) const;
  void leave_queue(Session& session);
  void answer_queue(Session& session, bool is_seated);
  void end_call(Session& session, std::string_view reason);
  void match_command(Session& session, const HeardEvent& heard);
  void player_join(Session& session, const HeardEvent& heard);
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
  bool looks_elsewhere() const;
  void look_elsewhere(Session& session, const base::Error& why);
  void found_elsewhere(std::uint64_t number, std::uint64_t ticket,
                       const base::Result<FarPlace>& place);
  void take_place(Session& session, const lobby::Directory::Place& place);
  void take_far_place(Session& session, const FarPlace& place);
  lobby::JoinRequest request_of(Session& session) const;
  void settle_far_place(Session& session);
  void give_up_join(std::uint64_t number, std::uint64_t ticket);
  void hold_far_seats();
  lobby::SessionRef ref_of(const Session& session) const;
  void forward(Session& session, const HeardEvent& heard);
  void let_in(Session& session);
  void seek(Session& session);
  void ask_for_seat(std::uint64_t number, std::uint64_t ticket, std::int64_t since_ms);
  void give_up_seat(Session& session);
  void refuse(Session& session, lobby::JoinKind kind, std::string_view reason);
  void reply(Session& session);
  void show(Session& session, const std::vector<lobby::DirectoryEntry>& entries);

  GatewaySettings settings_;
  Router& router_;
  lobby::Directory& directory_;
  Presence& presence_;
  wire::Decoder decoder_;
  HeardEvent heard_;    // decoded, reused
  std::string packet_;  // encoded, reused
  GatewayCounters counters_;
  std::deque<EndedLogin> ended_logins_;  // of the last half minute
  std::uint64_t next_session_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Session>> sessions_;
};

}  // namespace session
