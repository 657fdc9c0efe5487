// How a player plays: runs about, aims at who is in sight, shoots, reloads, throws, changes
// weapons, asks to respawn.

#include <algorithm>
#include <array>
#include <cmath>

#include "base/clock.h"
#include "loadtest/player.h"

namespace loadtest {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 5> kPrimaries = {"rifle", "smg", "shotgun", "battlerifle",
                                                        "sniperrifle"};
constexpr std::string_view kSecondary = "pistol";
constexpr auto kSnapshotPeriod = milliseconds(50);
// The states right after entering are answers, not the 20 Hz stream.
constexpr auto kStreamAfter = milliseconds(1'000);
constexpr auto kLookEvery = milliseconds(100);    // a person's eye is no faster
constexpr auto kForgetAfter = milliseconds(500);  // whom one does not see any more
constexpr double kEnterPatience = 10;             // s
constexpr double kRespawnRetry = 2;               // s
constexpr double kAimError = 14;                  // px, across
constexpr int kArenaWidth = 480;
constexpr int kArenaHeight = 270;

std::int64_t micros(Clock::duration duration) {
  return duration_cast<microseconds>(duration).count();
}

}  // namespace

Clock::duration Player::input_period() const {
  return duration_cast<Clock::duration>(std::chrono::duration<double>(1.0 / scene_.options.inputs));
}

void Player::enter_world(Time now) {
  weapon_ = kPrimaries[part_.number % kPrimaries.size()];
  append_player_join(scene_.text, weapon_, part_.number % 2 == 0, part_.number, base::wall_ms());
  send_text();
  begin_step(Step::enter, now);
  timer(Timer::step) = after(now, kEnterPatience);
  timer(Timer::input) = timer(Timer::whim) = timer(Timer::vote) = Time::max();
  state_ = State::entering;
  sequence_ = 0;
  dead_ = sights_ = false;
  look_ = {};
  last_state_ = {};
  seen_at_ = {};
}

// In the world, for the first time or again.
void Player::in_world(Time now) {
  state_ = State::playing;
  timer(Timer::step) = Time::max();
  entered_ = steer_at_ = fire_at_ = look_at_ = now;
  last_state_ = {};
  trick_at_ = after(now, 3 + 8 * scene_.roll_unit());
  const bool talks = scene_.options.chat > 0 && timer(Timer::chat) == Time::max();
  if (talks) timer(Timer::chat) = after(now, scene_.options.chat * (0.2 + scene_.roll_unit()));
  // Spread over a period, or the players of one lobby would all send at the same moment.
  timer(Timer::input) = now + duration_cast<Clock::duration>(input_period() * scene_.roll_unit());
}

void Player::on_state(std::string_view packet, Time now) {
  if (scene_.window_open) {
    ++scene_.stats.snapshots;
    scene_.stats.snapshot_bytes += packet.size();
  }
  done(Step::resume, now);
  if (state_ != State::playing) return;
  if (now >= look_at_) {
    look_at_ = now + kLookEvery;
    if (const auto look = look_at(packet, id_)) {
      look_ = *look;
      look_.weapon = {};  // it points into the packet
      dead_ = !look->alive;
      if (look->enemy) seen_at_ = now;
    }
  }
  if (now - entered_ < kStreamAfter) return;
  if (last_state_ != Time{} && scene_.window_open) {
    const Clock::duration gap = now - last_state_;
    scene_.stats.snapshot_gap.add(micros(gap));
    scene_.stats.snapshot_skew.add(micros(std::chrono::abs(gap - kSnapshotPeriod)));
  }
  last_state_ = now;
}

bool Player::sees_enemy(Time now) const {
  return look_.enemy.has_value() && now - seen_at_ < kForgetAfter;
}

void Player::on_input_due(Time now) {
  Time& input = timer(Timer::input);
  if (state_ != State::playing) {
    input = Time::max();
    return;
  }
  if (dead_) {
    if (now >= respawn_at_) ask_respawn(now);
  } else {
    steer(now);
    send_input();
    if (scene_.options.shots > 0 && now >= fire_at_) fire(now);
    if (now >= trick_at_) try_something(now);
  }
  // By absolute deadlines; after a long stall the missed inputs are dropped, as the client does.
  input += input_period();
  if (input < now - milliseconds(200)) input = now + input_period();
}

void Player::steer(Time now) {
  controls_.firing = false;
  const bool aims = sees_enemy(now);
  if (aims) {
    const auto near = [&](double at) {
      return static_cast<int>(std::lround(at + kAimError * (scene_.roll_unit() - 0.5)));
    };
    controls_.mouse_x = std::clamp(near(look_.enemy->x), 0, kArenaWidth);
    controls_.mouse_y = std::clamp(near(look_.enemy->y), 0, kArenaHeight);
  }
  if (now < steer_at_) return;
  const std::uint64_t bits = scene_.roll();
  controls_.w = bits & 1;
  controls_.s = !controls_.w && (bits & 2);
  controls_.a = bits & 4;
  controls_.d = !controls_.a && (bits & 8);
  controls_.shift = (bits & 0x30) == 0x30;
  controls_.ctrl = (bits & 0xc0) == 0xc0;
  if (!aims) {
    controls_.mouse_x = static_cast<int>(scene_.roll_unit() * kArenaWidth);
    controls_.mouse_y = static_cast<int>(scene_.roll_unit() * kArenaHeight);
  }
  steer_at_ = after(now, 0.3 + 0.9 * scene_.roll_unit());
}

void Player::send_input() {
  // The client counts rendered frames, 60 a second, and sends fewer messages than that.
  sequence_ += static_cast<std::uint64_t>(std::lround(60.0 / scene_.options.inputs));
  append_input(scene_.text, controls_, sequence_, base::wall_ms());
  send_text();
  if (scene_.window_open) ++scene_.stats.inputs;
}

void Player::fire(Time now) {
  const bool aims = sees_enemy(now);
  const double gap =
      aims ? 0.12 + 0.2 * scene_.roll_unit() : (0.5 + scene_.roll_unit()) / scene_.options.shots;
  fire_at_ = after(now, gap);
  if (look_.reloading) return;
  if (look_.ammo == 0 && look_.me.x > 0) {
    append_reload(scene_.text, weapon_, base::wall_ms());
    send_text();
    fire_at_ = after(now, 1);
    return;
  }
  controls_.firing = true;
  append_fire(scene_.text, weapon_, controls_, look_.me, ++sequence_, base::wall_ms());
  send_text();
  if (scene_.window_open) ++scene_.stats.shots;
}

// What a player does now and then.
void Player::try_something(Time now) {
  trick_at_ = after(now, 6 + 10 * scene_.roll_unit());
  const double chance = scene_.roll_unit();
  const std::string_view primary = kPrimaries[part_.number % kPrimaries.size()];
  if (chance < 0.3) {
    weapon_ = weapon_ == primary ? kSecondary : primary;
    append_switch(scene_.text, weapon_, base::wall_ms());
    look_.ammo = 1;  // until the next look
  } else if (chance < 0.6) {
    append_reload(scene_.text, weapon_, base::wall_ms());
  } else if (chance < 0.8) {
    sights_ = !sights_;
    append_sights(scene_.text, sights_, base::wall_ms());
  } else {
    append_fire(scene_.text, "grenade", controls_, look_.me, ++sequence_, base::wall_ms());
  }
  send_text();
}

void Player::ask_respawn(Time now) {
  for (const std::string_view event :
       {"player:respawn", "respawn", "player_respawn", "request_respawn"}) {
    append_bare(scene_.text, event);
    send_text();
  }
  respawn_at_ = after(now, kRespawnRetry);
}

}  // namespace loadtest
