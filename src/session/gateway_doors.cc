#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "session/address_limits.h"
#include "session/gateway.h"
#include "session/presence.h"
#include "session/router.h"
#include "wire/account_packets.h"
#include "wire/connect_auth.h"

// Who is let in, and who is shown out again (A5, A6, S8).

namespace session {

namespace log = base::log;

namespace {

// What a banned player reads, in connect_error or session:ended: "banned: <why> (until <when>)".
std::string refusal_of_ban(std::string_view words) { return "banned: " + std::string(words); }

// The message of the connect_error that a token's owner gets.
std::string refusal_of(const base::Error& error) {
  return error.code == "banned" ? refusal_of_ban(error.message) : "unauthorized";
}

}  // namespace

void Gateway::on_connect(sio::Socket& socket, std::string_view auth) {
  const wire::ConnectAuth wanted = wire::connect_auth(auth);
  const bool guest = wanted.token.empty();
  if (!wanted.ok || (guest && !settings_.allow_guests) || (!guest && !settings_.authenticate)) {
    socket.refuse("unauthorized");
    return;
  }
  auto session = std::make_unique<Session>();
  session->number = next_session_++;
  session->socket = &socket;
  session->player_id = socket.id();
  session->name = "Player " + session->player_id.substr(0, 8);
  session->address =
      settings_.client_address.of(socket.handshake().address, socket.handshake().forwarded_for);
  socket.user = session.get();
  const std::uint64_t number = session->number;
  Session& arrived = *sessions_.emplace(number, std::move(session)).first->second;
  if (guest) return admit_guest(arrived);
  if (settings_.address_limits && !settings_.address_limits->may_show_token(arrived.address)) {
    counters_.limited.add();
    return socket.close(sio::DisconnectReason::server_closed);
  }
  arrived.shows_token = true;
  settings_.authenticate(settings_.shard, wanted.token,
                         [this, number](base::Result<Identity> identity) {
                           Session* waiting = find(number);
                           if (waiting == nullptr) return;  // gone meanwhile
                           waiting->shows_token = false;
                           if (identity) {
                             // Accepted first, so that it can be told if its login has ended; but
                             // one who comes back looks for his account's seat.
                             const bool returns = waiting->socket->returning();
                             if (!returns) waiting->socket->accept();
                             if (sign_in(*waiting, std::move(identity).value()) && returns)
                               let_in(*waiting);
                             return;
                           }
                           // "Busy" must not end the client's tries (wire contract 1.6); a bad
                           // token or a ban must.
                           if (identity.error().code == "unavailable") {
                             waiting->socket->close(sio::DisconnectReason::server_closed);
                           } else {
                             turn_away(*waiting, refusal_of(identity.error()));
                           }
                         });
}

// Refuses a socket that was not accepted yet.
void Gateway::turn_away(Session& session, std::string_view message) {
  sio::Socket* refused = session.socket;
  refused->user = nullptr;
  sessions_.erase(session.number);
  refused->refuse(message);
}

// A guest needs nothing from the database but the word that he is not banned. While it hangs he is
// not kept out, for matches go on without it too: after a while he plays, and if the answer comes
// after all and is a ban, his socket is closed then.
void Gateway::admit_guest(Session& session) {
  if (!settings_.guest_ban) return let_in(session);
  constexpr std::chrono::milliseconds kPatience{2000};  // a connect has ten seconds (contract 1.2)
  const std::uint64_t number = session.number;
  session.admission = router_.shard().at(base::steady_now() + kPatience, [this, number] {
    guest_answer(number, base::Error{"unavailable", "no answer in time"});
  });
  settings_.guest_ban(
      settings_.shard, session.address,
      [this, number](base::Result<std::optional<std::string>> ban) { guest_answer(number, ban); });
}

void Gateway::guest_answer(std::uint64_t number,
                           const base::Result<std::optional<std::string>>& ban) {
  Session* session = find(number);
  if (session == nullptr) return;  // gone meanwhile
  const bool is_banned = ban.ok() && ban->has_value();
  if (session->admission == 0) {  // let in already
    if (is_banned && session->account_id.empty()) dismiss(*session, refusal_of_ban(**ban));
    return;
  }
  router_.shard().cancel(std::exchange(session->admission, 0));
  if (is_banned) return turn_away(*session, refusal_of_ban(**ban));
  if (!ban.ok()) {
    log::warn("guest_admitted_unchecked",
              {{"player", session->player_id}, {"reason", ban.error().message}});
  }
  let_in(*session);
}

// One account, one seat: an older connection of the account is told and closed, its seat handed
// over.
bool Gateway::sign_in(Session& session, Identity identity) {
  if (const EndedLogin* ended = ended_login(identity)) {
    if (session.socket->returning()) {  // not accepted yet
      turn_away(session, ended->reason);
    } else {
      dismiss(session, ended->reason);
    }
    return false;
  }
  session.account_id = std::move(identity.account_id);
  session.login_id = std::move(identity.login_id);
  session.name = std::move(identity.name);
  const lobby::SessionRef here = ref_of(session);
  const std::int64_t now = base::wall_ms();
  const auto before = presence_.claim(session.account_id, here, now);
  if (before && *before != here) router_.displace(*before, here, session.player_id);
  router_.account_here(session.account_id, here, session.player_id, now);
  return true;
}

// A token may have been good when it was read and its login ended before the answer came back here
// (A5).
const Gateway::EndedLogin* Gateway::ended_login(const Identity& identity) const {
  for (const EndedLogin& ended : ended_logins_) {
    if (ended.account_id != identity.account_id) continue;
    if (ended.login_id.empty() || ended.login_id == identity.login_id) return &ended;
  }
  return nullptr;
}

void Gateway::link_account(Session& session, const std::string& token) {
  if (!session.account_id.empty() || !settings_.authenticate) return;
  const std::uint64_t number = session.number;
  settings_.authenticate(settings_.shard, token, [this, number](base::Result<Identity> identity) {
    Session* linked = find(number);
    if (linked == nullptr || !linked->account_id.empty()) return;
    packet_.clear();
    if (!identity) {
      wire::account_refused(packet_, refusal_of(identity.error()));
      return reply(*linked);
    }
    if (!sign_in(*linked, std::move(identity).value())) return;
    if (linked->seat) router_.identify(linked->seat, linked->account_id, linked->name);
    packet_.clear();
    wire::account_linked(packet_, linked->account_id, linked->name);
    reply(*linked);
  });
}

void Gateway::displaced(std::uint64_t number, lobby::SessionRef heir,
                        const std::string& heir_player_id) {
  Session* session = find(number);
  if (session == nullptr) return;
  // The same player, back on another node, asks for the seat himself.
  const bool returned = session->player_id == heir_player_id;
  if (session->seat && !returned) router_.take_over(session->seat, heir, heir_player_id);
  session->seat = {};
  dismiss(*session, "signed in on another device");
}

void Gateway::account_elsewhere(const std::string& account_id, lobby::SessionRef heir,
                                const std::string& player_id, std::int64_t since_ms) {
  const auto left = presence_.yield(account_id, since_ms);
  if (left) router_.displace(*left, heir, player_id);
}

// Tells why, then closes. The seat, if any, is given up with the socket.
void Gateway::dismiss(Session& session, std::string_view reason) {
  packet_.clear();
  wire::session_ended(packet_, reason);
  reply(session);
  session.socket->close(sio::DisconnectReason::server_closed);
}

void Gateway::end_login(const std::string& account_id, const std::string& login_id,
                        std::string_view reason) {
  constexpr std::int64_t kRemember = 30'000;  // ms: longer than a token check may take
  while (!ended_logins_.empty() && base::steady_ms() - ended_logins_.front().at_ms > kRemember) {
    ended_logins_.pop_front();
  }
  ended_logins_.push_back({account_id, login_id, std::string(reason), base::steady_ms()});
  std::vector<std::uint64_t> ended;
  for (const auto& [number, session] : sessions_) {
    if (session->account_id != account_id) continue;
    if (login_id.empty() || session->login_id == login_id) ended.push_back(number);
  }
  for (const std::uint64_t number : ended) {
    if (Session* session = find(number)) dismiss(*session, reason);
  }
}

void Gateway::end_guests(const std::string& address, std::string_view reason) {
  const std::string network = base::network_of(address);
  std::vector<std::uint64_t> ended;
  for (const auto& [number, session] : sessions_) {
    const bool is_guest = session->account_id.empty() && !session->shows_token;
    if (is_guest && base::network_of(session->address) == network) ended.push_back(number);
  }
  for (const std::uint64_t number : ended) {
    Session* session = find(number);
    if (session == nullptr) continue;
    if (session->admission == 0) {
      dismiss(*session, reason);
    } else {
      router_.shard().cancel(std::exchange(session->admission, 0));
      turn_away(*session, reason);
    }
  }
}

}  // namespace session
