#include "cheat.h"

#include <algorithm>
#include <cmath>

#include "anticheat/inputs.h"
#include "sim/arms.h"
#include "sim/loadout.h"
#include "sim/trig.h"
#include "sim/weapons.h"

namespace detectors {
namespace {

using sim::Command;
using sim::CommandKind;

constexpr std::array<std::string_view, kRoles> kNames = {
    "bot_easy",   "bot_normal", "bot_hard",  "hand_easy",  "hand_normal", "hand_hard",
    "hand_sharp", "aim_lock",   "aim_flick", "aim_silent", "aim_smooth",  "trigger",
    "speed",      "flood",      "stride",    "rapid",      "replayer",    "resender"};

constexpr double kBody = 6.0;                         // px off the middle at which a trigger shoots
constexpr double kDraw = 0.35;                        // of the way to the enemy, each tick
constexpr std::size_t kTape = 10 * sim::kTickRate;    // inputs that the replayer keeps
constexpr std::size_t kWarmUp = 20 * sim::kTickRate;  // before it starts to record
constexpr std::size_t kResent = sim::kTickRate;
constexpr std::uint32_t kStride = 20;

std::string_view skill_of(Role role, std::uint64_t seed) {
  switch (role) {
    case Role::bot_easy:
    case Role::hand_easy:
      return "easy";
    case Role::bot_hard:
    case Role::hand_hard:
    case Role::hand_sharp:
      return "hard";
    case Role::bot_normal:
    case Role::hand_normal:
      return "normal";
    default:  // cheats help players of every skill
      return std::array{"easy", "normal", "hard"}[seed % 3];
  }
}

HandTraits traits_of(Role role) {
  switch (role) {
    case Role::hand_easy:
      return {3.5, 0.35, 8};
    case Role::hand_hard:
      return {1.2, 0.12, 3};
    case Role::hand_sharp:
      return {0.5, 0.05, 1};
    default:
      return {2.0, 0.2, 5};
  }
}

bool is_bot(Role role) {
  return role == Role::bot_easy || role == Role::bot_normal || role == Role::bot_hard;
}

double distance(sim::Vec2 a, sim::Vec2 b) { return std::hypot(a.x - b.x, a.y - b.y); }

sim::Vec2 whole(sim::Vec2 at) { return {std::round(at.x), std::round(at.y)}; }

Command* input_of(std::vector<Command>& commands) {
  const auto found = std::find_if(commands.begin(), commands.end(), [](const Command& command) {
    return command.kind == CommandKind::input;
  });
  return found == commands.end() ? nullptr : &*found;
}

void drop_shots(std::vector<Command>& commands) {
  std::erase_if(commands, [](const Command& command) { return command.kind == CommandKind::fire; });
}

}  // namespace

std::string_view name_of(Role role) { return kNames[static_cast<std::size_t>(role)]; }

Player::Player(std::uint64_t seed, Role role, sim::Team team,
               std::shared_ptr<lobby::Navigation> navigation)
    : role_(role),
      bot_(seed, skill_of(role, seed), std::move(navigation)),
      hand_(seed + 77, traits_of(role)) {
  bot_.ask_for(team);
}

void Player::look(const match::Match& match, sim::Slot self) {
  const sim::World& world = match.world();
  if (world.tick % sim::kSnapshotEvery != 0) return;
  seen_.clear();
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const sim::Player& other = world.players[slot];
    const bool enemy =
        slot != self && other.in_world && other.alive && other.team != world.players[self].team;
    if (enemy && match.sees(self, slot)) seen_.push_back(other.position);
  }
}

const sim::Vec2* Player::nearest(sim::Vec2 to) const {
  const auto best = std::min_element(seen_.begin(), seen_.end(), [&](auto a, auto b) {
    return distance(a, to) < distance(b, to);
  });
  return best == seen_.end() ? nullptr : &*best;
}

// As a client knows it: loaded, and its own interval gone by.
bool Player::ready(const sim::Player& me, sim::Tick now) const {
  if (me.held >= me.weapons.size()) return false;
  const sim::WeaponState& weapon = me.weapons[me.held];
  const bool gun = sim::weapon_info(weapon.id).kind == sim::WeaponKind::hitscan;
  return gun && weapon.ammo > 0 && weapon.reload_done == 0 &&
         now >= shot_at_ + sim::weapon_info(weapon.id).cooldown;
}

void Player::shoot(const sim::Player& me, sim::Vec2 at, std::vector<Command>& out) {
  shot_at_ = now_;
  const sim::Slot slot = out.front().slot;
  Command& fire = out.emplace_back();
  fire.kind = CommandKind::fire;
  fire.slot = slot;
  fire.weapon = sim::held_weapon(me);
  fire.flag = true;
  fire.point = at;
  fire.sequence = hand_.number();
}

void Player::lock(const sim::Player& me, std::vector<Command>& out) {
  Command* input = input_of(out);
  const sim::Vec2* target = nearest(me.position);
  if (input == nullptr || target == nullptr) return;
  input->point = whole(*target);
  drop_shots(out);
  if (ready(me, now_)) shoot(me, whole(*target), out);
}

void Player::smooth(const sim::Player& me, std::vector<Command>& out) {
  Command* input = input_of(out);
  const sim::Vec2* target = input == nullptr ? nullptr : nearest(input->point);
  if (target == nullptr) {
    drawing_ = false;
    return;
  }
  if (!drawing_) drawn_ = input->point;
  drawing_ = true;
  drawn_ = {drawn_.x + (target->x - drawn_.x) * kDraw, drawn_.y + (target->y - drawn_.y) * kDraw};
  input->point = whole(drawn_);
  drop_shots(out);
  if (distance(drawn_, *target) < 3.0 && ready(me, now_)) shoot(me, whole(drawn_), out);
}

void Player::flick(const sim::Player& me, std::vector<Command>& out, bool mouse) const {
  const bool fires = std::any_of(out.begin(), out.end(), [](const Command& command) {
    return command.kind == CommandKind::fire;
  });
  const sim::Vec2* target = nearest(me.position);
  if (!fires || target == nullptr) return;
  for (Command& command : out) {
    if (command.kind == CommandKind::fire || (mouse && command.kind == CommandKind::input))
      command.point = whole(*target);
  }
}

void Player::trigger(const sim::Player& me, std::vector<Command>& out) {
  const Command* input = input_of(out);
  if (input == nullptr || seen_.empty()) return;
  drop_shots(out);
  const sim::Vec2 mouse = input->point;
  const sim::Vec2* enemy = nearest(mouse);
  if (distance(*enemy, mouse) < kBody && ready(me, now_)) shoot(me, mouse, out);
}

void Player::multiply(std::vector<Command>& out, int inputs) {
  const Command* input = input_of(out);
  if (input == nullptr) return;
  const Command one = *input;
  for (int i = 1; i < inputs; ++i) {
    out.push_back(one);
    out.back().sequence = hand_.number();
  }
}

void Player::stride(std::vector<Command>& out) {
  for (Command& command : out) {
    if (command.kind == CommandKind::join) extra_ = 0;
    if (command.kind == CommandKind::input) extra_ += kStride - 1;
    if (command.kind == CommandKind::input || command.kind == CommandKind::fire)
      command.sequence += extra_;
  }
}

void Player::rapid(const sim::Player& me, std::vector<Command>& out) {
  const Command* input = input_of(out);
  const bool fired = std::any_of(out.begin(), out.end(), [](const Command& command) {
    return command.kind == CommandKind::fire;
  });
  if (fired) shot_at_ = now_;
  if (input == nullptr || fired || shot_at_ == 0 || now_ - shot_at_ > 15) return;
  const sim::Vec2 at = input->point;
  const sim::Tick since = shot_at_;
  shoot(me, at, out);
  shot_at_ = since;
}

void Player::replay(std::vector<Command>& out) {
  Command* input = input_of(out);
  if (input == nullptr) return;
  if (++tape_at_ < kWarmUp) return;
  if (tape_.size() < kTape) {
    tape_.push_back(*input);
    return;
  }
  const std::uint32_t sequence = input->sequence;
  *input = tape_[tape_at_ % kTape];
  input->sequence = sequence;
}

void Player::resend(std::vector<Command>& out) {
  Command* input = input_of(out);
  if (input == nullptr) return;
  tape_.push_back(*input);
  if (tape_.size() < 5 * kResent) return;
  out.insert(out.end(), tape_.end() - kResent, tape_.end());
  tape_.clear();
}

void Player::think(const match::Match& match, sim::Slot self, std::vector<Command>& out) {
  now_ = match.world().tick;
  look(match, self);
  out.clear();
  bot_.think(match, self, out);
  hand_.shape(out, now_, is_bot(role_));
  const sim::Player& me = match.world().players[self];
  switch (role_) {
    case Role::aim_lock:
      return lock(me, out);
    case Role::aim_flick:
      return flick(me, out, true);
    case Role::aim_silent:
      return flick(me, out, false);
    case Role::aim_smooth:
      return smooth(me, out);
    case Role::trigger:
      return trigger(me, out);
    case Role::speed:
      return multiply(out, 2);
    case Role::flood:
      return multiply(out, 5);
    case Role::stride:
      return stride(out);
    case Role::rapid:
      return rapid(me, out);
    case Role::replayer:
      return replay(out);
    case Role::resender:
      return resend(out);
    default:
      return;
  }
}

}  // namespace detectors
