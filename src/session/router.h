#pragma once

// The one mechanism between sessions and seats, whatever shard each is on: same shard, a direct
// call; other shard, a post. What belongs to the hot path (inputs up, frames down) travels in
// mailboxes, one for each other shard, that are posted once for each batch of work. Frames wake the
// other shard once; inputs do not wake it, since it uses them in its next tick and looks then. What
// one session says keeps its order whichever way it goes.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lobby/directory.h"
#include "lobby/outlet.h"
#include "net/shard.h"
#include "sim/command.h"
#include "wire/client_event.h"

namespace session {

class Gateway;
class LobbyHost;

// One a shard, used on its thread only.
class Router final : public lobby::Outlet {
 public:
  explicit Router(net::Shard& shard);
  ~Router() override;

  // Both before any shard runs. `routers` is indexed by shard and outlives the router's use.
  void attach(Gateway& gateway, LobbyHost& host);
  void link(std::span<Router* const> routers);

  // Sessions to lobbies.
  void join(const lobby::Directory::Place& place, const lobby::LobbyOptions& options,
            const lobby::JoinRequest& request);
  void leave(lobby::SeatRef seat);
  void transport_lost(lobby::SeatRef seat);
  void resume(lobby::SeatRef seat);
  void greet_again(lobby::SeatRef seat);
  void take_over(lobby::SeatRef seat, lobby::SessionRef session, const std::string& player_id);
  void identify(lobby::SeatRef seat, const std::string& account_id, const std::string& name);
  void event(lobby::SeatRef seat, const wire::ClientEvent& event);
  void match_command(lobby::SeatRef seat, const sim::Command& command);

  // Lobbies to sessions.
  void send(lobby::SessionRef to, std::string_view packet) override;
  void send_volatile(lobby::SessionRef to, std::string_view packet) override;
  void seated(lobby::SessionRef to, std::uint64_t ticket, lobby::SeatRef seat) override;
  void refused(lobby::SessionRef to, std::uint64_t ticket, lobby::JoinKind kind, bool gone,
               std::string_view reason) override;
  void handed_over(lobby::SessionRef to, lobby::SeatRef seat) override;
  void unseated(lobby::SessionRef to, lobby::SeatRef seat) override;

  // Sessions to sessions: `heir` is another connection of the same account and takes what `from`
  // has.
  void displace(lobby::SessionRef from, lobby::SessionRef heir, const std::string& heir_player_id);

  net::Shard& shard() { return shard_; }

 private:
  // What waits for another shard.
  struct Mailbox {
    struct Letter {
      std::uint64_t session = 0;
      std::uint32_t begin = 0;
      std::uint32_t size = 0;
      bool is_volatile = false;
    };
    struct Order {
      lobby::SeatRef seat;
      sim::Command command;
    };
    std::string bytes;  // the packets of the letters, one after the other
    std::vector<Letter> letters;
    std::vector<Order> orders;
    bool empty() const { return letters.empty() && orders.empty(); }
    void clear();
  };

  bool here(lobby::ShardIndex shard) const { return shard == shard_.id(); }
  Mailbox& mailbox(lobby::ShardIndex shard);
  void letter(lobby::SessionRef to, std::string_view packet, bool is_volatile);
  void post_mail(lobby::ShardIndex shard);
  void post_all_mail();
  // Runs fn(router of that shard) there, after all mail sent before.
  template <class Fn>
  void on(lobby::ShardIndex shard, Fn fn);
  void open(std::shared_ptr<Mailbox> mail);

  net::Shard& shard_;
  Gateway* gateway_ = nullptr;
  LobbyHost* host_ = nullptr;
  std::span<Router* const> routers_;
  std::vector<std::shared_ptr<Mailbox>> mailboxes_;  // by shard
  std::vector<std::shared_ptr<Mailbox>> spares_;     // opened ones, whose memory is used again
  bool mail_posted_ = false;                         // a post_all_mail() is on its way
};

}  // namespace session
