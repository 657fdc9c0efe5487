#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "session/elsewhere.h"
#include "session/gateway.h"
#include "session/router.h"
#include "wire/packets.h"

// How a session comes by its seat: on this node first, then on the others (C4), and again after its
// connection or a node was lost (L9).

namespace session {

namespace {

constexpr std::chrono::milliseconds kAskAgain{250};  // where a seat is
constexpr std::chrono::milliseconds kAlonePatience{300};
constexpr std::chrono::seconds kJoinPatience{5};  // for the answer of another node
// For seats on other nodes. A lost word is found out within this time; a seat that is not heard of
// for a minute is given up (lobby::Timing::claim).
constexpr std::chrono::seconds kHoldSeats{5};

}  // namespace

lobby::SessionRef Gateway::ref_of(const Session& session) const {
  return {settings_.shard, session.number};
}

void Gateway::start() {
  if (settings_.elsewhere != nullptr) hold_far_seats();
}

void Gateway::hold_far_seats() {
  for (const auto& [number, session] : sessions_) {
    if (session->seat.node != 0)
      router_.still_here(session->seat, ref_of(*session), session->socket->connected());
  }
  router_.shard().at(base::steady_now() + kHoldSeats, [this] { hold_far_seats(); });
}

bool Gateway::looks_elsewhere() const {
  return settings_.elsewhere != nullptr && settings_.elsewhere->reachable();
}

// --- a wish ---

void Gateway::pursue(Session& session) {
  Wish& wish = session.wish;
  const lobby::ShardIndex home = settings_.shard;
  const auto place = [&]() -> base::Result<lobby::Directory::Place> {
    if (wish.kind == lobby::JoinKind::code) return directory_.by_code(wish.code);
    const bool own = wish.kind == lobby::JoinKind::create_private ||
                     wish.kind == lobby::JoinKind::force_create || wish.options.is_private;
    if (own) return directory_.create(wish.options, home);
    // The other nodes are asked before a new lobby is made.
    if (looks_elsewhere()) return directory_.find(wish.options, wish.avoid);
    return directory_.quick_play(wish.options, home, wish.avoid);
  }();
  if (place) return take_place(session, *place);
  if (!looks_elsewhere()) return refuse(session, wish.kind, place.error().message);
  look_elsewhere(session, place.error());
}

void Gateway::look_elsewhere(Session& session, const base::Error& why) {
  Wish& wish = session.wish;
  const auto answer = [this, number = session.number,
                       ticket = ++wish.ticket](const base::Result<FarPlace>& place) {
    found_elsewhere(number, ticket, place);
  };
  if (wish.kind == lobby::JoinKind::code) {
    const std::optional<std::string> meant = base::parse_lobby_code(wish.code);
    if (why.code != "not_found" || !meant) return refuse(session, wish.kind, why.message);
    return settings_.elsewhere->locate(*meant, settings_.shard, answer);
  }
  const bool own = wish.kind == lobby::JoinKind::create_private || wish.options.is_private;
  if (!own && wish.kind != lobby::JoinKind::force_create)
    return settings_.elsewhere->find(wish.options.mode, wish.avoid_id, settings_.shard, answer);
  // This node is full.
  const auto open = settings_.elsewhere->open();
  if (!open) return refuse(session, wish.kind, why.message);
  take_far_place(session, *open);
}

void Gateway::found_elsewhere(std::uint64_t number, std::uint64_t ticket,
                              const base::Result<FarPlace>& place) {
  Session* session = find(number);
  if (session == nullptr || !session->wish.open || session->wish.ticket != ticket) {
    if (place) settings_.elsewhere->release(*place);
    return;
  }
  Wish& wish = session->wish;
  if (place && place->node != 0) return take_far_place(*session, *place);
  if (place) settings_.elsewhere->release(*place);  // ours after all: the directory knows better
  if (wish.kind == lobby::JoinKind::code) {
    const auto here = directory_.by_code(wish.code);
    return here ? take_place(*session, *here) : refuse(*session, wish.kind, here.error().message);
  }
  const auto here = directory_.quick_play(wish.options, settings_.shard, wish.avoid);
  if (here) return take_place(*session, *here);
  const auto open = settings_.elsewhere->open();
  if (open) return take_far_place(*session, *open);
  refuse(*session, wish.kind, here.error().message);
}

lobby::JoinRequest Gateway::request_of(Session& session) const {
  Wish& wish = session.wish;
  lobby::JoinRequest request;
  request.session = ref_of(session);
  request.ticket = ++wish.ticket;
  request.kind = wish.kind;
  request.player_id = session.player_id;
  request.account_id = session.account_id;
  request.name = session.name;
  request.address = session.address;
  request.party = session.party;
  request.password = wish.kind == lobby::JoinKind::code ? wish.password : wish.options.password;
  request.reason = wish.reason;
  ++wish.attempts;
  return request;
}

void Gateway::take_place(Session& session, const lobby::Directory::Place& place) {
  // The code of the lobby he is in.
  if (session.seat && session.seat.node == 0 && place.lobby == session.seat.lobby) {
    directory_.settle(place.lobby);
    session.wish.open = false;
    return router_.greet_again(session.seat);
  }
  lobby::JoinRequest request = request_of(session);
  request.lobby = place.lobby;
  request.by_invite = place.by_invite || place.create;
  session.wish.avoid = place.lobby;
  router_.join(place, session.wish.options, request);
}

void Gateway::take_far_place(Session& session, const FarPlace& place) {
  if (session.seat && session.seat.node == place.node && session.lobby_id == place.lobby) {
    settings_.elsewhere->release(place);
    session.wish.open = false;
    return router_.greet_again(session.seat);
  }
  session.wish.place = place;
  session.wish.avoid_id = place.lobby;
  // A code is told as it was typed: only there is it known for an invitation.
  const bool typed = session.wish.kind == lobby::JoinKind::code;
  router_.join_far(place.node, typed ? session.wish.code : place.lobby, session.wish.options,
                   request_of(session));
  router_.shard().at(base::steady_now() + kJoinPatience,
                     [this, number = session.number, ticket = session.wish.ticket] {
                       give_up_join(number, ticket);
                     });
}

// The other node does not answer: the word was lost, or the node is.
void Gateway::give_up_join(std::uint64_t number, std::uint64_t ticket) {
  const Session* session = find(number);
  if (session == nullptr) return;
  refused(number, ticket, session->wish.kind, true, "The server did not answer");
}

// The place that was held on another node has been taken, or is not wanted any more.
void Gateway::settle_far_place(Session& session) {
  if (session.wish.place) settings_.elsewhere->release(*session.wish.place);
  session.wish.place.reset();
}

// --- back to a seat ---

// One who bears the id of a connection of before is let in when it is known what became of his
// seat: with the seat, as if nothing had happened, or as somebody new.
void Gateway::let_in(Session& session) {
  // Or its account's seat has been handed to it while it signed in.
  if (!session.socket->returning() || session.seat) return session.socket->accept();
  session.returning = true;
  seek(session);
}

void Gateway::seek(Session& session) {
  Wish& wish = session.wish;
  if (wish.open) refuse(session, wish.kind, "The server of this lobby is gone");
  settle_far_place(session);
  wish.open = true;
  wish.kind = lobby::JoinKind::reclaim;
  ask_for_seat(session.number, ++wish.ticket, base::steady_ms());
}

void Gateway::ask_for_seat(std::uint64_t number, std::uint64_t ticket, std::int64_t since_ms) {
  Session* session = find(number);
  if (session == nullptr || !session->wish.open || session->wish.ticket != ticket) return;
  const auto patience = settings_.seek_patience ? settings_.seek_patience() : kAlonePatience;
  if (base::steady_ms() - since_ms >= patience.count()) return give_up_seat(*session);
  router_.shard().at(base::steady_now() + std::min(kAskAgain, patience),
                     [this, number, ticket, since_ms] { ask_for_seat(number, ticket, since_ms); });
  router_.seek_seat(session->player_id, session->account_id, ref_of(*session), ticket);
}

void Gateway::give_up_seat(Session& session) {
  session.wish.open = false;
  ++session.wish.ticket;
  if (std::exchange(session.returning, false)) {
    session.socket->renew();
    session.player_id = session.socket->id();
    if (session.account_id.empty()) session.name = "Player " + session.player_id.substr(0, 8);
    return session.socket->accept();
  }
  packet_.clear();
  wire::left_lobby(packet_, std::exchange(session.lobby_id, {}));
  reply(session);
  packet_.clear();
  wire::lobby_error(packet_, "The server of this match is gone");
  reply(session);
}

void Gateway::seat_lost(std::uint64_t number, lobby::SeatRef seat) {
  Session* session = find(number);
  if (session == nullptr || session->seat != seat) return;
  session->seat = {};
  seek(*session);
}

void Gateway::seat_moved(std::uint64_t number, lobby::SeatRef seat) {
  Session* session = find(number);
  if (session == nullptr || session->seat != seat) return;
  session->seat = {};
  session->lobby_id.clear();
  // Left open, it would be a second player of the same id.
  session->socket->close(sio::DisconnectReason::server_closed);
}

void Gateway::node_lost(lobby::NodeIndex node) {
  std::vector<std::uint64_t> homeless;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> waiting;
  for (const auto& [number, session] : sessions_) {
    if (session->seat && session->seat.node == node) homeless.push_back(number);
    const Wish& wish = session->wish;
    if (wish.open && wish.place && wish.place->node == node)
      waiting.emplace_back(number, wish.ticket);
  }
  for (const auto& [number, ticket] : waiting) give_up_join(number, ticket);
  for (const std::uint64_t number : homeless) {
    if (Session* session = find(number)) seat_lost(number, session->seat);
  }
}

}  // namespace session
