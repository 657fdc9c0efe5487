#include "base/clock.h"
#include "base/log.h"
#include "base/tally.h"
#include "session/address_limits.h"
#include "session/gateway.h"
#include "wire/account_packets.h"
#include "wire/packets.h"
#include "wire/queue_packets.h"

// How often a client may say what, and what it hears when it says too much or nonsense (S1, S2).

namespace session {

namespace log = base::log;
using wire::ClientKind;

namespace {

// Requests that a client waits on are always answered: unanswered ones leave its buttons dead (wire
// contract 8.2). Says so in the packet; false for what no client waits on.
bool refusal(ClientKind kind, std::string_view reason, std::string& packet) {
  switch (kind) {
    case ClientKind::find_match:
      wire::matchmaking_failed(packet, reason);
      return true;
    case ClientKind::create_private_lobby:
      wire::lobby_creation_failed(packet, reason);
      return true;
    case ClientKind::join_lobby:
      wire::lobby_join_failed(packet, reason);
      return true;
    case ClientKind::queue_join:
      wire::queue_failed(packet, reason);
      return true;
    case ClientKind::party_create:
    case ClientKind::party_join:
      wire::party_failed(packet, reason);
      return true;
    case ClientKind::player_join:
      wire::player_join_failed(packet, reason, "waiting", base::wall_ms());
      return true;
    case ClientKind::player_report:
      wire::report_failed(packet, "", reason);
      return true;
    default:
      return false;
  }
}

}  // namespace

bool Gateway::within_limit(Session& session, ClientKind kind) {
  return within_own_limit(session.limits, kind) && within_address_limit(session, kind);
}

bool Gateway::within_address_limit(const Session& session, ClientKind kind) const {
  AddressLimits* const limits = settings_.address_limits;
  if (limits == nullptr) return true;
  switch (kind) {
    case ClientKind::player_join:  // without a seat it seeks one
      return session.seat || limits->may_seek_lobby(session.address);
    case ClientKind::find_match:
    case ClientKind::create_private_lobby:
    case ClientKind::admin_force_create:
    case ClientKind::queue_join:
    case ClientKind::party_create:
      return limits->may_seek_lobby(session.address);
    case ClientKind::join_lobby:
    case ClientKind::party_join:
      return limits->may_try_code(session.address);
    case ClientKind::get_lobby_list:
      return limits->may_list_lobbies(session.address);
    case ClientKind::account_link:
      return limits->may_show_token(session.address);
    default:
      return true;
  }
}

bool Gateway::within_own_limit(Limits& limits, ClientKind kind) {
  const std::int64_t now = base::steady_ms();
  switch (kind) {
    case ClientKind::player_input:
      return limits.input.take(now);
    case ClientKind::weapon_fire:
      return limits.fire.take(now);
    case ClientKind::weapon_switch:
    case ClientKind::weapon_reload:
    case ClientKind::ads_toggle:
      return limits.weapon.take(now);
    case ClientKind::request_game_state:
      return limits.state.take(now);
    case ClientKind::join_lobby:
    case ClientKind::party_join:
      return limits.code.take(now);
    case ClientKind::get_lobby_list:
      return limits.list.take(now);
    case ClientKind::chat_message:
    case ClientKind::player_report:
    case ClientKind::account_link:
      return limits.talk.take(now);
    case ClientKind::find_match:
    case ClientKind::create_private_lobby:
    case ClientKind::queue_join:
    case ClientKind::party_create:
    case ClientKind::lobby_kick:
    case ClientKind::lobby_host:
    case ClientKind::lobby_start:
    case ClientKind::lobby_settings:
      return limits.lobby.take(now);
    default:
      return limits.other.take(now);
  }
}

void Gateway::over_limit(Session& session, ClientKind kind) {
  constexpr std::string_view kReason = "Too many requests. Please wait a moment.";
  packet_.clear();
  if (kind == ClientKind::account_link) {
    wire::account_refused(packet_, kReason);
  } else if (kind == ClientKind::chat_message) {
    wire::chat_refused(packet_, kReason);
  } else if (!refusal(kind, kReason, packet_)) {
    return;
  }
  reply(session);
}

void Gateway::malformed(Session& session, ClientKind kind) {
  counters_.malformed.add();
  if (!session.limits.malformed.take(base::steady_ms())) {
    counters_.closed_for_abuse.add();
    base::tally::count(base::tally::Suspicion::malformed_flood);
    log::warn("suspicious", {{"kind", "malformed_flood"}, {"player", session.player_id}});
    session.socket->close(sio::DisconnectReason::parse_error);
    return;
  }
  packet_.clear();
  if (refusal(kind, "Invalid request", packet_)) reply(session);
}

}  // namespace session
