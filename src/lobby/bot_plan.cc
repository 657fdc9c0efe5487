// What a bot wants. Called ten times a second for each bot, the bots of a lobby in different ticks.

#include <algorithm>
#include <cmath>

#include "lobby/bot.h"
#include "match/view.h"
#include "sim/loadout.h"
#include "sim/trig.h"
#include "sim/weapons.h"

namespace lobby {
namespace {

constexpr sim::Tick kSecond = sim::kTickRate;
constexpr sim::Tick kChaseTime = 5 * kSecond;
constexpr sim::Tick kCoverTime = 4 * kSecond;    // at most in one cover
constexpr sim::Tick kCoverPause = 12 * kSecond;  // between two retreats for wounds
constexpr sim::Tick kRumourTime = 6 * kSecond;   // how long a rumour draws
constexpr sim::Tick kStale = 40 * kSecond;  // a post not seen for longer is not more interesting
constexpr double kPostView = 130.0;         // px at which a post counts as looked at
constexpr sim::Tick kBarrierTime = 5 * kSecond;  // then it gives up shooting a wall open
constexpr sim::Tick kNoSoftTime = 12 * kSecond;  // and keeps to open ways
constexpr sim::Tick kStartle = 50;               // ticks of looking round after a hit from nowhere
constexpr sim::Tick kStillTime =
    4 * kSecond;  // in one place without an enemy: moves on, whatever it did
constexpr sim::Tick kRestless = 4 * kSecond;  // and does nothing but move
constexpr double kStillRadius = 15.0;         // px that count as one place
constexpr int kCoverReach = 110;              // px on foot
constexpr int kBarrierSight = 9;              // squares, 45 px
constexpr double kFragFear = 58.0;            // px from a frag within which a bot runs away
constexpr double kArrived = 12.0;             // px

double distance(sim::Vec2 a, sim::Vec2 b) {
  return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

}  // namespace

void Bot::decide(const Scene& scene) {
  navigation_->refresh(scene.world);
  choose_target(scene);
  choose_gun(scene);
  watch_progress(scene);
  watch_grenades(scene);
  note_posts(scene);
  choose_intent(scene);
  switch (intent_) {
    case Intent::fight:
      fight(scene);
      break;
    case Intent::cover:
      stay_in_cover(scene);
      break;
    case Intent::chase:
      chase(scene);
      break;
    case Intent::roam:
      roam(scene);
      break;
  }
  watch_barrier(scene);
}

void Bot::choose_target(const Scene& scene) {
  const sim::Slot focus = senses_.focus();
  if (focus == target_) return;
  const bool nobody_before = target_ == sim::kNoSlot;
  target_ = focus;
  if (focus == sim::kNoSlot) return;
  // Surprise costs the whole reaction time, a change of targets half of it.
  const sim::Tick reaction = nobody_before ? traits_.reaction : traits_.reaction / 2;
  react_at_ = std::max(scene.now, senses_.enemy(focus).since) + reaction * 3 / 4 +
              random_.next() % (reaction / 2 + 1);
  target_bearing_ = sim::atan2(senses_.enemy(focus).position.y - scene.me.position.y,
                               senses_.enemy(focus).position.x - scene.me.position.x);
  aim_.acquire(traits_, random_);
}

void Bot::choose_gun(const Scene& scene) {
  if (throw_) return;
  if (target_ != sim::kNoSlot) {
    gun_ = best_gun(scene.me, distance(scene.me.position, senses_.expected(target_, scene.now)));
  } else if (barrier_) {
    gun_ = wall_opener(scene.me);
  } else if (const sim::WeaponId empty = gun_to_reload(scene.me); empty != sim::WeaponId::none) {
    gun_ = empty;
  } else {
    gun_ = best_gun(scene.me, senses_.lost() == sim::kNoSlot ? 100.0 : 70.0);
  }
}

bool Bot::wants_cover(const Scene& scene) const {
  if (scene.now < restless_until_) return false;
  const bool defenceless = best_gun(scene.me, 60.0) == sim::WeaponId::none;
  const bool wounded = scene.me.health < traits_.cover_health && scene.now >= cover_after_;
  return defenceless || wounded;
}

void Bot::choose_intent(const Scene& scene) {
  const bool sees = target_ != sim::kNoSlot && scene.now >= react_at_;
  if (intent_ == Intent::cover && scene.now < leave_cover_at_) {
    const bool cornered =
        sees && !legs_.walking() && best_gun(scene.me, 40.0) != sim::WeaponId::none;
    if (!cornered) return;
  }
  if (sees) {
    pause_until_ = startled_until_ = 0;
    if (wants_cover(scene) && take_cover(scene)) return;
    if (intent_ != Intent::fight) strafe_until_ = 0;
    intent_ = Intent::fight;
    return;
  }
  const bool free_to_chase = scene.now >= restless_until_ && scene.now >= fuse_until_;
  if (intent_ != Intent::chase && target_ == sim::kNoSlot && free_to_chase && start_chase(scene))
    return;
  if (intent_ == Intent::fight || intent_ == Intent::cover) {
    intent_ = Intent::roam;
    legs_.stop();
  }
  // Hit by somebody out of sight: look behind.
  if (senses_.hurt_at() != 0 && scene.now - senses_.hurt_at() < 6 && scene.now >= startled_until_) {
    startled_ = sim::normalised(aim_.angle() + sim::kPi + 0.5 * bell(random_));
    startled_until_ = scene.now + kStartle;
  }
}

// --- with an enemy in view ---

void Bot::fight(const Scene& scene) {
  const sim::Vec2 enemy = senses_.expected(target_, scene.now);
  const double way = distance(scene.me.position, enemy);
  legs_.stop();
  if (scene.now >= strafe_until_) {
    strafe_until_ = scene.now + 18 + random_.next() % 36;
    if (random() < 0.6) strafe_side_ = -strafe_side_;
    stands_ = way > 70.0 && random() < traits_.steadiness;
    if (way > 70.0 && random() < 0.1 * traits_.throws)
      maybe_throw(scene, sim::WeaponId::grenade, enemy);
  }
  strafe(scene, enemy, way);
}

// Sideways, and nearer or farther until the gun is at its best.
void Bot::strafe(const Scene& scene, sim::Vec2 enemy, double way) {
  const sim::Vec2 here = scene.me.position;
  const double scale = way > 1.0 ? 1.0 / way : 0.0;
  const sim::Vec2 to = {(enemy.x - here.x) * scale, (enemy.y - here.y) * scale};
  const double ideal = ideal_distance(sim::held_weapon(scene.me));
  const double forward = std::clamp((way - ideal) / 45.0, -1.0, 1.0);
  const double side = 0.9 * strafe_side_;
  strafe_keys_ = keys_towards(*navigation_, here,
                              {to.x * forward - to.y * side, to.y * forward + to.x * side});
  if (strafe_keys_ == 0) {
    strafe_side_ = -strafe_side_;
    strafe_keys_ = keys_towards(*navigation_, here,
                                {to.x * forward + to.y * side, to.y * forward - to.x * side});
  }
}

std::vector<sim::Vec2>& Bot::threats(const Scene& scene) {
  threats_.clear();
  for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
    const Sighting& enemy = senses_.enemy(slot);
    if (enemy.known && scene.now - enemy.last < 2 * kSecond) threats_.push_back(enemy.position);
  }
  return threats_;
}

bool Bot::take_cover(const Scene& scene) {
  const auto place = navigation_->cover(square_at(scene.me.position), threats(scene), kCoverReach);
  if (!place || !legs_.set_out(*navigation_, scene.me.position, *place, {.through_soft = false}))
    return false;
  intent_ = Intent::cover;
  threat_ = senses_.enemy(target_).position;
  leave_cover_at_ = scene.now + kCoverTime;
  cover_after_ = scene.now + kCoverPause;
  if (random() < traits_.throws) maybe_throw(scene, sim::WeaponId::smokegrenade, threat_);
  return true;
}

// In cover: stays until the guns are loaded, then a moment longer.
void Bot::stay_in_cover(const Scene& scene) {
  if (legs_.walking()) return;
  const bool reloading =
      std::any_of(scene.me.weapons.begin(), scene.me.weapons.end(),
                  [](const sim::WeaponState& weapon) { return weapon.reload_done != 0; });
  const bool empty = gun_to_reload(scene.me) != sim::WeaponId::none;
  if (!reloading && !empty)
    leave_cover_at_ = std::min<sim::Tick>(leave_cover_at_, scene.now + 20 + random_.next() % 40);
}

// --- after an enemy ---

bool Bot::start_chase(const Scene& scene) {
  const sim::Slot lost = senses_.lost();
  if (lost == sim::kNoSlot || scene.now - senses_.enemy(lost).last > BotSenses::kMemory / 2)
    return false;
  threat_ = senses_.expected(lost, scene.now);
  if (random() < traits_.throws) {
    if (!maybe_throw(scene, sim::WeaponId::grenade, threat_))
      maybe_throw(scene, sim::WeaponId::flashbang, threat_);
  }
  if (!walk_to(scene, square_at(threat_))) return false;
  senses_.suspect(threat_, scene.now);
  intent_ = Intent::chase;
  intent_since_ = scene.now;
  return true;
}

void Bot::chase(const Scene& scene) {
  const bool there = distance(scene.me.position, threat_) < kArrived || !legs_.walking();
  if (!there && scene.now - intent_since_ < kChaseTime) return;
  if (senses_.lost() != sim::kNoSlot) senses_.forget(senses_.lost());
  intent_ = Intent::roam;
  legs_.stop();
  glance_ = aim_.angle();
  pause_until_ = scene.now + 40 + random_.next() % 30;
}

bool Bot::maybe_throw(const Scene& scene, sim::WeaponId weapon, sim::Vec2 at) {
  if (throw_ || !navigation_->clear_line(scene.me.position, at)) return false;
  if (weapon == sim::WeaponId::grenade && !blast_is_safe(scene, at)) return false;
  throw_ = plan_throw(scene.me, weapon, scene.me.position, at, scene.now);
  return throw_.has_value();
}

// --- nobody about ---

void Bot::roam(const Scene& scene) {
  if (legs_.walking()) {
    if (scene.now >= glance_until_ && random() < 0.06) {
      glance_ = 0.8 * bell(random_);
      glance_until_ = scene.now + 15 + random_.next() % 20;
    }
    return;
  }
  if (scene.now < pause_until_) return;
  // A route may end short of a far goal.
  const bool more =
      legs_.goal() != 0 && distance(scene.me.position, centre_of(legs_.goal())) > 2 * kArrived;
  if (more && random() < 0.8 && walk_to(scene, legs_.goal())) return;
  if (pause_until_ == 0 && random() < 0.35) {
    glance_ = aim_.angle();
    pause_until_ = scene.now + 30 + random_.next() % 40;
    return;
  }
  set_out_anew(scene);
}

void Bot::set_out_anew(const Scene& scene) {
  taste_ = random_.next();
  glance_until_ = 0;
  pause_until_ = 0;
  walk_to(scene, choose_post(scene));
}

bool Bot::walk_to(const Scene& scene, Square goal) {
  const bool soft = scene.now >= no_soft_until_ && wall_opener(scene.me) != sim::WeaponId::none;
  return legs_.set_out(*navigation_, scene.me.position, goal,
                       {.taste = taste_, .through_soft = soft});
}

// Remembers which posts it looked at: those near, in the view, with nothing between. A third of
// them each time.
void Bot::note_posts(const Scene& scene) {
  const auto& posts = navigation_->posts();
  looked_at_.resize(posts.size(), 0);
  const sim::Vec2 facing = sim::direction(aim_.angle());
  for (std::size_t i = scene.now / 6 % 3; i < posts.size(); i += 3) {
    const sim::Vec2 place = centre_of(posts[i]);
    const sim::Vec2 v = {place.x - scene.me.position.x, place.y - scene.me.position.y};
    const double way = std::sqrt(v.x * v.x + v.y * v.y);
    if (way > kPostView || v.x * facing.x + v.y * facing.y < 0.5 * way) continue;
    if (navigation_->clear_line(scene.me.position, place)) looked_at_[i] = scene.now;
  }
}

// The post most worth a visit: not looked at for long, not far, where something was heard, away
// from team mates.
Square Bot::choose_post(const Scene& scene) {
  const auto& posts = navigation_->posts();
  Square best = square_at(scene.me.position);
  double most = -1e9;
  const bool rumour = senses_.rumour().at != 0 && scene.now - senses_.rumour().at < kRumourTime;
  for (std::size_t i = 0; i < posts.size(); ++i) {
    const sim::Vec2 place = centre_of(posts[i]);
    const double stale =
        std::min<sim::Tick>(scene.now - looked_at_[i], kStale) / static_cast<double>(kSecond);
    double worth = 70.0 * random() + 5.0 * stale - 0.25 * distance(scene.me.position, place);
    if (rumour) worth -= 0.9 * distance(place, senses_.rumour().place);
    for (sim::Slot slot = 0; slot < sim::kMaxPlayers; ++slot) {
      const sim::Player& mate = scene.world.players[slot];
      if (slot == scene.self || !mate.in_world || !mate.alive || mate.team != scene.me.team)
        continue;
      worth -= std::max(0.0, 70.0 - distance(place, mate.position)) * 0.6;
    }
    if (worth > most) {
      most = worth;
      best = posts[i];
    }
  }
  return best;
}

// --- ways ---

// Wood or glass on the way: shoot it open and walk on.
void Bot::watch_barrier(const Scene& scene) {
  const bool before = barrier_.has_value();
  barrier_.reset();
  if (target_ != sim::kNoSlot || throw_ || intent_ == Intent::fight) return;
  const auto soft = legs_.soft_ahead(*navigation_, scene.me.position, kBarrierSight);
  if (!soft) return;
  if (!before) barrier_since_ = scene.now;
  if (scene.now - barrier_since_ > kBarrierTime || wall_opener(scene.me) == sim::WeaponId::none) {
    no_soft_until_ = scene.now + kNoSoftTime;
    legs_.stop();
    return;
  }
  barrier_ = navigation_->barrier(scene.world, *soft);
  barrier_square_ = *soft;
}

// A frag that it may know of lies near: away from it.
void Bot::watch_grenades(const Scene& scene) {
  sim::Vec2 away;
  for (const sim::Projectile& projectile : scene.world.projectiles) {
    if (projectile.type != sim::WeaponId::grenade) continue;
    const sim::Vec2 v = {scene.me.position.x - projectile.position.x,
                         scene.me.position.y - projectile.position.y};
    const double way = std::max(1.0, std::sqrt(v.x * v.x + v.y * v.y));
    const bool own_in_flight =
        projectile.owner == scene.self && scene.now - projectile.born < kSecond / 2;
    if (way > kFragFear || own_in_flight ||
        !match::knows_projectile(scene.world, scene.self, projectile))
      continue;
    away = {away.x + v.x / (way * way), away.y + v.y / (way * way)};
  }
  if (away == sim::Vec2{}) return;
  const double length = std::sqrt(away.x * away.x + away.y * away.y);
  flee_keys_ = keys_towards(*navigation_, scene.me.position, {away.x / length, away.y / length});
  flee_until_ = flee_keys_ != 0 ? scene.now + 12 : 0;
  if (flee_keys_ != 0) legs_.stop();
}

// Nobody stands in one place for long unless there is somebody to shoot at.
void Bot::watch_progress(const Scene& scene) {
  if (distance(scene.me.position, anchor_) > kStillRadius || target_ != sim::kNoSlot) {
    anchor_ = scene.me.position;
    anchor_at_ = scene.now;
    return;
  }
  if (scene.now - anchor_at_ < kStillTime || barrier_) return;
  anchor_at_ = scene.now;
  restless_until_ = scene.now + kRestless;
  no_soft_until_ = scene.now + kNoSoftTime;
  intent_ = Intent::roam;
  set_out_anew(scene);
}

}  // namespace lobby
