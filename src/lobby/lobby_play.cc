#include <algorithm>

#include "anticheat/watch.h"
#include "base/clock.h"
#include "lobby/bot.h"
#include "lobby/lobby.h"
#include "lobby/moderator.h"
#include "lobby/replay_archive.h"
#include "lobby/view_delay.h"

// The ticks of a match: what the seats want goes in, what they may know comes out.

namespace lobby {
namespace {

std::string_view game_status(Status status) {
  switch (status) {
    case Status::waiting:
    case Status::starting:
      return "waiting";
    case Status::playing:
      return "playing";
    default:
      return "finished";
  }
}

constexpr sim::Tick kWallRefresh = sim::kTickRate;  // walls again once a second ...
constexpr sim::Tick kWallRefreshes =
    5 * sim::kTickRate;  // ... for the first seconds in the world (wire contract 5.9)

sim::Command command(sim::CommandKind kind, sim::Slot slot) {
  sim::Command made;
  made.kind = kind;
  made.slot = slot;
  return made;
}

// What the viewer merely watches waits for the next state (decision 11): his picture moves only
// with that, and a send of its own costs as much as the state does. What happens to himself, deaths
// and explosions are told at once.
bool can_wait(const sim::Event& event, sim::Slot viewer) {
  switch (event.kind) {
    case sim::EventKind::wall_damaged:
    case sim::EventKind::wall_destroyed:
    case sim::EventKind::projectile_moved:
      return true;
    case sim::EventKind::shot_fired:
    case sim::EventKind::shot_hit:
    case sim::EventKind::shot_missed:
    case sim::EventKind::player_damaged:
      return event.slot != viewer && event.other != viewer;
    default:
      return false;
  }
}

bool moves(const sim::Player& player) {
  return player.in_world &&
         (player.movement != sim::MovementState::idle || player.velocity != sim::Vec2{});
}

}  // namespace

void Lobby::tick() {
  ++tick_;
  run_clock();
  if (match_ && status_ != Status::closed) step_match();
}

void Lobby::step_match() {
  if (match_->phase() != match::Phase::over) {
    gather_commands();
    match_->step(commands_);
    record_tick();
    if (watch_ && status_ == Status::playing) watch_step();
    deliver_events();
  }
  answer_joins();
  if (snapshot_tick() || match_->phase() == match::Phase::over) tell_held_back();
  if (match_->phase() == match::Phase::over) {
    if (status_ == Status::playing) finish_match();
    return;  // states stop at the end (recipe 9)
  }
  if (tick_ % sim::kTickRate == 0) balance_bots();
  if (snapshot_tick()) send_states();
}

// Midway: of a match that another node began; the replay starts from its present state.
void Lobby::begin_replay(std::uint64_t seed, bool midway) {
  if (context_.replays == nullptr) return;
  match::ReplayHeader header;
  header.seed = seed;
  header.map_hash = match::map_hash(match_->map());
  header.map_name = match_map_;
  header.settings = match_->settings();
  if (midway) match_->snapshot(header.initial);
  replay_ = std::make_unique<match::Recorder>(header);
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (seats_[slot].taken()) replay_->name(slot, seats_[slot].name);
  }
}

void Lobby::record_tick() {
  if (!replay_) return;
  replay_->tick(commands_, *match_);
  if (replay_->bytes().size() < kReplayPiece) return;
  const bool taken = context_.replays->append(match_id_, replay_->bytes(), false);
  replay_->drop();
  if (!taken) replay_.reset();
}

void Lobby::end_replay() {
  if (!replay_) return;
  replay_->finish(*match_);
  context_.replays->append(match_id_, replay_->bytes(), true);
  replay_.reset();
}

// Lobbies send in different ticks, so that a shard's sends are even.
bool Lobby::snapshot_tick() const { return (tick_ + number_) % sim::kSnapshotEvery == 0; }

void Lobby::gather_commands() {
  commands_.clear();
  commands_.insert(commands_.end(), pending_.begin(), pending_.end());
  pending_.clear();
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    Seat& seat = seats_[slot];
    if (seat.kind == SeatKind::bot) {
      seat.bot->think(*match_, slot, commands_);
      continue;
    }
    commands_.insert(commands_.end(), seat.inbox.commands().begin(), seat.inbox.commands().end());
    seat.inbox.clear();
    if (seat.person() && (!seat.connected || !seat.in_match) &&
        moves(match_->world().players[slot]))
      commands_.push_back(command(sim::CommandKind::halt, slot));  // frozen in place (L9)
  }
}

void Lobby::deliver_events() {
  const wire::Roster people = roster();
  for (const sim::Event& event : match_->events()) {
    if (event.kind == sim::EventKind::player_left) continue;  // told when the seat was given up
    encoder_.encode(*match_, people, clock_, event);
    for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
      const Seat& seat = seats_[slot];
      if (!seat.in_match || !seat.hears()) continue;
      const std::string_view packet = encoder_.packet(slot);
      if (packet.empty()) continue;
      if (can_wait(event, slot)) {
        held_back_[slot].add(packet);
      } else {
        to(seat, packet);
      }
    }
  }
}

void Lobby::tell_held_back() {
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) tell_held_back(slot);
}

void Lobby::tell_held_back(sim::Slot slot) {
  HeldBack& held = held_back_[slot];
  const Seat& seat = seats_[slot];
  std::size_t begin = 0;
  for (const std::size_t end : held.ends) {
    if (seat.hears())
      context_.outlet.send(seat.session, std::string_view(held.bytes).substr(begin, end - begin));
    begin = end;
  }
  held.clear();
}

// player:join is answered once its effect is in the world: success, the weapon in hand, a whole
// state (recipe 4).
void Lobby::answer_joins() {
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    Seat& seat = seats_[slot];
    if (!seat.reply_due) continue;
    seat.reply_due = false;
    const sim::Player& player = match_->world().players[slot];
    packet_.clear();
    if (!player.in_world || match_->phase() == match::Phase::over) {
      wire::player_join_failed(packet_, "The match is over", game_status(status_), base::wall_ms());
      to(seat, packet_);
      continue;
    }
    wire::player_join_success(packet_, seat.player_id, player.team, game_status(status_),
                              base::wall_ms());
    to(seat, packet_);
    packet_.clear();
    const sim::WeaponId held =
        player.held < player.weapons.size() ? player.weapons[player.held].id : sim::WeaponId::none;
    wire::weapon_switched(packet_, seat.player_id, sim::WeaponId::none, held);
    to(seat, packet_);
    seat.body = true;
    if (status_ == Status::playing) seat.played = ordinal_;
    seat.entered_tick = tick_;
    if (!seat.account_id.empty()) {
      const store::Side side = player.team == sim::Team::red ? store::Side::red : store::Side::blue;
      context_.recorder.player_joined(id_, seat.account_id, side, now());
    }
    send_full_state(slot);
    lobby_changed();
  }
}

// The client learns of its death from the event alone; one that was lost with the line is told
// again (L9).
void Lobby::tell_own_death(sim::Slot slot) {
  const sim::Player& player = match_->world().players[slot];
  if (!player.in_world || player.alive) return;
  sim::Event died;
  died.kind = sim::EventKind::player_died;
  died.slot = slot;
  died.other = player.killer;
  died.team2 = player.team;
  died.team =
      player.killer < seats_.size() ? match_->world().players[player.killer].team : player.team;
  died.position = player.position;
  encoder_.encode(*match_, roster(), clock_, died);
  const std::string_view packet = encoder_.packet(slot);
  if (!packet.empty()) to(seats_[slot], packet);
}

void Lobby::send_states() {
  const wire::Roster people = roster();
  bool begun = false;
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    Seat& seat = seats_[slot];
    if (!seat.in_match || !seat.hears() || !match_->world().players[slot].in_world) continue;
    if (!begun) context_.states->begin(*match_, people, clock_);
    begun = true;
    const sim::Tick age = tick_ - seat.entered_tick;
    const bool refresh = age < kWallRefreshes && age % kWallRefresh < sim::kSnapshotEvery;
    const bool walls = seat.walls_due || refresh;
    packet_.clear();
    context_.states->append(slot, walls ? wire::WallsIn::all : wire::WallsIn::none, packet_);
    // A complete state must arrive; an ordinary one gives way to the next when the reader is slow.
    if (walls) {
      context_.outlet.send(seat.session, packet_);
    } else {
      context_.outlet.send_volatile(seat.session, packet_);
    }
    seat.walls_due = false;
  }
  last_snapshot_ = tick_;
}

void Lobby::send_full_state(sim::Slot slot) {
  Seat& seat = seats_[slot];
  if (!seat.hears() || !match_ || !match_->world().players[slot].in_world) return;
  const wire::Roster people = roster();  // must outlive append()
  context_.states->begin(*match_, people, clock_);
  packet_.clear();
  context_.states->append(slot, wire::WallsIn::all, packet_);
  to(seat, packet_);
  seat.walls_due = false;
}

wire::Roster Lobby::roster() const {
  wire::Roster roster;
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    const Seat& seat = seats_[slot];
    roster.seats[slot] = {seat.player_id, seat.name, seat.taken(), seat.kind == SeatKind::bot,
                          seat.connected};
  }
  return roster;
}

// People come and go; bots change sides so that the teams stay even.
void Lobby::balance_bots() {
  std::array<int, 2> members{};
  std::array<sim::Slot, 2> bot_of{sim::kNoSlot, sim::kNoSlot};
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    const sim::Player& player = match_->world().players[slot];
    if (!player.in_world) continue;
    const auto team = static_cast<std::size_t>(player.team);
    ++members[team];
    if (seats_[slot].kind == SeatKind::bot) bot_of[team] = slot;
  }
  const std::size_t larger = members[1] > members[0] ? 1 : 0;
  if (members[larger] - members[1 - larger] < 2 || bot_of[larger] == sim::kNoSlot) return;
  leave_world(bot_of[larger]);  // it joins the smaller team by itself
}

sim::Team Lobby::smaller_team() const {
  std::array<int, 2> members{};
  for (const sim::Player& player : match_->world().players) {
    if (player.in_world) ++members[static_cast<std::size_t>(player.team)];
  }
  return members[1] < members[0] ? sim::Team::blue : sim::Team::red;
}

void Lobby::leave_world(sim::Slot slot) {
  if (match_ && match_->world().players[slot].in_world) {
    pending_.push_back(command(sim::CommandKind::leave, slot));
  }
}

void Lobby::match_command(SeatRef ref, const sim::Command& given) {
  Seat* seat = find(ref);
  if (seat == nullptr || !seat->in_match || !match_) return;
  sim::Command made = given;
  made.slot = ref.slot;
  // The session gives its round trip; what the player saw was the last state that could have
  // reached him.
  if (made.kind == sim::CommandKind::fire) {
    made.view_delay = view_delay(given.view_delay, tick_ + 1 - last_snapshot_);
  }
  // What the inbox drops was sent all the same.
  if (watch_ && status_ == Status::playing) watch_->heard(made, match_->world().tick);
  seat->inbox.push(made);
}

void Lobby::enter_world(sim::Slot slot, const wire::PlayerJoin& join) {
  Seat& seat = seats_[slot];
  // An account has a name; a guest's must be fit to be seen.
  const bool named = !join.name.empty() && seat.account_id.empty();
  if (named && (context_.moderator == nullptr || context_.moderator->may_be_called(join.name)))
    seat.name = join.name;
  if (replay_) replay_->name(slot, seat.name);
  if (!match_)
    new_match();  // somebody's waiting room timed out into the game (wire contract 2.6): a warm-up
  sim::Command made = command(sim::CommandKind::join, slot);
  made.team = join.team.value_or(smaller_team());
  made.loadout = join.loadout;
  seat.inbox.push(made);
  seat.in_match = true;
  seat.reply_due = true;
  if (status_ == Status::playing) seat.told_match = ordinal_;
  seat.late_start = 0;
  encoder_.forget(slot);
  if (watch_) watch_->entered(slot, match_->world().tick);
}

void Lobby::event(SeatRef ref, const wire::ClientEvent& event) {
  Seat* seat = find(ref);
  if (seat == nullptr) return;
  switch (event.kind) {
    case wire::ClientKind::player_join:
      return enter_world(ref.slot, event.as<wire::PlayerJoin>());
    case wire::ClientKind::request_game_state:
      seat->walls_due =
          true;  // with the next state: at most 20 a second however often R is pressed
      return;
    case wire::ClientKind::client_ready:
      return resume(ref);
    case wire::ClientKind::request_spawn_position:
      return answer_spawn_position(ref.slot);
    case wire::ClientKind::vote_cast:
      return cast_vote(ref.slot, event.as<wire::VoteCast>().option);
    case wire::ClientKind::request_rematch:
      return cast_vote(ref.slot, kRematch);
    case wire::ClientKind::lobby_kick:
      return kick(ref, event.as<wire::PlayerTarget>().player_id);
    case wire::ClientKind::lobby_host:
      return hand_over(ref, event.as<wire::PlayerTarget>().player_id);
    case wire::ClientKind::lobby_settings:
      return change_settings(ref, event.as<wire::LobbyOptions>());
    case wire::ClientKind::lobby_start:
      return host_start(ref);
    case wire::ClientKind::chat_message:
      return chat(ref.slot, event.as<wire::Chat>());
    case wire::ClientKind::player_report:
      return report(ref.slot, event.as<wire::Report>());
    default:
      return test_hook(ref, event);
  }
}

void Lobby::answer_spawn_position(sim::Slot slot) {
  if (!match_ || !match_->world().players[slot].in_world) return;
  packet_.clear();
  wire::spawn_position(packet_, match_->world().players[slot].position);
  to(seats_[slot], packet_);
}

void Lobby::host_start(SeatRef ref) {
  if (!is_host(ref))
    return refuse(ref, "lobby:start", "Only the host of a private lobby may do that");
  if (status_ != Status::waiting && status_ != Status::starting) {
    return refuse(ref, "lobby:start", "The match is running");
  }
  start_countdown(context_.timing.forced, true);
}

// What the prototype let anybody do and compatibility tests still need (L11). The session passes
// these on only when TEST_HOOKS is set.
void Lobby::test_hook(SeatRef ref, const wire::ClientEvent& event) {
  Seat& seat = seats_[ref.slot];
  packet_.clear();
  switch (event.kind) {
    case wire::ClientKind::debug_trigger_match_end:
      if (status_ != Status::playing || !match_) {
        wire::debug_match_end_failed(packet_, "No match is running");
      } else {
        pending_.push_back(command(sim::CommandKind::abandon, sim::kNoSlot));
        wire::debug_match_end_triggered(packet_, id_);
      }
      break;
    case wire::ClientKind::debug_kill_player:
      return match_command(ref, event.as<sim::Command>());
    case wire::ClientKind::debug_request_match_state:
      return debug_state(seat);
    case wire::ClientKind::admin_force_start:
      if (event.as<wire::ForceStart>().lobby_id != id_) {
        wire::test_start_failed(packet_, "Not in this lobby");
        break;
      }
      if (status_ == Status::waiting || status_ == Status::starting) {
        return start_countdown(context_.timing.forced, true);
      }
      wire::test_start_failed(packet_, "Cannot force start - the match is running");
      break;
    default:
      return;
  }
  to(seat, packet_);
}

void Lobby::debug_state(const Seat& to_whom) {
  std::vector<wire::DebugPlayer> players;
  for (sim::Slot slot = 0; match_ && slot < seats_.size(); ++slot) {
    const sim::Player& player = match_->world().players[slot];
    if (!seats_[slot].taken() || !player.in_world) continue;
    players.push_back({seats_[slot].player_id, seats_[slot].name, player.team, player.kills,
                       player.deaths, player.alive});
  }
  packet_.clear();
  wire::debug_match_state(packet_, view(), match_ ? match_->score(sim::Team::red) : 0,
                          match_ ? match_->score(sim::Team::blue) : 0, match_began_ms_,
                          base::wall_ms(), players);
  to(to_whom, packet_);
}

Lobby::Shape Lobby::shape() const {
  return {number_,
          id_,
          status_,
          people(),
          bots(),
          match_ ? match_->score(sim::Team::red) : std::uint16_t{0},
          match_ ? match_->score(sim::Team::blue) : std::uint16_t{0}};
}

}  // namespace lobby
