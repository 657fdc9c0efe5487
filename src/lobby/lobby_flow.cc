#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/tally.h"
#include "lobby/bot.h"
#include "lobby/lobby.h"
#include "lobby/map_pool.h"

// The life cycle: countdown, start, end, results, vote, next match (L3, L6-L8; rules 10 REC; wire
// contract 9).

namespace lobby {

namespace log = base::log;
namespace {

constexpr int kMinimumPlayers = 2;

int whole_seconds(sim::Tick ticks) {
  return static_cast<int>((ticks + sim::kTickRate - 1) / sim::kTickRate);
}

store::Time time_of(std::int64_t wall_ms) {
  return store::Time(std::chrono::milliseconds(wall_ms));
}

store::Side side_of(sim::Team team) {
  return team == sim::Team::red ? store::Side::red : store::Side::blue;
}

std::string_view name_of(match::EndReason reason) {
  switch (reason) {
    case match::EndReason::score_limit:
      return "score_limit";
    case match::EndReason::time_limit:
      return "time_limit";
    case match::EndReason::forfeit:
      return "forfeit";
    case match::EndReason::aborted:
      return "aborted";
  }
  return "aborted";
}

store::LobbyState stored(Status status) { return static_cast<store::LobbyState>(status); }

static_assert(static_cast<int>(store::LobbyState::closed) == static_cast<int>(Status::closed));

}  // namespace

store::Time Lobby::now() { return time_of(base::wall_ms()); }

void Lobby::set_status(Status status) {
  if (status_ == status) return;
  status_ = status;
  context_.recorder.lobby_state(id_, stored(status), now());
}

// The directory hears of counts and status; the members get a lobby:state, but not before a
// joiner's waiting room is up.
void Lobby::lobby_changed() {
  state_due_ = std::max(tick_ + 1, last_join_ + context_.timing.state_after_join);
  if (status_ == Status::closed) return;  // the engine removes it from the directory
  DirectoryEntry entry;
  entry.number = number_;
  entry.shard = context_.shard;
  entry.id = id_;
  entry.invite_code = invite_code_;
  entry.mode = options_.mode;
  entry.map = options_.map;
  entry.is_private = options_.is_private;
  entry.has_password = !options_.password.empty();
  entry.status = status_;
  entry.players = static_cast<std::uint8_t>(people());
  entry.bots = static_cast<std::uint8_t>(bots());
  entry.max_players = options_.max_players;
  entry.created_ms = created_ms_;
  entry.active_ms = base::wall_ms();
  context_.directory.update(entry);
}

// Rules 10.2 REC: a join sets the countdown back to ten seconds, a leave does not; a full lobby
// starts after one.
void Lobby::count_changed(bool joined) {
  if (status_ != Status::waiting && status_ != Status::starting) return;
  const int present = people() + bots();
  if (present < kMinimumPlayers) {
    if (!countdown_forced_) cancel_countdown("Not enough players");
    return;
  }
  if (countdown_forced_) return;
  const bool running = status_ == Status::starting;
  if (people() >= options_.max_players) {
    if (!running || countdown_end_ > tick_ + context_.timing.full)
      start_countdown(context_.timing.full, false);
  } else if (joined || !running) {
    start_countdown(people() == 1 ? context_.timing.alone : context_.timing.countdown, false);
  }
}

void Lobby::start_countdown(sim::Tick ticks, bool forced) {
  countdown_end_ = tick_ + ticks;
  countdown_forced_ = forced;
  set_status(Status::starting);
  packet_.clear();
  wire::match_starting(packet_, id_, whole_seconds(ticks));
  to_all(packet_);
  lobby_changed();
}

void Lobby::cancel_countdown(std::string_view reason) {
  if (status_ != Status::starting) return;
  countdown_end_ = 0;
  countdown_forced_ = false;
  set_status(Status::waiting);
  packet_.clear();
  wire::match_start_cancelled(packet_, id_, reason);
  to_all(packet_);
  lobby_changed();
}

void Lobby::run_clock() {
  if (forced_start_ != 0 && tick_ >= forced_start_) {
    forced_start_ = 0;
    if (status_ == Status::waiting) start_countdown(context_.timing.forced, true);
  }
  if (countdown_end_ != 0 && tick_ >= countdown_end_) {
    if (people() + bots() >= kMinimumPlayers || countdown_forced_) {
      begin_match();
    } else {
      cancel_countdown("Not enough players");
    }
  }
  const bool patience_over = tick_ >= ended_tick_ + context_.timing.result_patience;
  if (status_ == Status::results && !end_announced_ && (result_durable_ || patience_over))
    announce_end();
  if (status_ == Status::results && tick_ >= phase_end_) {
    open_vote();
  } else if (status_ == Status::voting && tick_ >= phase_end_) {
    conclude_vote();
  }
  for (Seat& seat : seats_) {
    if (seat.late_start != 0 && tick_ >= seat.late_start) announce_match(seat);
  }
  if (state_due_ != 0 && tick_ >= state_due_) send_lobby_state();
  if (tick_ % sim::kTickRate == 0) expire_claims();
}

std::shared_ptr<const sim::Map> Lobby::map_for_next() const {
  return context_.maps.find(options_.map);
}

match::Settings Lobby::match_settings() const {
  match::Settings settings;
  settings.kill_limit = options_.kill_limit;
  settings.time_limit = options_.time_limit_s * sim::kTickRate;
  settings.friendly_fire = options_.friendly_fire;
  return settings;
}

// A new world for a warm-up or a match; gives its seed. Bots enter at once; people with their
// player:join.
std::uint64_t Lobby::new_match() {
  const std::uint64_t seed = base::secure_u64();
  match_ = std::make_unique<match::Match>(map_for_next(), match_settings(), seed);
  match_map_ = options_.map;
  clock_.wall_ms_at_tick0 = base::wall_ms();
  pending_.clear();
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    seats_[slot].in_match = false;
    seats_[slot].body = false;
    seats_[slot].reply_due = false;
    seats_[slot].inbox.clear();
  }
  encoder_.reset();
  return seed;
}

void Lobby::begin_match() {
  countdown_end_ = 0;
  countdown_forced_ = false;
  ++ordinal_;
  last_match_id_ = std::exchange(match_id_, base::uuid_v4());
  last_match_ticks_ = std::exchange(match_ticks_, 0);
  forget_gone();
  match_began_ms_ = base::wall_ms();
  departed_.clear();
  end_announced_ = result_durable_ = false;
  begin_replay(new_match());
  begin_watch();
  sim::Command start;
  start.kind = sim::CommandKind::start;
  pending_.push_back(start);
  set_status(Status::playing);
  base::tally::count(base::tally::Event::match_started);
  log::info("match_start",
            {{"lobby", id_}, {"match", match_id_}, {"map", options_.map}, {"people", people()}});
  for (Seat& seat : seats_) {
    // Never sooner than a late joiner's (S4): the waiting room of one who has just come is not up
    // yet.
    const sim::Tick ready = seat.joined_tick + context_.timing.late_start;
    if (seat.person() && ready > tick_) {
      seat.late_start = ready;
    } else {
      announce_match(seat);
    }
  }
  lobby_changed();
}

void Lobby::announce_match(Seat& seat) {
  seat.late_start = 0;
  if (!seat.person()) return;
  if (seat.connected) seat.told_match = ordinal_;
  packet_.clear();
  wire::match_started(packet_, view(), match_began_ms_);
  to(seat, packet_);
}

void Lobby::finish_match() {
  end_replay();
  barred_.clear();
  set_status(Status::results);
  ended_tick_ = tick_;
  match_ticks_ = match_->world().tick;
  phase_end_ = tick_ + context_.timing.results;
  standings_.clear();
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    const Seat& seat = seats_[slot];
    const sim::Player& player = match_->world().players[slot];
    if (!player.in_world || !(seat.body || seat.kind == SeatKind::bot)) continue;
    standings_.push_back({seat.player_id, seat.name, player.team, player.kills, player.deaths});
  }
  base::tally::count(base::tally::Event::match_completed);
  log_end(*match_->outcome());
  store_result();
}

void Lobby::log_end(const match::Outcome& outcome) const {
  log::info("match_end", {{"lobby", id_},
                          {"match", match_id_},
                          {"reason", name_of(outcome.reason)},
                          {"red", static_cast<int>(outcome.red)},
                          {"blue", static_cast<int>(outcome.blue)},
                          {"seconds", static_cast<int>(outcome.duration / sim::kTickRate)}});
}

void Lobby::store_result() {
  context_.recorder.match_finished(
      match_result(),
      [post = context_.post, kept = context_.result_kept, number = number_,
       ordinal = ordinal_](bool) { post([kept, number, ordinal] { kept(number, ordinal); }); });
}

// The last person left a running match. One that nobody had entered yet has no result to keep.
void Lobby::abandon_match() {
  if (status_ != Status::playing) return;
  base::tally::count(base::tally::Event::match_aborted);
  log::info("match_abandoned", {{"lobby", id_}, {"match", match_id_}});
  if (!departed_.empty()) store_result();
}

void Lobby::result_kept(std::uint32_t ordinal) {
  if (ordinal == ordinal_) result_durable_ = true;
}

store::MatchPlayer Lobby::part_of(sim::Slot slot) const {
  const Seat& seat = seats_[slot];
  const sim::Player& player = match_->world().players[slot];
  store::MatchPlayer part;
  // Whoever leaves and comes back has two stays in one match, each with a row of its own (D2).
  part.seat = seat.player_id + "." + std::to_string(seat.generation);
  if (!seat.account_id.empty()) part.player_id = seat.account_id;
  part.display_name = seat.name;
  part.team = side_of(player.team);
  part.kills = player.kills;
  part.deaths = player.deaths;
  part.joined_at = time_of(std::max(seat.joined_ms, match_began_ms_));
  return part;
}

// Someone who played and leaves before the end keeps a row of the match (D2).
void Lobby::note_departure(sim::Slot slot) {
  if (status_ != Status::playing || !seats_[slot].body) return;
  store::MatchPlayer part = part_of(slot);
  part.left_at = now();
  departed_.push_back(std::move(part));
}

store::MatchResult Lobby::match_result() const {
  // Everybody gone in mid-match: nobody won, but what was done is kept.
  const match::Outcome outcome = match_->outcome().value_or(
      match::Outcome{std::nullopt, match::EndReason::aborted, match_->score(sim::Team::red),
                     match_->score(sim::Team::blue), match_->world().tick});
  store::MatchResult result;
  result.match_id = match_id_;
  result.lobby_id = id_;
  result.node_id = context_.node_id;
  result.mode = options_.mode;
  result.map = options_.map;
  result.winning_team = !outcome.winner                     ? store::Winner::draw
                        : *outcome.winner == sim::Team::red ? store::Winner::red
                                                            : store::Winner::blue;
  result.red_score = outcome.red;
  result.blue_score = outcome.blue;
  result.reason = name_of(outcome.reason);
  result.started_at = time_of(match_began_ms_);
  result.completed_at = now();
  result.duration_seconds = outcome.duration / sim::kTickRate;
  result.players = departed_;
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (!seats_[slot].person() || !seats_[slot].body) continue;
    store::MatchPlayer part = part_of(slot);
    part.won = outcome.winner && match_->world().players[slot].team == *outcome.winner;
    result.players.push_back(std::move(part));
  }
  return result;
}

void Lobby::announce_end() {
  end_announced_ = true;
  for (Seat& seat : seats_) announce_end_to(seat);
  lobby_changed();
}

void Lobby::announce_end_to(Seat& seat) {
  if (!seat.hears() || seat.told_end == ordinal_) return;
  seat.told_end = ordinal_;
  std::vector<wire::PlayerResult> players;
  for (const Standing& one : standings_)
    players.push_back({one.id, one.name, one.team, one.kills, one.deaths});
  packet_.clear();
  wire::match_ended(packet_, id_, *match_->outcome(), options_.kill_limit, players);
  to(seat, packet_);
  packet_.clear();
  wire::scoreboard(packet_, *match_->outcome(), players);
  to(seat, packet_);
}

std::vector<wire::VoteOption> Lobby::vote_options() const {
  std::vector<wire::VoteOption> options;
  const std::vector<std::uint32_t> tallies = ballot_.tallies();
  for (std::size_t i = 0; i < tallies.size(); ++i)
    options.push_back({ballot_.options()[i], tallies[i]});
  return options;
}

void Lobby::open_vote() {
  // The results are shown before the vote, however long the database takes (L7).
  if (!end_announced_) announce_end();
  set_status(Status::voting);
  phase_end_ = tick_ + context_.timing.vote;
  ballot_.open(context_.maps.others(options_.map, 2));
  vote_ends_ms_ = base::wall_ms() + context_.timing.vote * 1000 / sim::kTickRate;
  for (const Seat& seat : seats_) tell_vote(seat);
  lobby_changed();
}

void Lobby::tell_vote(const Seat& seat) {
  packet_.clear();
  wire::vote_started(packet_, vote_options(), vote_ends_ms_);
  to(seat, packet_);
}

void Lobby::tell_votes() {
  packet_.clear();
  wire::vote_update(packet_, vote_options());
  to_all(packet_);
}

void Lobby::cast_vote(sim::Slot slot, std::string_view option) {
  if (ballot_.cast(slot, option)) tell_votes();
}

void Lobby::conclude_vote() {
  const std::string choice = ballot_.winner();
  packet_.clear();
  wire::vote_result(packet_, choice);
  to_all(packet_);
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    if (seats_[slot].person() && ballot_.leaves(slot)) dismiss(slot, "Left by vote", false);
    if (status_ == Status::closed) return;
  }
  ballot_.close();
  if (context_.draining) return dissolve();
  if (choice.starts_with(kMapPrefix)) options_.map = choice.substr(kMapPrefix.size());
  if (people() + bots() >= kMinimumPlayers) {
    begin_match();
  } else {
    back_to_waiting();
  }
}

void Lobby::drain() {
  if (status_ == Status::waiting || status_ == Status::starting) dissolve();
}

// Everybody is sent to look for another lobby, which will be on another node.
void Lobby::dissolve() {
  for (sim::Slot slot = 0; slot < seats_.size() && status_ != Status::closed; ++slot) {
    if (seats_[slot].person()) dismiss(slot, "The server is closing", false);
  }
}

void Lobby::back_to_waiting() {
  match_.reset();
  for (Seat& seat : seats_) seat.in_match = false;
  set_status(Status::waiting);
  lobby_changed();
}

wire::LobbyView Lobby::view() const {
  wire::LobbyView view;
  view.id = id_;
  view.invite_code = invite_code_;
  view.mode = options_.mode;
  view.map = options_.map;
  if (host_ != sim::kNoSlot) view.host_id = seats_[host_].player_id;
  switch (status_) {
    case Status::waiting:
      view.status = wire::LobbyStatus::waiting;
      break;
    case Status::starting:
      view.status = wire::LobbyStatus::starting;
      break;
    case Status::playing:
      view.status = wire::LobbyStatus::playing;
      break;
    default:
      view.status = wire::LobbyStatus::finished;
  }
  view.player_count = people() + bots();
  view.max_players = options_.max_players;
  view.bots = bots();
  view.kill_limit = options_.kill_limit;
  view.time_limit_s = static_cast<int>(options_.time_limit_s);
  view.friendly_fire = options_.friendly_fire;
  view.is_private = options_.is_private;
  view.password_required = !options_.password.empty();
  view.created_at = created_ms_;
  return view;
}

void Lobby::send_lobby_state() {
  state_due_ = 0;
  boost::container::static_vector<wire::LobbyMember, sim::kMaxPlayers> members;
  for (sim::Slot slot = 0; slot < seats_.size(); ++slot) {
    const Seat& seat = seats_[slot];
    if (!seat.taken()) continue;
    wire::LobbyMember member;
    member.id = seat.player_id;
    member.name = seat.name;
    member.bot = seat.kind == SeatKind::bot;
    member.connected = seat.connected;
    const bool own_body = seat.body || seat.kind == SeatKind::bot;
    if (match_ && own_body && match_->world().players[slot].in_world) {
      const sim::Player& player = match_->world().players[slot];
      member.team = player.team;
      member.kills = player.kills;
      member.deaths = player.deaths;
    }
    members.push_back(member);
  }
  std::optional<int> countdown;
  if (status_ == Status::starting) countdown = whole_seconds(countdown_end_ - tick_);
  packet_.clear();
  wire::lobby_state(packet_, view(), members, countdown);
  to_all(packet_);
}

}  // namespace lobby
