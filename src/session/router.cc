#include "session/router.h"

#include "session/gateway.h"
#include "session/lobby_host.h"

namespace session {

namespace {

// What is kept of mail that was opened. As much goes out as comes in, so few are needed; those of
// an unusual size (a tick's frames are some 100 kB) go back to the system.
constexpr std::size_t kSpares = 8;
constexpr std::size_t kSpareBytes = 512 * 1024;

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

Router::Mailbox& Router::mailbox(lobby::ShardIndex shard) {
  auto& box = mailboxes_[shard];
  if (!box && !spares_.empty()) {
    box = std::move(spares_.back());
    spares_.pop_back();
  }
  if (!box) box = std::make_shared<Mailbox>();
  // The mail leaves when the present batch of events or tick is done.
  if (!mail_posted_) {
    mail_posted_ = true;
    shard_.post([this] { post_all_mail(); });
  }
  return *box;
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
  post_mail(shard);  // order is kept
  Router* peer = routers_[shard];
  peer->shard_.post([peer, fn = std::move(fn)] { fn(*peer); });
}

void Router::join(const lobby::Directory::Place& place, const lobby::LobbyOptions& options,
                  const lobby::JoinRequest& request) {
  on(place.shard,
     [place, options, request](Router& router) { router.host_->join(place, options, request); });
}

void Router::leave(lobby::SeatRef seat) {
  on(seat.shard, [seat](Router& router) { router.host_->engine().leave(seat); });
}

void Router::transport_lost(lobby::SeatRef seat) {
  on(seat.shard, [seat](Router& router) { router.host_->engine().transport_lost(seat); });
}

void Router::resume(lobby::SeatRef seat) {
  on(seat.shard, [seat](Router& router) { router.host_->engine().resume(seat); });
}

void Router::greet_again(lobby::SeatRef seat) {
  on(seat.shard, [seat](Router& router) { router.host_->engine().greet_again(seat); });
}

void Router::take_over(lobby::SeatRef seat, lobby::SessionRef session,
                       const std::string& player_id) {
  on(seat.shard, [seat, session, player_id](Router& router) {
    router.host_->engine().take_over(seat, session, player_id);
  });
}

void Router::identify(lobby::SeatRef seat, const std::string& account_id, const std::string& name) {
  on(seat.shard, [seat, account_id, name](Router& router) {
    router.host_->engine().identify(seat, account_id, name);
  });
}

void Router::displace(lobby::SessionRef from, lobby::SessionRef heir,
                      const std::string& heir_player_id) {
  on(from.shard, [from, heir, heir_player_id](Router& router) {
    router.gateway_->displaced(from.number, heir, heir_player_id);
  });
}

void Router::event(lobby::SeatRef seat, const wire::ClientEvent& event) {
  on(seat.shard, [seat, event](Router& router) { router.host_->engine().event(seat, event); });
}

void Router::match_command(lobby::SeatRef seat, const sim::Command& command) {
  if (here(seat.shard)) {
    host_->engine().match_command(seat, command);
  } else {
    mailbox(seat.shard).orders.push_back({seat, command});
  }
}

void Router::letter(lobby::SessionRef to, std::string_view packet, bool is_volatile) {
  if (here(to.shard)) {
    gateway_->deliver(to.number, packet, is_volatile);
    return;
  }
  Mailbox& box = mailbox(to.shard);
  box.letters.push_back({to.number, static_cast<std::uint32_t>(box.bytes.size()),
                         static_cast<std::uint32_t>(packet.size()), is_volatile});
  box.bytes.append(packet);
}

void Router::send(lobby::SessionRef to, std::string_view packet) { letter(to, packet, false); }

void Router::send_volatile(lobby::SessionRef to, std::string_view packet) {
  letter(to, packet, true);
}

void Router::seated(lobby::SessionRef to, std::uint64_t ticket, lobby::SeatRef seat) {
  on(to.shard,
     [to, ticket, seat](Router& router) { router.gateway_->seated(to.number, ticket, seat); });
}

void Router::refused(lobby::SessionRef to, std::uint64_t ticket, lobby::JoinKind kind, bool gone,
                     std::string_view reason) {
  on(to.shard, [to, ticket, kind, gone, reason = std::string(reason)](Router& router) {
    router.gateway_->refused(to.number, ticket, kind, gone, reason);
  });
}

void Router::handed_over(lobby::SessionRef to, lobby::SeatRef seat) {
  on(to.shard, [to, seat](Router& router) { router.gateway_->handed_over(to.number, seat); });
}

void Router::unseated(lobby::SessionRef to, lobby::SeatRef seat) {
  on(to.shard, [to, seat](Router& router) { router.gateway_->unseated(to.number, seat); });
}

}  // namespace session
