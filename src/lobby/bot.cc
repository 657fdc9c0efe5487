#include "lobby/bot.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lobby/bot_loadout.h"
#include "lobby/bot_names.h"
#include "sim/loadout.h"
#include "sim/spawn.h"
#include "sim/trig.h"
#include "sim/weapons.h"

namespace lobby {
namespace {

constexpr sim::Tick kThinkEvery = 6;  // ticks between two decisions
constexpr sim::Tick kJoinAgain = 60;  // ticks after which a join without effect is repeated
constexpr sim::Tick kRespawnPause =
    70;  // ticks at most by which a bot is late with its wish to respawn
constexpr sim::Tick kSwitchPause = 15;  // ticks between two switches
constexpr double kOnTarget = 0.05;    // rad off which still count as aimed, besides the body's size
constexpr double kMateMargin = 10.0;  // px from the line of fire within which no team mate may be,
constexpr double kMateDepth = 90.0;   // up to so far behind the target
constexpr double kBlastMargin = 70.0;  // px that rockets and frags keep from team mates and oneself
constexpr double kRestingReach = 80.0;  // px at which a bot looks that aims at nothing
constexpr double kReadTheRoom = 2.6;    // rad to either side of a look around

double distance(sim::Vec2 a, sim::Vec2 b) {
  return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

double bearing(sim::Vec2 from, sim::Vec2 to) { return sim::atan2(to.y - from.y, to.x - from.x); }

// The farthest place along a ray within the arena, at most `reach` away: a mouse cannot leave the
// arena.
sim::Vec2 along(sim::Vec2 from, double angle, double reach) {
  const sim::Vec2 d = sim::direction(angle);
  const auto room = [](double at, double step, double size) {
    if (step > 0) return (size - at) / step;
    return step < 0 ? -at / step : 1e9;
  };
  const double t =
      std::min({reach, room(from.x, d.x, sim::kArenaWidth), room(from.y, d.y, sim::kArenaHeight)});
  return {std::clamp(from.x + d.x * t, 0.0, sim::kArenaWidth),
          std::clamp(from.y + d.y * t, 0.0, sim::kArenaHeight)};
}

sim::Team smaller_team(const sim::World& world) {
  int red = 0;
  int blue = 0;
  for (const sim::Player& player : world.players) {
    if (player.in_world) ++(player.team == sim::Team::red ? red : blue);
  }
  return blue < red ? sim::Team::blue : sim::Team::red;
}

// Where a mouse could be: on a grid of 1/16 px. Replays of finer aims are four times as large
// (match/replay.h).
sim::Vec2 as_mouse(sim::Vec2 point) {
  constexpr double kSteps = 16.0;
  return {std::round(point.x * kSteps) / kSteps, std::round(point.y * kSteps) / kSteps};
}

}  // namespace

Bot::Bot(std::uint64_t seed, std::string_view skill, std::shared_ptr<Navigation> navigation)
    : seed_(seed),
      skill_(bot_skill_from(skill).value_or(BotSkill::normal)),
      traits_(traits_of(skill_)),
      navigation_(navigation ? std::move(navigation) : std::make_shared<Navigation>()),
      random_(seed) {}

std::string_view Bot::name() const { return bot_name(seed_); }

sim::Command& Bot::command(const Scene& scene, sim::CommandKind kind) const {
  sim::Command& command = scene.out.emplace_back();
  command.kind = kind;
  command.slot = scene.self;
  return command;
}

void Bot::think(const match::Match& match, sim::Slot self, std::vector<sim::Command>& out) {
  const sim::World& world = match.world();
  const Scene scene{match, world, world.players[self], self, world.tick, out};
  if (match.phase() == match::Phase::over) return;
  if (scene.now < last_tick_) {  // another match
    join_at_ = 0;
    living_ = false;
    looked_at_.clear();
  }
  last_tick_ = scene.now;
  if (!scene.me.in_world) {
    living_ = false;
    enter(scene);
  } else if (!scene.me.alive) {
    wait_for_respawn(scene);
  } else {
    if (!living_ || spawned_at_ != scene.me.spawned_at) begin_life(scene);
    live(scene);
  }
}

// Bots enter one after the other, so that each sees the teams as they are.
void Bot::enter(const Scene& scene) {
  if (scene.now % sim::kMaxPlayers != scene.self) return;
  if (join_at_ != 0 && scene.now - join_at_ < kJoinAgain) return;
  join_at_ = std::max<sim::Tick>(scene.now, 1);
  sequence_ = 0;
  senses_.reset();
  sim::Command& join = command(scene, sim::CommandKind::join);
  join.team = wanted_team_.value_or(smaller_team(scene.world));
  join.loadout = bot_loadout(random_);
}

void Bot::wait_for_respawn(const Scene& scene) {
  if (living_) {
    living_ = false;
    respawn_at_ = scene.me.died_at + sim::kRespawnGate + random_.next() % kRespawnPause;
  }
  if (scene.now == respawn_at_) command(scene, sim::CommandKind::respawn);
}

void Bot::begin_life(const Scene& scene) {
  living_ = true;
  join_at_ = 0;
  spawned_at_ = scene.me.spawned_at;
  senses_.reset();
  aim_.reset(scene.me.rotation);
  legs_.stop();
  trigger_.reset();
  intent_ = Intent::roam;
  target_ = sim::kNoSlot;
  gun_ = best_gun(scene.me, 100.0);
  throw_.reset();
  barrier_.reset();
  stands_ = false;
  strafe_keys_ = 0;
  strafe_until_ = no_soft_until_ = cover_after_ = pause_until_ = glance_until_ = startled_until_ =
      0;
  switched_at_ = restless_until_ = fuse_until_ = flee_until_ = 0;
  anchor_ = scene.me.position;
  anchor_at_ = scene.now;
  taste_ = random_.next();
}

void Bot::live(const Scene& scene) {
  // The body may have had another mind before, on a node that died.
  sequence_ = std::max(sequence_, scene.me.sequence);
  senses_.update(scene.match, scene.self);
  if ((scene.now + scene.self) % kThinkEvery == 0) decide(scene);
  turn_view(scene);
  const sim::Vec2 point = as_mouse(aim_point(scene));
  sim::Command& input = command(scene, sim::CommandKind::input);
  input.keys = walk_keys(scene);
  input.point = point;
  input.sequence = ++sequence_;
  use_hands(scene, point);
}

bool Bot::engaged(const Scene& scene) const {
  return target_ != sim::kNoSlot && senses_.enemy(target_).visible && scene.now >= react_at_;
}

void Bot::turn_view(const Scene& scene) {
  if (engaged(scene)) {
    const double to_target = bearing(scene.me.position, senses_.expected(target_, scene.now));
    const double motion = sim::turn(target_bearing_, to_target);
    const double unrest = 1.0 + 3.0 * dazzle(scene.me.flash, scene.now);
    aim_.track(to_target, std::abs(motion) < 0.2 ? motion : 0.0, unrest, traits_, random_);
    target_bearing_ = to_target;
    return;
  }
  aim_.look(resting_bearing(scene), traits_);
}

// Where a bot looks that deals with no enemy.
double Bot::resting_bearing(const Scene& scene) const {
  const sim::Vec2 here = scene.me.position;
  if (target_ != sim::kNoSlot) return aim_.angle();  // something is there, but what?
  if (throw_) return bearing(here, throw_->at);
  if (barrier_) return bearing(here, barrier_->centre);
  if (scene.now < startled_until_) return startled_;
  if (intent_ == Intent::cover) return bearing(here, threat_);
  if (intent_ == Intent::chase && navigation_->clear_line(here, threat_))
    return bearing(here, threat_);
  if (legs_.walking()) {
    return bearing(here, legs_.ahead(here)) + (scene.now < glance_until_ ? glance_ : 0.0);
  }
  if (scene.now < pause_until_) {  // a slow look to one side, then to the other
    return glance_ + kReadTheRoom * sim::sin(0.05 * static_cast<double>(pause_until_ - scene.now));
  }
  return aim_.angle();
}

std::uint16_t Bot::walk_keys(const Scene& scene) {
  if (scene.now < flee_until_) return flee_keys_ | sim::kKeyShift;
  if (intent_ == Intent::fight) return stands_ ? std::uint16_t{0} : strafe_keys_;
  if (barrier_ && distance(scene.me.position, centre_of(barrier_square_)) < 14.0) return 0;
  std::uint16_t keys = legs_.keys(scene.me.position);
  if (!engaged(scene) && keys != 0) keys |= sim::kKeyShift;
  return keys;
}

sim::Vec2 Bot::aim_point(const Scene& scene) const {
  const double reach =
      engaged(scene)
          ? std::max(20.0, distance(scene.me.position, senses_.expected(target_, scene.now)))
          : kRestingReach;
  return along(scene.me.position, aim_.angle(), reach);
}

void Bot::use_hands(const Scene& scene, sim::Vec2 point) {
  const sim::Player& me = scene.me;
  if (run_throw(scene)) return;
  const bool aims = engaged(scene);
  const double way = distance(me.position, point);
  const bool sights = traits_.aims_down_sights && aims && way > 70.0;
  if (sights != me.ads) command(scene, sim::CommandKind::ads).flag = sights;
  if (gun_ != sim::WeaponId::none && gun_ != sim::held_weapon(me)) return hold(scene, gun_);
  if (me.held >= me.weapons.size()) return;
  const sim::WeaponState& weapon = me.weapons[me.held];
  if (aims) {
    const bool on_target = aim_.off() < kOnTarget + sim::kBodyRadius / std::max(way, 10.0);
    const bool safe =
        line_is_safe(scene, point) && (!is_explosive(weapon.id) || blast_is_safe(scene, point));
    if (on_target && safe && trigger_.pull(me, weapon, scene.now + 1, traits_, random_)) {
      shoot(scene, point, 1, weapon.id);
    }
  } else if (barrier_ && aim_.off() < kOnTarget && !is_explosive(weapon.id) &&
             line_is_safe(scene, barrier_->centre) &&
             trigger_.pull(me, weapon, scene.now + 1, traits_, random_)) {
    shoot(scene, barrier_->centre, 1, weapon.id);
  }
  const bool calm = senses_.focus() == sim::kNoSlot;
  const bool spent = weapon.ammo == 0;
  if (weapon.reload_done == 0 && weapon.reserve > 0 &&
      (spent || (calm && gun_to_reload(me) == weapon.id))) {
    if (spent || !barrier_) command(scene, sim::CommandKind::reload);
  }
}

// Draws, charges and lets go. True while the hands are busy with it.
bool Bot::run_throw(const Scene& scene) {
  if (!throw_) return false;
  if (sim::held_weapon(scene.me) != throw_->weapon) {
    if (scene.now - throw_->begin > 3) {
      throw_.reset();  // it is used up, or something else was taken into the hand
    } else {
      command(scene, sim::CommandKind::switch_weapon).weapon = throw_->weapon;
    }
    return true;
  }
  if (scene.now < throw_->release) return true;
  const bool frag = throw_->weapon == sim::WeaponId::grenade;
  if (frag ? blast_is_safe(scene, throw_->at) : line_is_safe(scene, throw_->at)) {
    shoot(scene, throw_->at, throw_->charge, throw_->weapon);
    if (frag) {  // waits for it to go off
      fuse_until_ = pause_until_ = scene.now + sim::weapon_info(sim::WeaponId::grenade).fuse + 5;
      glance_ = aim_.angle();
      if (intent_ == Intent::chase) intent_ = Intent::roam;
      legs_.stop();
    }
  }
  switched_at_ = scene.now;
  throw_.reset();
  return true;
}

void Bot::hold(const Scene& scene, sim::WeaponId weapon) {
  if (scene.now - switched_at_ < kSwitchPause) return;
  switched_at_ = scene.now;
  command(scene, sim::CommandKind::switch_weapon).weapon = weapon;
}

void Bot::shoot(const Scene& scene, sim::Vec2 point, std::uint8_t charge, sim::WeaponId weapon) {
  sim::Command& fire = command(scene, sim::CommandKind::fire);
  fire.weapon = weapon;
  fire.charge = charge;
  fire.flag = true;
  fire.point = point;
  fire.sequence = ++sequence_;
}

// Nobody of ours where something is to explode, and nothing near that would set it off at once.
bool Bot::blast_is_safe(const Scene& scene, sim::Vec2 point) const {
  const sim::Vec2 here = scene.me.position;
  const double way = distance(here, point);
  if (way < kBlastMargin - 10.0) return false;
  const double part = std::min(1.0, kBlastMargin / way);
  if (!navigation_->clear_line(
          here, {here.x + (point.x - here.x) * part, here.y + (point.y - here.y) * part})) {
    return false;
  }
  return std::none_of(
      scene.world.players.begin(), scene.world.players.end(), [&](const sim::Player& mate) {
        return &mate != &scene.me && mate.in_world && mate.alive && mate.team == scene.me.team &&
               distance(mate.position, point) < kBlastMargin;
      });
}

// No team mate on the line or behind its end.
bool Bot::line_is_safe(const Scene& scene, sim::Vec2 point) const {
  const sim::Vec2 here = scene.me.position;
  const double length = distance(here, point);
  if (length < 1.0) return true;
  const sim::Vec2 d = {(point.x - here.x) / length, (point.y - here.y) / length};
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const sim::Player& mate = scene.world.players[slot];
    if (slot == scene.self || !mate.in_world || !mate.alive || mate.team != scene.me.team) continue;
    const sim::Vec2 v = {mate.position.x - here.x, mate.position.y - here.y};
    const double ahead = v.x * d.x + v.y * d.y;
    if (ahead > 0 && ahead < length + kMateDepth && std::abs(v.x * d.y - v.y * d.x) < kMateMargin)
      return false;
  }
  return true;
}

}  // namespace lobby
