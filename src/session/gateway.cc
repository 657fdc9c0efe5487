#include "session/gateway.h"

#include <algorithm>

#include "base/clock.h"
#include "base/log.h"
#include "base/tally.h"
#include "session/match_queue.h"
#include "session/presence.h"
#include "session/router.h"
#include "wire/packets.h"
#include "wire/queue_packets.h"

namespace session {

namespace log = base::log;
using wire::ClientKind;

namespace {

bool is_test_hook(ClientKind kind) { return kind >= ClientKind::debug_trigger_match_end; }

// The wire room writes packets as they are on the wire, 42["name",...]; the 4 is Engine.IO's, which
// sio puts there itself.
std::string_view message_of(std::string_view packet) { return packet.substr(1); }

sim::Tick ticks_of(std::chrono::milliseconds span) {
  return sim::ticks_from_ms(
      static_cast<std::uint32_t>(std::clamp<std::int64_t>(span.count(), 0, 1000)));
}

}  // namespace

Gateway::Gateway(GatewaySettings settings, Router& router, lobby::Directory& directory,
                 Presence& presence)
    : settings_(std::move(settings)),
      router_(router),
      directory_(directory),
      presence_(presence),
      next_session_(settings_.first_session + 1) {}

Gateway::~Gateway() = default;

Session* Gateway::find(std::uint64_t number) {
  const auto found = sessions_.find(number);
  return found == sessions_.end() ? nullptr : found->second.get();
}

void Gateway::reply(Session& session) { session.socket->send(message_of(packet_)); }

// --- sockets ---

void Gateway::handed_over(std::uint64_t number, lobby::SeatRef seat, const std::string& lobby_id) {
  Session* session = find(number);
  if (session == nullptr) {
    router_.shard().post([this, seat] { router_.leave(seat); });
    return;
  }
  if (session->seat && session->seat != seat)
    router_.shard().post([this, old = session->seat] { router_.leave(old); });
  session->seat = seat;
  session->lobby_id = lobby_id;
  // What it had asked for on its own is settled with this.
  session->wish.open = false;
  ++session->wish.ticket;
  session->stray_join.reset();
  if (std::exchange(session->returning, false)) session->socket->accept();
}

void Gateway::on_transport_lost(sio::Socket& socket) {
  const auto* session = static_cast<Session*>(socket.user);
  if (session != nullptr && session->seat) router_.transport_lost(session->seat);
}

void Gateway::on_recovered(sio::Socket& socket) {
  const auto* session = static_cast<Session*>(socket.user);
  if (session != nullptr && session->seat) router_.resume(session->seat);
}

void Gateway::on_disconnect(sio::Socket& socket, sio::DisconnectReason) {
  auto* session = static_cast<Session*>(socket.user);
  if (session == nullptr) return;
  socket.user = nullptr;
  if (!session->account_id.empty()) presence_.release(session->account_id, ref_of(*session));
  if (session->seat) {
    // With its node gone, a player finds the seat again from another one.
    const bool node_goes = settings_.leaving != nullptr && *settings_.leaving;
    if (node_goes && session->seat.node != 0) {
      router_.transport_lost(session->seat);
    } else {
      router_.leave(session->seat);
    }
  }
  settle_far_place(*session);
  if (session->queues) settings_.queue->gone(ref_of(*session));
  if (session->admission != 0) router_.shard().cancel(session->admission);
  sessions_.erase(session->number);
}

void Gateway::on_event(sio::Socket& socket, const sio::Event& event) {
  Session& session = *static_cast<Session*>(socket.user);
  const ClientKind kind = wire::client_kind(event.name);
  if (kind == ClientKind::unknown || (is_test_hook(kind) && !settings_.test_hooks)) {
    counters_.unknown.add();
    if (!session.limits.other.take(base::steady_ms())) malformed(session, kind);
    return;
  }
  if (kind != ClientKind::leave_lobby && !within_limit(session, kind)) {
    counters_.limited.add();
    over_limit(session, kind);
    return;
  }
  if (decoder_.decode(event.name, event.args, heard_.event) != wire::DecodeStatus::ok) {
    malformed(session, kind);
    return;
  }
  if (session.seat.node != 0 || !session.seat) {  // to another node it goes as it came
    heard_.name = event.name;
    heard_.args = event.args;
  }
  dispatch(session, heard_);
}

// --- what the client wants ---

void Gateway::dispatch(Session& session, const HeardEvent& heard) {
  const wire::ClientEvent& event = heard.event;
  if (std::holds_alternative<sim::Command>(event.body)) return match_command(session, heard);
  if (connection_event(session, heard) || queue_event(session, event) ||
      lobby_event(session, event))
    return;
  if (event.kind == ClientKind::player_join) return player_join(session, heard);
  if (event.kind == ClientKind::chat_message && is_muted(session)) return;
  if (event.kind == ClientKind::player_report && !session.seat)
    return refuse_report(session, event.as<wire::Report>());
  forward(session, heard);
}

void Gateway::forward(Session& session, const HeardEvent& heard) {
  if (session.seat) router_.event(session.seat, heard.event, heard.name, heard.args);
}

void Gateway::match_command(Session& session, const HeardEvent& heard) {
  if (!session.seat) return;
  if (heard.event.kind == ClientKind::debug_kill_player) return forward(session, heard);
  sim::Command command = heard.event.as<sim::Command>();
  command.view_delay = static_cast<std::uint16_t>(ticks_of(session.socket->round_trip()));
  router_.match_command(session.seat, command);
}

bool Gateway::connection_event(Session& session, const HeardEvent& heard) {
  const wire::ClientEvent& event = heard.event;
  packet_.clear();
  switch (event.kind) {
    case ClientKind::client_ready:  // recipe 1, S1, S14; after a recovery the match goes on
      wire::server_ready(packet_, base::wall_ms());
      reply(session);
      packet_.clear();
      wire::authenticated(packet_);
      reply(session);
      forward(session, heard);
      return true;
    case ClientKind::authenticate:
      wire::authenticated(packet_);
      reply(session);
      return true;
    case ClientKind::time_sync:
      wire::time_sync_response(packet_, event.as<wire::TimeSync>().client_time, base::wall_ms());
      reply(session);
      return true;
    default:
      return false;
  }
}

bool Gateway::lobby_event(Session& session, const wire::ClientEvent& event) {
  switch (event.kind) {
    case ClientKind::find_match:
      quick_play(session, event.as<wire::FindMatch>());
      return true;
    case ClientKind::create_private_lobby:
      create_private(session, event.as<wire::LobbyOptions>());
      return true;
    case ClientKind::join_lobby:
      join_by_code(session, event.as<wire::JoinLobby>());
      return true;
    case ClientKind::leave_lobby:
      session.stray_join.reset();
      leave_queue(session);
      leave(session, true);
      return true;
    case ClientKind::get_lobby_list:
      list(session, event.as<wire::ListFilter>());
      return true;
    case ClientKind::queue_status:
      packet_.clear();
      wire::queue_status(packet_, {.position = session.wish.open ? 1 : 0,
                                   .waiting = session.wish.open ? 1 : 0,
                                   .state = session.wish.open ? "waiting" : "idle"});
      reply(session);
      return true;
    case ClientKind::account_link:
      link_account(session, event.as<wire::AccountLink>().token);
      return true;
    case ClientKind::admin_force_create:
      force_create(session, event.as<wire::ForceCreate>());
      return true;
    default:
      return false;
  }
}

// A player:join without a lobby (S9) finds one on its own and then enters the world.
void Gateway::player_join(Session& session, const HeardEvent& heard) {
  const auto& join = heard.event.as<wire::PlayerJoin>();
  rename(session, join.name);
  if (session.seat) return forward(session, heard);
  session.stray_join = std::make_unique<HeardEvent>(heard);
  if (session.wish.open) return;  // a seat is on its way; the join follows it
  wish(session, lobby::JoinKind::stray, options_from({}));
}

// --- lobbies ---

lobby::LobbyOptions Gateway::options_from(const wire::LobbyOptions& wanted) const {
  lobby::LobbyOptions options;
  options.mode = wanted.mode.value_or("deathmatch");
  options.map = wanted.map.value_or(settings_.default_map);
  options.password = wanted.password.value_or("");
  options.max_players = std::min(wanted.max_players.value_or(settings_.max_players_per_lobby),
                                 settings_.max_players_per_lobby);
  options.kill_limit = wanted.kill_limit.value_or(settings_.kill_limit);
  options.time_limit_s = wanted.time_limit_s.value_or(0);
  options.friendly_fire = wanted.friendly_fire.value_or(true);
  options.bots = wanted.bots.value_or(0);
  return options;
}

void Gateway::quick_play(Session& session, const wire::FindMatch& wanted) {
  wire::LobbyOptions asked;
  asked.mode = wanted.mode;
  asked.bots = wanted.bots;
  rename(session, wanted.player_name);
  session.party = wanted.party;
  lobby::LobbyOptions options = options_from(asked);
  options.is_private = wanted.is_private;
  wish(session, lobby::JoinKind::quick, std::move(options));
}

void Gateway::create_private(Session& session, const wire::LobbyOptions& wanted) {
  rename(session, wanted.player_name);
  lobby::LobbyOptions options = options_from(wanted);
  options.is_private = true;
  wish(session, lobby::JoinKind::create_private, std::move(options));
}

void Gateway::force_create(Session& session, const wire::ForceCreate& wanted) {
  wire::LobbyOptions asked;
  asked.mode = wanted.mode;
  session.wish.reason = wanted.reason;
  wish(session, lobby::JoinKind::force_create, options_from(asked));
}

void Gateway::join_by_code(Session& session, const wire::JoinLobby& wanted) {
  rename(session, wanted.player_name);
  session.wish.code = wanted.lobby_id;
  session.wish.password = wanted.password;
  wish(session, lobby::JoinKind::code, {});
}

// A guest is called as the client says; an account has a name.
void Gateway::rename(Session& session, const std::string& name) {
  if (!name.empty() && session.account_id.empty() && may_be_called(name)) session.name = name;
}

// One lobby a connection: whoever looks for another one has left the old one (S2, B3).
void Gateway::wish(Session& session, lobby::JoinKind kind, lobby::LobbyOptions options) {
  const lobby::LobbyNumber before = session.seat.node == 0 ? session.seat.lobby : 0;
  const std::string before_id = session.lobby_id;
  leave_queue(session);
  // Whoever types a code keeps his seat until the new one is granted: codes may be wrong.
  const bool keep_seat = kind == lobby::JoinKind::code;
  if (kind != lobby::JoinKind::stray) session.stray_join.reset();
  if (!keep_seat) leave(session, false);
  Wish& wish = session.wish;
  ++wish.ticket;
  wish.open = true;
  wish.kind = kind;
  wish.options = std::move(options);
  wish.attempts = 0;
  wish.since = base::steady_now();
  const bool away = kind == lobby::JoinKind::quick;
  wish.avoid = away ? before : 0;
  wish.avoid_id = away ? before_id : "";
  settle_far_place(session);
  pursue(session);
}

void Gateway::refuse(Session& session, lobby::JoinKind kind, std::string_view reason) {
  base::tally::count(base::tally::Event::join_refused);
  session.wish.open = false;
  settle_far_place(session);
  if (session.wish.called) return answer_queue(session, false);
  packet_.clear();
  if (session.stray_join && kind != lobby::JoinKind::stray) {
    session.stray_join.reset();
    wire::player_join_failed(packet_, reason, "waiting", base::wall_ms());
    reply(session);
    packet_.clear();
  }
  switch (kind) {
    case lobby::JoinKind::quick:
      wire::matchmaking_failed(packet_, reason);
      break;
    case lobby::JoinKind::create_private:
      wire::lobby_creation_failed(packet_, reason);
      break;
    case lobby::JoinKind::code:
      wire::lobby_join_failed(packet_, reason);
      break;
    case lobby::JoinKind::force_create:
      wire::force_create_failed(packet_, reason);
      break;
    case lobby::JoinKind::reclaim:
    case lobby::JoinKind::stray:
      session.stray_join.reset();
      wire::player_join_failed(packet_, reason, "waiting", base::wall_ms());
      break;
  }
  reply(session);
}

void Gateway::leave(Session& session, bool answer) {
  session.wish.open = false;
  ++session.wish.ticket;  // an answer on its way is for nobody
  const std::string left = std::exchange(session.lobby_id, {});
  if (session.seat) router_.leave(std::exchange(session.seat, {}));
  if (!answer || left.empty()) return;
  packet_.clear();
  wire::left_lobby(packet_, left);
  reply(session);
}

void Gateway::list(Session& session, const wire::ListFilter& wanted) {
  lobby::BrowserFilter filter;
  filter.given = wanted.has_filter;
  filter.show_private = wanted.show_private;
  filter.show_full = wanted.show_full;
  filter.show_in_progress = wanted.show_in_progress;
  filter.mode = wanted.mode;
  if (!looks_elsewhere()) return show(session, directory_.list(filter));
  settings_.elsewhere->list(
      settings_.shard, [this, number = session.number,
                        filter](const base::Result<std::vector<lobby::DirectoryEntry>>& all) {
        Session* asking = find(number);
        if (asking == nullptr) return;
        show(*asking, all ? lobby::shown_first(*all, filter) : directory_.list(filter));
      });
}

void Gateway::show(Session& session, const std::vector<lobby::DirectoryEntry>& entries) {
  std::vector<wire::LobbyView> views;
  views.reserve(entries.size());
  for (const lobby::DirectoryEntry& entry : entries) {
    wire::LobbyView view;
    view.id = entry.id;
    view.mode = entry.mode;
    view.map = entry.map;
    const std::string_view status = lobby::browser_status(entry.status);
    view.status = status == "waiting"   ? wire::LobbyStatus::waiting
                  : status == "playing" ? wire::LobbyStatus::playing
                                        : wire::LobbyStatus::finished;
    view.player_count = entry.players;
    view.max_players = entry.max_players;
    view.bots = entry.bots;
    view.is_private = entry.is_private;
    view.password_required = entry.has_password;
    view.created_at = entry.created_ms;
    view.last_activity = entry.active_ms;
    views.push_back(view);
  }
  packet_.clear();
  wire::lobby_list(packet_, views, base::wall_ms());
  reply(session);
}

// --- from the lobbies ---

void Gateway::deliver(std::uint64_t number, std::string_view packet, bool is_volatile) {
  Session* session = find(number);
  if (session == nullptr) return;
  if (is_volatile) {
    session->socket->send_volatile(message_of(packet));
  } else {
    session->socket->send(message_of(packet));
  }
}

void Gateway::seated(std::uint64_t number, std::uint64_t ticket, lobby::SeatRef seat,
                     const std::string& lobby_id) {
  Session* session = find(number);
  if (session != nullptr && session->seat == seat) return;  // told twice: it was asked for twice
  if (session == nullptr || session->wish.ticket != ticket || !session->wish.open) {
    // Nobody waits for it any more. Not from within the lobby's own call: it is still being joined.
    router_.shard().post([this, seat] { router_.leave(seat); });
    return;
  }
  session->wish.open = false;
  answer_queue(*session, true);
  base::tally::took(base::tally::Duration::join, base::steady_now() - session->wish.since);
  if (session->seat && session->seat != seat) {
    router_.shard().post([this, old = session->seat] { router_.leave(old); });
  }
  session->seat = seat;
  session->lobby_id = lobby_id;
  settle_far_place(*session);
  const bool first = !std::exchange(session->played, true) && !session->returning;
  if (first && session->account_id.empty()) counters_.guests_seated.add();
  if (std::exchange(session->returning, false)) session->socket->accept();
  if (!session->account_id.empty()) {
    router_.shard().post([this, seat, account = session->account_id, name = session->name] {
      router_.identify(seat, account, name);  // it may have signed in after it asked for the seat
    });
  }
  if (session->stray_join) {
    const std::shared_ptr<HeardEvent> join = std::move(session->stray_join);
    router_.shard().post(
        [this, seat, join] { router_.event(seat, join->event, join->name, join->args); });
  }
  if (!session->socket->connected()) {
    router_.shard().post([this, seat] { router_.transport_lost(seat); });
  }
}

void Gateway::refused(std::uint64_t number, std::uint64_t ticket, lobby::JoinKind kind, bool gone,
                      std::string_view reason) {
  Session* session = find(number);
  if (session == nullptr || session->wish.ticket != ticket || !session->wish.open) return;
  settle_far_place(*session);
  if (!gone && session->wish.called) return end_call(*session, reason);
  constexpr int kAttempts = 4;
  const bool seeks = kind == lobby::JoinKind::quick || kind == lobby::JoinKind::stray;
  if (!gone || !seeks || session->wish.attempts >= kAttempts) return refuse(*session, kind, reason);
  // Look again, but not from within the lobby's own call.
  router_.shard().post([this, number, ticket] {
    Session* again = find(number);
    if (again != nullptr && again->wish.open && again->wish.ticket == ticket) pursue(*again);
  });
}

void Gateway::unseated(std::uint64_t number, lobby::SeatRef seat) {
  Session* session = find(number);
  if (session == nullptr || session->seat != seat) return;
  session->seat = {};
  session->lobby_id.clear();
}

}  // namespace session
