#include "match/match.h"

#include <algorithm>
#include <utility>

#include "sim/spawn.h"
#include "sim/step.h"

namespace match {
namespace {

// Events of an ordinary busy tick; more make the list grow once. With 256 the world of a lobby took
// more than its 40 KB (allocation_test.cc).
constexpr std::size_t kEventsExpected = 160;

std::shared_ptr<const sim::Map> indexed(std::shared_ptr<const sim::Map> map) {
  if (!map->slice_at.empty()) return map;
  auto copy = std::make_shared<sim::Map>(*map);
  sim::index_map(*copy);
  return copy;
}

}  // namespace

Match::Match(std::shared_ptr<const sim::Map> map, Settings settings, std::uint64_t seed)
    : world_(sim::make_world(indexed(std::move(map)), seed)), settings_(settings) {
  events_.reserve(kEventsExpected);
}

void Match::step(std::span<const sim::Command> commands) {
  events_.clear();
  if (phase_ == Phase::over) return;
  bool abandoned = false;
  for (const sim::Command& command : commands) {
    if (command.kind == sim::CommandKind::start && phase_ == Phase::warmup) start();
    if (command.kind == sim::CommandKind::abandon) abandoned = true;
  }
  const sim::StepRules rules{settings_.friendly_fire, phase_ == Phase::playing};
  sim::step(world_, rules, commands, events_);
  if (phase_ == Phase::playing) {
    count_kills();
    watch_teams();
    check_end();
  }
  if (abandoned && phase_ != Phase::over) finish(EndReason::aborted, std::nullopt);
}

void Match::start() {
  phase_ = Phase::playing;
  started_at_ = world_.tick;
  score_ = {};
  has_played_ = {};
  const sim::StepRules rules{settings_.friendly_fire, false};
  const sim::Turn turn{world_, rules, events_};
  turn.emit(sim::EventKind::match_started, sim::kNoSlot);
  sim::reset_world(turn);
}

void Match::finish(EndReason reason, std::optional<Team> winner) {
  phase_ = Phase::over;
  outcome_ = Outcome{winner, reason, score_[0], score_[1], world_.tick - started_at_};
  events_.emplace_back().kind = sim::EventKind::match_ended;
}

// Score is a counter of its own: it does not move when a scorer leaves (L6).
void Match::count_kills() {
  for (const sim::Event& event : events_) {
    if (event.kind != sim::EventKind::player_died || event.other >= sim::kMaxPlayers) continue;
    if (event.other != event.slot && event.team != event.team2)
      ++score_[static_cast<std::size_t>(event.team)];
  }
}

void Match::watch_teams() {
  std::array<bool, 2> present{};
  for (const sim::Player& player : world_.players) {
    if (player.in_world) present[static_cast<std::size_t>(player.team)] = true;
  }
  for (std::size_t team = 0; team < present.size(); ++team) {
    if (present[team]) {
      has_played_[team] = true;
      empty_since_[team] = world_.tick + 1;
    }
  }
}

std::optional<Team> Match::leader() const {
  if (score_[0] == score_[1]) return std::nullopt;
  return score_[0] > score_[1] ? Team::red : Team::blue;
}

void Match::check_end() {
  const std::optional<Team> ahead = leader();
  if (ahead && std::max(score_[0], score_[1]) >= settings_.kill_limit) {
    finish(EndReason::score_limit, ahead);
    return;
  }
  const auto given_up = [&](std::size_t team) {
    const Tick empty = world_.tick + 1 - empty_since_[team];  // ticks in a row, this one included
    return has_played_[team] && empty > 0 && empty >= settings_.forfeit_after;
  };
  if (given_up(0) || given_up(1)) {
    std::optional<Team> winner;
    if (!given_up(0)) winner = Team::red;
    if (!given_up(1)) winner = Team::blue;
    finish(EndReason::forfeit, winner);
    return;
  }
  if (settings_.time_limit != 0 && world_.tick - started_at_ >= settings_.time_limit) {
    finish(EndReason::time_limit, ahead);
  }
}

}  // namespace match
