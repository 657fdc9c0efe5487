#pragma once

// The one mechanism between sessions and seats, wherever each is: same shard, a direct call; other
// shard, a post; other node, a frame over the cluster (frames.h). What belongs to the hot path
// (inputs up, packets down) travels in mailboxes, one for each other shard, that are posted once
// for each batch of work; so does everything to other nodes. Packets wake the other shard once;
// inputs do not wake it, since it uses them in its next tick and looks then. What one session says
// keeps its order whichever way it goes.

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lobby/directory.h"
#include "lobby/outlet.h"
#include "net/shard.h"
#include "session/frames.h"
#include "sim/command.h"
#include "wire/client_event.h"

namespace session {

class Gateway;
class LobbyHost;
class NodeLink;

// One a shard, used on its thread only.
class Router final : public lobby::Outlet, private frames::Receiver {
 public:
  explicit Router(net::Shard& shard);
  ~Router() override;

  // All before any shard runs. `routers` is indexed by shard and outlives the router's use, and so
  // do directory and nodes. Without nodes this one is alone.
  void attach(Gateway& gateway, LobbyHost& host);
  void link(std::span<Router* const> routers);
  void link_nodes(NodeLink& nodes, lobby::Directory& directory);
  // A frame from another node for this shard.
  void read_frame(lobby::NodeIndex from, std::string_view frame);

  // Sessions to lobbies.
  void join(const lobby::Directory::Place& place, const lobby::LobbyOptions& options,
            const lobby::JoinRequest& request);
  // In a lobby of another node, by id or code; "" = one that fits, or a new one.
  void join_far(lobby::NodeIndex node, const std::string& lobby, const lobby::LobbyOptions& options,
                const lobby::JoinRequest& request);
  void leave(lobby::SeatRef seat);
  void transport_lost(lobby::SeatRef seat);
  void resume(lobby::SeatRef seat);
  void greet_again(lobby::SeatRef seat);
  void take_over(lobby::SeatRef seat, lobby::SessionRef session, const std::string& player_id);
  void identify(lobby::SeatRef seat, const std::string& account_id, const std::string& name);
  // `name` and `args` are the event as it came, for lobbies on other nodes.
  void event(lobby::SeatRef seat, const wire::ClientEvent& event, std::string_view name,
             std::string_view args);
  void match_command(lobby::SeatRef seat, const sim::Command& command);
  // The session believes to have this seat: if it has not, it hears `unseated`.
  void still_here(lobby::SeatRef seat, lobby::SessionRef session, bool connected);
  // A player is back and looks for the seat that has his player id and
  // account, on all nodes. Whoever has it
  // answers `seated`; nobody answers that he has not.
  void seek_seat(const std::string& player_id, const std::string& account_id,
                 lobby::SessionRef session, std::uint64_t ticket);

  // Lobbies to sessions.
  void send(lobby::SessionRef to, std::string_view packet) override;
  void send_volatile(lobby::SessionRef to, std::string_view packet) override;
  void seated(lobby::SessionRef to, std::uint64_t ticket, lobby::SeatRef seat,
              std::string_view lobby) override;
  void refused(lobby::SessionRef to, std::uint64_t ticket, lobby::JoinKind kind, bool gone,
               std::string_view reason) override;
  void handed_over(lobby::SessionRef to, lobby::SeatRef seat, std::string_view lobby) override;
  void unseated(lobby::SessionRef to, lobby::SeatRef seat) override;
  void moved(lobby::SessionRef to, lobby::SeatRef seat) override;
  void stranded(lobby::SessionRef to, lobby::SeatRef seat) override;

  // Sessions to sessions: `heir` is another connection of the same account and takes what `from`
  // has.
  void displace(lobby::SessionRef from, lobby::SessionRef heir, const std::string& heir_player_id);
  // An account has signed in here: the other nodes let it go.
  void account_here(const std::string& account_id, lobby::SessionRef session,
                    const std::string& player_id, std::int64_t since_ms);

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
  void announce_mail();
  // Runs fn(router of that shard) there, after all mail sent before.
  template <class Fn>
  void on(lobby::ShardIndex shard, Fn fn);
  void open(std::shared_ptr<Mailbox> mail);
  template <class Message>
  void far(lobby::NodeIndex node, lobby::ShardIndex shard, const Message& message);
  void send_far_mail();

  // What other nodes say to this shard.
  void take(const frames::Join& message) override;
  void take(const frames::Leave& message) override;
  void take(const frames::TransportLost& message) override;
  void take(const frames::Resume& message) override;
  void take(const frames::GreetAgain& message) override;
  void take(const frames::TakeOver& message) override;
  void take(const frames::Identify& message) override;
  void take(const frames::ClientEvent& message) override;
  void take(const frames::Order& message) override;
  void take(const frames::StillHere& message) override;
  void take(const frames::SeatWanted& message) override;
  void take(const frames::Packet& message) override;
  void take(const frames::Seated& message) override;
  void take(const frames::Refused& message) override;
  void take(const frames::HandedOver& message) override;
  void take(const frames::Unseated& message) override;
  void take(const frames::AccountHere& message) override;

  net::Shard& shard_;
  Gateway* gateway_ = nullptr;
  LobbyHost* host_ = nullptr;
  std::span<Router* const> routers_;
  std::vector<std::shared_ptr<Mailbox>> mailboxes_;  // by shard
  std::vector<std::shared_ptr<Mailbox>> spares_;     // opened ones, whose memory is used again
  // Frames that wait, by node and shard; those that went out are kept for their memory.
  std::map<std::pair<lobby::NodeIndex, lobby::ShardIndex>, std::string> far_mail_;
  bool mail_posted_ = false;  // a post_all_mail() is on its way
  NodeLink* nodes_ = nullptr;
  lobby::Directory* directory_ = nullptr;
  wire::Decoder decoder_;    // of events from other nodes
  wire::ClientEvent event_;  // decoded, reused
};

}  // namespace session
