#include "lobby/lobby.h"

#include <algorithm>

#include "anticheat/watch.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "lobby/bot.h"
#include "lobby/map_pool.h"
#include "lobby/replay_archive.h"
#include "wire/packets.h"

// Who sits where: joining, leaving, losing the transport and coming back, host rights, bots.

namespace lobby {

namespace log = base::log;
namespace {

constexpr sim::Tick kForcedCreateDelay = 30;  // 500 ms (wire contract 3.1)

std::string_view refusal_of(const LobbyOptions& options, const JoinRequest& request) {
  if (!options.is_private || request.kind == JoinKind::create_private) return {};
  if (!options.password.empty() && request.password != options.password) return "Invalid password";
  if (options.password.empty() && !request.by_invite) return "Lobby not found";
  return {};
}

}  // namespace

Lobby::Lobby(LobbyContext& context, const Directory::Place& place, LobbyOptions options)
    : context_(context),
      number_(place.lobby),
      id_(place.id),
      invite_code_(place.invite_code),
      fence_(place.fence),
      options_(std::move(options)),
      created_ms_(base::wall_ms()) {
  options_.max_players = std::clamp<std::uint8_t>(options_.max_players, 2, sim::kMaxPlayers);
  // No map asked for and none set as default: any of them.
  if (options_.map.empty()) options_.map = context_.maps.others("", 1).front();
  if (!context_.maps.find(options_.map)) options_.map = context_.maps.default_name();
  context_.recorder.lobby_opened({id_, context_.node_id, options_.mode, options_.is_private,
                                  options_.kill_limit, options_.max_players,
                                  store::Time(std::chrono::milliseconds(created_ms_))});
}

Lobby::~Lobby() { end_replay(); }

int Lobby::people() const {
  return static_cast<int>(
      std::count_if(seats_.begin(), seats_.end(), [](const Seat& seat) { return seat.person(); }));
}

int Lobby::bots() const {
  return static_cast<int>(std::count_if(
      seats_.begin(), seats_.end(), [](const Seat& seat) { return seat.kind == SeatKind::bot; }));
}

SeatRef Lobby::ref_of(sim::Slot slot) const {
  return {context_.shard, number_, slot, seats_[slot].generation};
}

Seat* Lobby::find(SeatRef ref) {
  if (ref.lobby != number_ || ref.slot >= seats_.size()) return nullptr;
  Seat& seat = seats_[ref.slot];
  return seat.person() && seat.generation == ref.generation ? &seat : nullptr;
}

std::optional<sim::Slot> Lobby::slot_of(std::string_view player_id) const {
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (seats_[slot].person() && seats_[slot].player_id == player_id) return slot;
  }
  return std::nullopt;
}

// A free seat within the lobby's own bound; a bot gives way.
std::optional<sim::Slot> Lobby::free_slot() {
  if (people() >= options_.max_players) return std::nullopt;
  if (people() + bots() >= options_.max_players) drop_bot();
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (!seats_[slot].taken()) return slot;
  }
  return std::nullopt;
}

void Lobby::join(const JoinRequest& request) {
  const bool banned = std::any_of(kicked_.begin(), kicked_.end(),
                                  [&](const std::string& id) {
                                    return id == request.player_id || id == request.account_id;
                                  }) ||
                      is_barred(request);
  std::string_view refusal = refusal_of(options_, request);
  if (banned) refusal = "You were removed from this lobby";
  if (const auto before = slot_of(request.player_id);
      before && seats_[*before].session != request.session)
    refusal = "You are in this lobby already";
  const std::optional<sim::Slot> slot = refusal.empty() ? free_slot() : std::nullopt;
  context_.directory.settle(number_);
  if (!slot) {
    const bool full = refusal.empty();
    // A code is of this lobby alone: who is banned would be refused again.
    const bool elsewhere = banned && request.kind != JoinKind::code;
    context_.outlet.refused(request.session, request.ticket, request.kind, full || elsewhere,
                            full ? "Lobby is full" : refusal);
    return;
  }
  admit(*slot, request);
  greet(*slot, request);
  fit_bots();
  count_changed(true);
  lobby_changed();
}

void Lobby::admit(sim::Slot slot, const JoinRequest& request) {
  Seat fresh;
  fresh.generation = seats_[slot].generation + 1;
  fresh.kind = SeatKind::person;
  fresh.session = request.session;
  fresh.player_id = request.player_id;
  fresh.account_id = request.account_id;
  fresh.name = request.name;
  fresh.address = request.address;
  fresh.party = request.party;
  fresh.joined_tick = tick_;
  fresh.joined_ms = base::wall_ms();
  if (status_ == Status::results || status_ == Status::voting)
    fresh.told_end = ordinal_;  // not his match
  seats_[slot] = std::move(fresh);
  if (watch_) watch_->forget(slot);
  last_join_ = tick_;
  if (host_ == sim::kNoSlot) host_ = slot;
  expect_sign_of_life(seats_[slot]);
  context_.outlet.seated(request.session, request.ticket, ref_of(slot), id_);
  log::info("player_join", {{"lobby", id_}, {"player", request.player_id}, {"people", people()}});
}

// The joiner's own replies, then word to the others (recipes 2 and 3).
void Lobby::greet(sim::Slot slot, const JoinRequest& request) {
  Seat& seat = seats_[slot];
  packet_.clear();
  if (request.kind == JoinKind::create_private) {
    wire::private_lobby_created(packet_, view());
  } else if (request.kind == JoinKind::force_create) {
    wire::lobby_joined(packet_, view(), request.reason);
  } else if (request.kind != JoinKind::stray) {
    wire::lobby_joined(packet_, view());
  }
  if (!packet_.empty()) to(seat, packet_);

  packet_.clear();
  wire::player_joined_lobby(packet_, id_, people() + bots(), seat.player_id, seat.name,
                            base::wall_ms());
  to_others(slot, packet_);
  if (status_ == Status::playing) seat.late_start = tick_ + context_.timing.late_start;
  if (status_ == Status::voting) tell_vote(seat);
  if (request.kind == JoinKind::force_create) forced_start_ = tick_ + kForcedCreateDelay;
  // A stray player stands in the game already and needs no announcement (S9).
  if (request.kind == JoinKind::stray && status_ == Status::playing) {
    seat.late_start = 0;
    seat.told_match = ordinal_;
  }
}

void Lobby::leave(SeatRef ref) {
  if (find(ref) != nullptr) vacate(ref.slot);
}

void Lobby::vacate(sim::Slot slot) {
  Seat& seat = seats_[slot];
  const std::string player_id = seat.player_id;
  log::info("player_leave", {{"lobby", id_}, {"player", player_id}, {"people", people() - 1}});
  note_departure(slot);
  remember_gone(seat);
  ballot_.withdraw(slot);
  if (status_ == Status::voting) tell_votes();
  if (!seat.account_id.empty()) context_.recorder.player_left(id_, seat.account_id, now());

  // The body leaves the world with the next tick; the others are told now, once (recipe 10).
  leave_world(slot);
  Seat empty;
  empty.generation = seat.generation;
  seat = std::move(empty);
  held_back_[slot].clear();
  if (host_ == slot) pick_host();

  packet_.clear();
  wire::player_left(packet_, player_id);
  to_all(packet_);
  packet_.clear();
  wire::player_left_lobby(packet_, id_, people() + bots(), player_id, base::wall_ms());
  to_all(packet_);
  if (people() == 0) {
    abandon_match();
    set_status(Status::closed);
    return;  // the engine destroys it now
  }
  fit_bots();
  count_changed(false);
  lobby_changed();
}

void Lobby::transport_lost(SeatRef ref) {
  Seat* seat = find(ref);
  if (seat == nullptr) return;
  seat->connected = false;
  lobby_changed();
}

// Back after a lost transport: tell what was missed, then a whole state (L9, recipe 1).
void Lobby::resume(SeatRef ref) {
  Seat* seat = find(ref);
  if (seat == nullptr) return;
  seat->connected = true;
  if (status_ == Status::playing && seat->told_match != ordinal_) announce_match(*seat);
  if ((status_ == Status::results || status_ == Status::voting) && end_announced_)
    announce_end_to(*seat);
  encoder_.forget(ref.slot);
  if (status_ == Status::voting) tell_vote(*seat);
  if (seat->in_match && match_ && match_->phase() != match::Phase::over) {
    seat->reply_due = true;  // whatever answer was lost comes again, with a whole state
    tell_own_death(ref.slot);
  }
  lobby_changed();
}

void Lobby::greet_again(SeatRef ref) {
  Seat* seat = find(ref);
  if (seat == nullptr) return;
  packet_.clear();
  wire::lobby_joined(packet_, view());
  to(*seat, packet_);
  last_join_ = tick_;
  if (status_ == Status::playing) seat->late_start = tick_ + context_.timing.late_start;
  lobby_changed();
}

// What is broken may break again: each step stands alone, and in the end nobody sits here.
void Lobby::collapse(std::string_view why) {
  const auto attempt = [this](std::string_view what, auto step) {
    try {
      step();
    } catch (const std::exception& fault) {
      log::error("error", {{"where", what}, {"lobby", id_}, {"reason", fault.what()}});
    }
  };
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (!seats_[slot].person()) continue;
    const SessionRef session = seats_[slot].session;
    const SeatRef seat = ref_of(slot);
    attempt("lobby collapse: tell", [&] { say_goodbye(slot, why, true); });
    attempt("lobby collapse: free", [&] { context_.outlet.unseated(session, seat); });
    attempt("lobby collapse: vacate", [&] { vacate(slot); });
    if (seats_[slot].person()) seats_[slot] = Seat{};
  }
  attempt("lobby collapse: replay", [&] { end_replay(); });
  if (replay_) attempt("lobby collapse: replay", [&] { context_.replays->abandon(match_id_); });
  replay_.reset();
  attempt("lobby collapse: close", [&] { set_status(Status::closed); });
}

void Lobby::take_over(SeatRef ref, SessionRef session, const std::string& player_id) {
  Seat* seat = find(ref);
  if (seat == nullptr) return;
  packet_.clear();
  wire::player_left(packet_, seat->player_id);
  to_others(ref.slot, packet_);
  ++seat->generation;
  seat->session = session;
  seat->player_id = player_id;
  seat->connected = true;
  seat->in_match = false;  // until its own player:join; the body stands meanwhile
  held_back_[ref.slot].clear();
  seat->inbox.clear();
  encoder_.forget(ref.slot);
  expect_sign_of_life(*seat);
  context_.outlet.handed_over(session, ref_of(ref.slot), id_);
  packet_.clear();
  wire::lobby_joined(packet_, view());
  to(*seat, packet_);
  if (status_ == Status::playing) seat->late_start = tick_ + context_.timing.late_start;
  seat->joined_tick = last_join_ = tick_;
  lobby_changed();
}

void Lobby::reclaim(std::string_view player_id, std::string_view account_id, SessionRef session,
                    std::uint64_t ticket) {
  const std::optional<sim::Slot> slot = slot_of(player_id);
  if (!slot) return;
  Seat& seat = seats_[*slot];
  // Who has signed out meanwhile does not play on in the account's name.
  if (!seat.account_id.empty() && seat.account_id != account_id) return;
  if (seat.session == session)  // the first answer was lost
    return context_.outlet.seated(session, ticket, ref_of(*slot), id_);
  const SeatRef before = ref_of(*slot);
  const SessionRef older = std::exchange(seat.session, session);
  ++seat.generation;
  if (older.number != 0) context_.outlet.moved(older, before);
  seat.inbox.clear();
  expect_sign_of_life(seat);
  context_.outlet.seated(session, ticket, ref_of(*slot), id_);
  resume(ref_of(*slot));
}

// A session of another node that is not heard of for long is gone with its node, or what it said
// last was lost.
void Lobby::expect_sign_of_life(Seat& seat) const {
  seat.claim_until = seat.session.node == 0 ? 0 : tick_ + context_.timing.claim;
}

bool Lobby::still_here(SeatRef ref, SessionRef session, bool connected) {
  Seat* seat = find(ref);
  if (seat == nullptr || seat->session != session) return false;
  expect_sign_of_life(*seat);
  if (connected && !seat->connected) resume(ref);  // its node had been held for dead
  return true;
}

void Lobby::node_lost(NodeIndex node) {
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    const Seat& seat = seats_[slot];
    if (seat.hears() && seat.session.node == node) transport_lost(ref_of(slot));
  }
}

void Lobby::identify(SeatRef ref, const std::string& account_id, const std::string& name) {
  Seat* seat = find(ref);
  if (seat == nullptr) return;
  seat->account_id = account_id;
  seat->name = name;
  if (replay_) replay_->name(ref.slot, name);
  lobby_changed();
}

bool Lobby::is_host(SeatRef ref) {
  return options_.is_private && ref.slot == host_ && find(ref) != nullptr;
}

void Lobby::pick_host() {
  host_ = sim::kNoSlot;
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (!seats_[slot].person()) continue;
    const bool better = host_ == sim::kNoSlot ||
                        (seats_[slot].connected && !seats_[host_].connected) ||
                        (seats_[slot].connected == seats_[host_].connected &&
                         seats_[slot].joined_ms < seats_[host_].joined_ms);
    if (better) host_ = slot;
  }
}

void Lobby::refuse(SeatRef ref, std::string_view command, std::string_view reason) {
  Seat* seat = find(ref);
  if (seat == nullptr) return;
  packet_.clear();
  wire::lobby_refused(packet_, command, reason);
  to(*seat, packet_);
}

void Lobby::kick(SeatRef by, std::string_view player_id) {
  if (!is_host(by)) return refuse(by, "lobby:kick", "Only the host of a private lobby may do that");
  const std::optional<sim::Slot> slot = slot_of(player_id);
  if (!slot || *slot == by.slot) return refuse(by, "lobby:kick", "No such player");
  kicked_.push_back(seats_[*slot].player_id);
  if (!seats_[*slot].account_id.empty()) kicked_.push_back(seats_[*slot].account_id);
  dismiss(*slot, "Removed by the host", true);
}

// Takes a seat from its player and says so.
void Lobby::dismiss(sim::Slot slot, std::string_view reason, bool kicked) {
  say_goodbye(slot, reason, kicked);
  if (seats_[slot].session.number != 0)
    context_.outlet.unseated(seats_[slot].session, ref_of(slot));
  vacate(slot);
}

// The client drops its lobby on left_lobby; a waiting room needs lobby_error.
void Lobby::say_goodbye(sim::Slot slot, std::string_view reason, bool kicked) {
  const Seat& seat = seats_[slot];
  // Also to one whose line is down: it is kept for his return.
  const auto tell = [&] {
    if (seat.session.number != 0) context_.outlet.send(seat.session, packet_);
  };
  packet_.clear();
  if (kicked) {
    wire::lobby_kicked(packet_, id_, reason);
    tell();
    packet_.clear();
  }
  wire::left_lobby(packet_, id_);
  tell();
  if (kicked) {
    packet_.clear();
    wire::lobby_error(packet_, reason);
    tell();
  }
}

void Lobby::hand_over(SeatRef by, std::string_view player_id) {
  if (!is_host(by)) return refuse(by, "lobby:host", "Only the host of a private lobby may do that");
  const std::optional<sim::Slot> slot = slot_of(player_id);
  if (!slot) return refuse(by, "lobby:host", "No such player");
  host_ = *slot;
  lobby_changed();
}

void Lobby::change_settings(SeatRef by, const wire::LobbyOptions& wanted) {
  if (!is_host(by))
    return refuse(by, "lobby:settings", "Only the host of a private lobby may do that");
  if (status_ != Status::waiting && status_ != Status::starting) {
    return refuse(by, "lobby:settings", "The match is running");
  }
  if (wanted.map && !context_.maps.find(*wanted.map))
    return refuse(by, "lobby:settings", "No such map");
  if (wanted.max_players && *wanted.max_players < people()) {
    return refuse(by, "lobby:settings", "More players are here already");
  }
  if (wanted.map) options_.map = *wanted.map;
  if (wanted.password) options_.password = *wanted.password;
  if (wanted.max_players)
    options_.max_players = std::min(*wanted.max_players, context_.max_players_per_lobby);
  if (wanted.kill_limit) options_.kill_limit = *wanted.kill_limit;
  if (wanted.time_limit_s) options_.time_limit_s = *wanted.time_limit_s;
  if (wanted.friendly_fire) options_.friendly_fire = *wanted.friendly_fire;
  if (wanted.bots) options_.bots = *wanted.bots;
  fit_bots();
  count_changed(true);
  lobby_changed();
}

// Bots keep a lone player company and give way to people: as many as asked for beside one person,
// one fewer for each further person (L10).
int Lobby::wanted_bots() const {
  const int asked = options_.bots == 0 ? 0 : options_.bots + 1;  // with the person who asked
  const int present = std::max<int>(asked, context_.bot_fill);
  const int room = options_.max_players - people();
  return people() == 0 ? 0 : std::clamp(present - people(), 0, room);
}

void Lobby::fit_bots() {
  while (bots() < wanted_bots()) add_bot();
  while (bots() > wanted_bots()) drop_bot();
}

void Lobby::add_bot() {
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    Seat& seat = seats_[slot];
    if (seat.taken()) continue;
    Seat fresh;
    fresh.generation = seat.generation + 1;
    fresh.kind = SeatKind::bot;
    fresh.joined_tick = tick_;
    fresh.joined_ms = base::wall_ms();
    fresh.player_id = base::secure_id();
    if (!ways_) ways_ = std::make_shared<Navigation>();
    const auto is_namesake = [&fresh](const Seat& other) {
      return other.taken() && other.name == fresh.name;
    };
    do {
      fresh.bot = std::make_unique<Bot>(base::secure_u64(), context_.bot_skill, ways_);
      fresh.name = fresh.bot->name();
    } while (std::any_of(seats_.begin(), seats_.end(), is_namesake));
    seat = std::move(fresh);
    return;
  }
}

// The bot of the larger team goes; its body leaves with the next tick.
void Lobby::drop_bot() {
  std::array<int, 2> members{};
  if (match_) {
    for (const sim::Player& player : match_->world().players) {
      if (player.in_world) ++members[static_cast<int>(player.team)];
    }
  }
  const auto larger = members[1] > members[0] ? sim::Team::blue : sim::Team::red;
  sim::Slot chosen = sim::kNoSlot;
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (seats_[slot].kind != SeatKind::bot) continue;
    const bool fits = match_ && match_->world().players[slot].in_world &&
                      match_->world().players[slot].team == larger;
    if (chosen == sim::kNoSlot || fits) chosen = slot;
    if (fits) break;
  }
  if (chosen != sim::kNoSlot) remove_bot(chosen);
}

void Lobby::remove_bot(sim::Slot slot) {
  Seat& seat = seats_[slot];
  leave_world(slot);
  packet_.clear();
  wire::player_left(packet_, seat.player_id);
  to_all(packet_);
  Seat empty;
  empty.generation = seat.generation;
  seat = std::move(empty);
}

void Lobby::to(const Seat& seat, std::string_view packet) {
  tell_held_back(static_cast<sim::Slot>(&seat - seats_.data()));  // order is kept
  if (seat.hears()) context_.outlet.send(seat.session, packet);
}

void Lobby::to_all(std::string_view packet) { to_others(sim::kNoSlot, packet); }

void Lobby::to_others(sim::Slot except, std::string_view packet) {
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (slot != except) to(seats_[slot], packet);
  }
}

}  // namespace lobby
