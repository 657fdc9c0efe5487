#include "anticheat/watch.h"

#include <algorithm>
#include <bit>

namespace anticheat {
namespace {

using sim::Slot;
using sim::Tick;

void tell(Finding* finding, std::initializer_list<Number> numbers) {
  if (finding != nullptr) finding->numbers.assign(numbers);
}

void tell(Finding* finding, std::string_view seen, std::string_view agreed, const Scale& scale,
          const Scale::Rule& rule) {
  tell(finding, {{seen, static_cast<double>(scale.seen())},
                 {agreed, static_cast<double>(scale.agreed())},
                 {"threshold", rule.full}});
}

// What the wire lets through; a number that is none is not in it.
bool in_arena(sim::Vec2 at) {
  return at.x >= 0.0 && at.x <= sim::kArenaWidth && at.y >= 0.0 && at.y <= sim::kArenaHeight;
}

// Too much in too short a time; the other kinds do not ask when.
bool is_of_rate(const Finding& finding) {
  return finding.kind == Kind::input_flood || finding.kind == Kind::movement ||
         finding.kind == Kind::fire_rate;
}

Track::Place place(sim::Vec2 at) { return {static_cast<float>(at.x), static_cast<float>(at.y)}; }

}  // namespace

void Watch::new_match() {
  for (Player& player : players_) {
    AimWatch aim = player.aim;
    aim.new_match();
    player = {};
    player.aim = aim;
  }
  tracks_ = {};
  stalled_ = 0;
  findings_.clear();
}

void Watch::stalled(Tick ticks) {
  stalled_ += ticks;
  if (ticks > kSilence) take_back_rates();
}

// What came since the last step may have been kept by a stall of which nobody had told us yet.
void Watch::take_back_rates() {
  std::for_each(findings_.rbegin(), findings_.rend(), [this](const Finding& finding) {
    if (is_of_rate(finding))
      players_[finding.slot].counts[static_cast<std::size_t>(finding.kind)] = finding.count - 1;
  });
  findings_.erase(std::remove_if(findings_.begin(), findings_.end(), is_of_rate), findings_.end());
  for (Player& player : players_) {
    player.input_flood = {};
    player.movement = {};
    player.fire_rate = {};
  }
}

// The first time, and then each time the count has doubled: a handful of findings a match, however
// long it goes on.
Finding* Watch::found(Kind kind, Slot slot, Tick now) {
  const std::uint32_t count = ++players_[slot].counts[static_cast<std::size_t>(kind)];
  if (!std::has_single_bit(count) || findings_.size() == findings_.capacity()) return nullptr;
  Finding& finding = findings_.emplace_back();
  finding.kind = kind;
  finding.slot = slot;
  finding.tick = now;
  finding.count = count;
  finding.score = score_of(kind, count);
  return &finding;
}

void Watch::heard(const sim::Command& command, Tick now) {
  if (command.slot >= players_.size()) return;
  Player& player = players_[command.slot];
  const Tick time = now + stalled_;
  const Tick gap = time - player.heard_at;
  if (gap > kSilence) player.silence += gap;
  player.heard_at = time;
  if (command.kind == sim::CommandKind::input) {
    input(player, command, now, time);
  } else if (command.kind == sim::CommandKind::fire) {
    fire(player, command, now, time);
  }
}

void Watch::input(Player& player, const sim::Command& command, Tick now, Tick time) {
  const bool inside = in_arena(command.point);
  if (inside) player.mouse = command.point;
  player.input_rate.add(1.0, time);
  if (!player.inputs.take(kInputFlow, 1.0, time, player.silence) &&
      player.input_flood.add(kInputFlood, time)) {
    tell(found(Kind::input_flood, command.slot, now),
         {{"inputsPerSecond", player.input_rate.highest()}, {"allowed", kMostInputs}});
  }
  bool again = false;
  const std::uint32_t claimed = player.sequence.claim(command.sequence, again);
  player.step_rate.add(claimed, time);
  if (!player.steps.take(kStepFlow, claimed, time, player.silence) &&
      player.movement.add(kMovement, time)) {
    constexpr double kFastestStep = 2.5;  // px: running
    tell(found(Kind::movement, command.slot, now),
         {{"stepsPerSecond", player.step_rate.highest()},
          {"allowed", kMostSteps},
          {"claimedPixelsPerSecond", player.step_rate.highest() * kFastestStep},
          {"creditedPixelsPerSecond", kFastestStep * sim::kTickRate}});
  }
  if (again && player.replayed.add(kReplayed, time)) {
    tell(found(Kind::replayed_sequence, command.slot, now),
         {{"sequence", static_cast<double>(command.sequence)},
          {"inputsPerSecond", player.input_rate.highest()},
          {"threshold", kReplayed.full}});
  }
  if (inside && player.pattern.input(command) && player.repeated.add(kPattern, time)) {
    tell(found(Kind::input_pattern, command.slot, now), {{"stretchesAgain", kPattern.full}});
  }
}

void Watch::fire(Player& player, const sim::Command& command, Tick now, Tick time) {
  player.view_delay = command.view_delay;
  const auto weapon = static_cast<std::size_t>(command.weapon);
  if (weapon >= player.shots.size()) return;
  const double interval = asked_interval(command.weapon);
  if (interval <= 0.0) return;  // no weapon is named
  player.shot_rate.add(1.0, time);
  const double cost = kFireTolerance * interval;
  const Flow::Rule rule{1.0, cost + kFireSlack, cost + kFireMost};
  if (player.shots[weapon].take(rule, cost, time, player.silence) ||
      !player.fire_rate.add(kFireRate, time))
    return;
  tell(found(Kind::fire_rate, command.slot, now),
       {{"weapon", static_cast<double>(weapon)},
        {"shotsAskedPerSecond", player.shot_rate.highest()},
        {"allowed", sim::kTickRate / cost}});
}

void Watch::stepped(const match::Match& match, unsigned people) {
  const sim::World& world = match.world();
  track(world, people);
  for (const sim::Event& event : match.events()) {
    if (event.kind == sim::EventKind::shot_fired && (people >> event.slot & 1U) != 0)
      judge(world, event);
  }
}

void Watch::track(const sim::World& world, unsigned people) {
  for (Slot slot = 0; slot < players_.size(); ++slot) {
    const sim::Player& body = world.players[slot];
    if (!body.in_world) continue;
    Player& player = players_[slot];
    if (player.spawned_at != body.spawned_at) {
      player.spawned_at = body.spawned_at;
      tracks_[slot].begin(world.tick);
    }
    const bool person = (people >> slot & 1U) != 0;
    const sim::Vec2 aim =
        person ? sim::Vec2{player.mouse.x - body.position.x, player.mouse.y - body.position.y}
               : sim::Vec2{};
    tracks_[slot].write(world.tick, place(body.position), place(aim));
  }
}

void Watch::judge(const sim::World& world, const sim::Event& event) {
  const sim::WeaponInfo& weapon = sim::weapon_info(event.weapon);
  if (weapon.kind != sim::WeaponKind::hitscan) return;
  AimWatch& aim = players_[event.slot].aim;
  const auto verdict = aim.shot(world, tracks_, event.slot, event.angle,
                                players_[event.slot].view_delay, weapon.cooldown);
  const auto report = [&](bool full, Kind kind, std::string_view seen, std::string_view agreed,
                          const Scale& scale, const Scale::Rule& rule) {
    if (full) tell(found(kind, event.slot, world.tick), seen, agreed, scale, rule);
  };
  report(verdict.precision, Kind::aim_precision, "shots", "inTheMiddle", aim.precision(),
         kAimRules.precision);
  report(verdict.snap, Kind::aim_snap, "snaps", "inTheMiddle", aim.snap(), kAimRules.snap);
  report(verdict.reaction, Kind::aim_reaction, "encounters", "beforeSeen", aim.reaction(),
         kAimRules.reaction);
  report(verdict.trigger, Kind::aim_trigger, "openings", "atTheCrossing", aim.trigger(),
         kAimRules.trigger);
}

}  // namespace anticheat
