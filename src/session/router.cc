#include "session/router.h"

#include "base/log.h"
#include "session/gateway.h"
#include "session/lobby_host.h"
#include "session/node_link.h"

namespace session {

namespace {

// What is kept of mail that was opened. As much goes out as comes in, so few are needed; those of
// an unusual size (a tick's frames are some 100 kB) go back to the system.
constexpr std::size_t kSpares = 8;
constexpr std::size_t kSpareBytes = 512 * 1024;
// A frame of this size goes out at once; the bound of the cluster is the double (cluster/timing.h).
constexpr std::size_t kFullFrame = 128 * 1024;

}  // namespace

void Router::Mailbox::clear() {
  bytes.clear();
  letters.clear();
  orders.clear();
}

Router::Router(net::Shard& shard) : shard_(shard) {}
Router::~Router() = default;

void Router::attach(Gateway& gateway, LobbyHost& host) {
  gateway_ = &gateway;
  host_ = &host;
}

void Router::link(std::span<Router* const> routers) {
  routers_ = routers;
  mailboxes_.resize(routers.size());
}

void Router::link_nodes(NodeLink& nodes, lobby::Directory& directory) {
  nodes_ = &nodes;
  directory_ = &directory;
}

Router::Mailbox& Router::mailbox(lobby::ShardIndex shard) {
  auto& box = mailboxes_[shard];
  if (!box && !spares_.empty()) {
    box = std::move(spares_.back());
    spares_.pop_back();
  }
  if (!box) box = std::make_shared<Mailbox>();
  announce_mail();
  return *box;
}

// The mail leaves when the present batch of events or tick is done.
void Router::announce_mail() {
  if (mail_posted_) return;
  mail_posted_ = true;
  shard_.post([this] { post_all_mail(); });
}

template <class Message>
void Router::far(lobby::NodeIndex node, lobby::ShardIndex shard, const Message& message) {
  if (nodes_ == nullptr) return;
  std::string& frame = far_mail_[{node, shard}];
  if (frame.empty()) frames::begin(frame, shard);
  frames::append(frame, message, *nodes_);
  if (frame.size() >= kFullFrame) {
    nodes_->send(node, frame);
    frame.clear();
  }
  announce_mail();
}

void Router::send_far_mail() {
  for (auto entry = far_mail_.begin(); entry != far_mail_.end();) {
    auto& [to, frame] = *entry;
    if (frame.empty()) {  // idle since the last time
      entry = far_mail_.erase(entry);
      continue;
    }
    nodes_->send(to.first, frame);
    frame.clear();
    ++entry;
  }
}

void Router::post_mail(lobby::ShardIndex shard) {
  auto& box = mailboxes_[shard];
  if (!box || box->empty()) return;
  Router* peer = routers_[shard];
  const bool hurried = !box->letters.empty();
  const auto deliver = [peer, mail = std::move(box)] { peer->open(mail); };
  box = nullptr;
  if (hurried) {
    peer->shard_.post(deliver);
  } else {
    peer->shard_.post_unhurried(deliver);
  }
}

void Router::post_all_mail() {
  mail_posted_ = false;
  for (std::size_t shard = 0; shard < mailboxes_.size(); ++shard)
    post_mail(static_cast<lobby::ShardIndex>(shard));
  if (!far_mail_.empty()) send_far_mail();
}

void Router::open(std::shared_ptr<Mailbox> mail) {
  for (const Mailbox::Order& order : mail->orders)
    host_->engine().match_command(order.seat, order.command);
  const std::string_view bytes = mail->bytes;
  for (const Mailbox::Letter& letter : mail->letters) {
    gateway_->deliver(letter.session, bytes.substr(letter.begin, letter.size), letter.is_volatile);
  }
  if (spares_.size() == kSpares || mail->bytes.capacity() > kSpareBytes) return;
  mail->clear();
  spares_.push_back(std::move(mail));
}

template <class Fn>
void Router::on(lobby::ShardIndex shard, Fn fn) {
  if (here(shard)) {
    fn(*this);
    return;
  }
  if (shard >= routers_.size()) return;  // made up by another node
  post_mail(shard);                      // order is kept
  Router* peer = routers_[shard];
  peer->shard_.post([peer, fn = std::move(fn)] { fn(*peer); });
}

void Router::join(const lobby::Directory::Place& place, const lobby::LobbyOptions& options,
                  const lobby::JoinRequest& request) {
  on(place.shard,
     [place, options, request](Router& router) { router.host_->join(place, options, request); });
}

void Router::join_far(lobby::NodeIndex node, const std::string& lobby,
                      const lobby::LobbyOptions& options, const lobby::JoinRequest& request) {
  far(node, shard_.id(), frames::Join{lobby, options, request});
}

void Router::leave(lobby::SeatRef seat) {
  if (seat.node != 0) return far(seat.node, seat.shard, frames::Leave{seat});
  on(seat.shard, [seat](Router& router) { router.host_->engine().leave(seat); });
}

void Router::transport_lost(lobby::SeatRef seat) {
  if (seat.node != 0) return far(seat.node, seat.shard, frames::TransportLost{seat});
  on(seat.shard, [seat](Router& router) { router.host_->engine().transport_lost(seat); });
}

void Router::resume(lobby::SeatRef seat) {
  if (seat.node != 0) return far(seat.node, seat.shard, frames::Resume{seat});
  on(seat.shard, [seat](Router& router) { router.host_->engine().resume(seat); });
}

void Router::greet_again(lobby::SeatRef seat) {
  if (seat.node != 0) return far(seat.node, seat.shard, frames::GreetAgain{seat});
  on(seat.shard, [seat](Router& router) { router.host_->engine().greet_again(seat); });
}

void Router::take_over(lobby::SeatRef seat, lobby::SessionRef session,
                       const std::string& player_id) {
  if (seat.node != 0) return far(seat.node, seat.shard, frames::TakeOver{seat, session, player_id});
  on(seat.shard, [seat, session, player_id](Router& router) {
    router.host_->engine().take_over(seat, session, player_id);
  });
}

void Router::identify(lobby::SeatRef seat, const std::string& account_id, const std::string& name) {
  if (seat.node != 0) return far(seat.node, seat.shard, frames::Identify{seat, account_id, name});
  on(seat.shard, [seat, account_id, name](Router& router) {
    router.host_->engine().identify(seat, account_id, name);
  });
}

void Router::event(lobby::SeatRef seat, const wire::ClientEvent& event, std::string_view name,
                   std::string_view args) {
  if (seat.node != 0) {
    return far(seat.node, seat.shard,
               frames::ClientEvent{seat, std::string(name), std::string(args)});
  }
  on(seat.shard, [seat, event](Router& router) { router.host_->engine().event(seat, event); });
}

void Router::match_command(lobby::SeatRef seat, const sim::Command& command) {
  if (seat.node != 0) {
    far(seat.node, seat.shard, frames::Order{seat, command});
  } else if (here(seat.shard)) {
    host_->engine().match_command(seat, command);
  } else {
    mailbox(seat.shard).orders.push_back({seat, command});
  }
}

void Router::still_here(lobby::SeatRef seat, lobby::SessionRef session, bool connected) {
  far(seat.node, seat.shard, frames::StillHere{seat, session, connected});
}

void Router::seek_seat(const std::string& player_id, const std::string& account_id,
                       lobby::SessionRef session, std::uint64_t ticket) {
  for (std::size_t shard = 0; shard < routers_.size(); ++shard) {
    on(static_cast<lobby::ShardIndex>(shard), [=](Router& router) {
      router.host_->engine().reclaim(player_id, account_id, session, ticket);
    });
  }
  if (nodes_ == nullptr) return;
  for (const lobby::NodeIndex node : nodes_->peers())
    far(node, frames::kAllShards, frames::SeatWanted{player_id, account_id, session, ticket});
}

void Router::displace(lobby::SessionRef from, lobby::SessionRef heir,
                      const std::string& heir_player_id) {
  on(from.shard, [from, heir, heir_player_id](Router& router) {
    router.gateway_->displaced(from.number, heir, heir_player_id);
  });
}

void Router::account_here(const std::string& account_id, lobby::SessionRef session,
                          const std::string& player_id, std::int64_t since_ms) {
  if (nodes_ == nullptr) return;
  for (const lobby::NodeIndex node : nodes_->peers())
    far(node, shard_.id(), frames::AccountHere{account_id, session, player_id, since_ms});
}

void Router::letter(lobby::SessionRef to, std::string_view packet, bool is_volatile) {
  if (to.node != 0) return far(to.node, to.shard, frames::Packet{to.number, is_volatile, packet});
  if (here(to.shard)) {
    gateway_->deliver(to.number, packet, is_volatile);
    return;
  }
  if (to.shard >= routers_.size()) return;
  Mailbox& box = mailbox(to.shard);
  box.letters.push_back({to.number, static_cast<std::uint32_t>(box.bytes.size()),
                         static_cast<std::uint32_t>(packet.size()), is_volatile});
  box.bytes.append(packet);
}

void Router::send(lobby::SessionRef to, std::string_view packet) { letter(to, packet, false); }

void Router::send_volatile(lobby::SessionRef to, std::string_view packet) {
  letter(to, packet, true);
}

void Router::seated(lobby::SessionRef to, std::uint64_t ticket, lobby::SeatRef seat,
                    std::string_view lobby) {
  if (to.node != 0) {
    return far(to.node, to.shard, frames::Seated{to.number, ticket, seat, std::string(lobby)});
  }
  on(to.shard, [to, ticket, seat, lobby = std::string(lobby)](Router& router) {
    router.gateway_->seated(to.number, ticket, seat, lobby);
  });
}

void Router::refused(lobby::SessionRef to, std::uint64_t ticket, lobby::JoinKind kind, bool gone,
                     std::string_view reason) {
  if (to.node != 0) {
    return far(to.node, to.shard,
               frames::Refused{to.number, ticket, kind, gone, std::string(reason)});
  }
  on(to.shard, [to, ticket, kind, gone, reason = std::string(reason)](Router& router) {
    router.gateway_->refused(to.number, ticket, kind, gone, reason);
  });
}

void Router::handed_over(lobby::SessionRef to, lobby::SeatRef seat, std::string_view lobby) {
  if (to.node != 0)
    return far(to.node, to.shard, frames::HandedOver{to.number, seat, std::string(lobby)});
  on(to.shard, [to, seat, lobby = std::string(lobby)](Router& router) {
    router.gateway_->handed_over(to.number, seat, lobby);
  });
}

void Router::unseated(lobby::SessionRef to, lobby::SeatRef seat) {
  if (to.node != 0)
    return far(to.node, to.shard, frames::Unseated{to.number, seat, frames::SeatLoss::taken});
  on(to.shard, [to, seat](Router& router) { router.gateway_->unseated(to.number, seat); });
}

void Router::moved(lobby::SessionRef to, lobby::SeatRef seat) {
  if (to.node != 0)
    return far(to.node, to.shard, frames::Unseated{to.number, seat, frames::SeatLoss::moved});
  on(to.shard, [to, seat](Router& router) { router.gateway_->seat_moved(to.number, seat); });
}

// The session looks for the seat where it is now.
void Router::stranded(lobby::SessionRef to, lobby::SeatRef seat) {
  if (to.node != 0)
    return far(to.node, to.shard, frames::Unseated{to.number, seat, frames::SeatLoss::adrift});
  on(to.shard, [to, seat](Router& router) { router.gateway_->seat_lost(to.number, seat); });
}

// --- from other nodes ---

void Router::read_frame(lobby::NodeIndex from, std::string_view frame) {
  if (nodes_ == nullptr || frames::read(frame, from, *nodes_, *this)) return;
  base::log::warn("bad_frame", {{"node", nodes_->id_of(from)}});
}

// The lobby is looked up here, where its places are counted.
void Router::take(const frames::Join& message) {
  lobby::JoinRequest request = message.request;
  const auto place = !message.lobby.empty() ? directory_->by_code(message.lobby)
                     : message.options.is_private
                         ? directory_->create(message.options, shard_.id())
                         : directory_->quick_play(message.options, shard_.id(), 0);
  if (!place) {
    return refused(request.session, request.ticket, request.kind, true, place.error().message);
  }
  request.lobby = place->lobby;
  request.by_invite = place->by_invite || place->create;
  join(*place, message.options, request);
}

void Router::take(const frames::Leave& message) { host_->engine().leave(message.seat); }

void Router::take(const frames::TransportLost& message) {
  host_->engine().transport_lost(message.seat);
}

void Router::take(const frames::Resume& message) { host_->engine().resume(message.seat); }

void Router::take(const frames::GreetAgain& message) { host_->engine().greet_again(message.seat); }

void Router::take(const frames::TakeOver& message) {
  host_->engine().take_over(message.seat, message.session, message.player_id);
}

void Router::take(const frames::Identify& message) {
  host_->engine().identify(message.seat, message.account_id, message.name);
}

void Router::take(const frames::ClientEvent& message) {
  if (decoder_.decode(message.name, message.args, event_) != wire::DecodeStatus::ok) return;
  host_->engine().event(message.seat, event_);
}

void Router::take(const frames::Order& message) {
  host_->engine().match_command(message.seat, message.command);
}

void Router::take(const frames::StillHere& message) {
  if (host_->engine().still_here(message.seat, message.session, message.connected)) return;
  const lobby::SessionRef& to = message.session;
  const bool here = host_->engine().has(message.seat.lobby);
  far(to.node, to.shard,
      frames::Unseated{to.number, message.seat,
                       here ? frames::SeatLoss::moved : frames::SeatLoss::adrift});
}

void Router::take(const frames::SeatWanted& message) {
  host_->engine().reclaim(message.player_id, message.account_id, message.session, message.ticket);
}

void Router::take(const frames::Packet& message) {
  gateway_->deliver(message.session, message.bytes, message.is_volatile);
}

void Router::take(const frames::Seated& message) {
  gateway_->seated(message.session, message.ticket, message.seat, message.lobby);
}

void Router::take(const frames::Refused& message) {
  gateway_->refused(message.session, message.ticket, message.kind, message.gone, message.reason);
}

void Router::take(const frames::HandedOver& message) {
  gateway_->handed_over(message.session, message.seat, message.lobby);
}

void Router::take(const frames::Unseated& message) {
  switch (message.why) {
    case frames::SeatLoss::taken:
      return gateway_->unseated(message.session, message.seat);
    case frames::SeatLoss::adrift:
      return gateway_->seat_lost(message.session, message.seat);
    case frames::SeatLoss::moved:
      return gateway_->seat_moved(message.session, message.seat);
  }
}

void Router::take(const frames::AccountHere& message) {
  gateway_->account_elsewhere(message.account_id, message.session, message.player_id,
                              message.since_ms);
}

}  // namespace session
