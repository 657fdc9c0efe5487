#include "loadtest/player.h"

#include <array>
#include <cmath>

#include "base/clock.h"

namespace loadtest {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 5> kPrimaries = {"rifle", "smg", "shotgun", "battlerifle",
                                                        "sniperrifle"};
constexpr auto kSnapshotPeriod = milliseconds(50);
constexpr auto kRespawnDelay =
    milliseconds(3'100);  // the client enables its key after 3.0 s (wire contract 2.9)
constexpr auto kRespawnRetry = milliseconds(2'000);
// The states right after entering are answers, not the 20 Hz stream.
constexpr auto kStreamAfter = milliseconds(1'000);

std::int64_t micros(Clock::duration duration) {
  return duration_cast<microseconds>(duration).count();
}

}  // namespace

std::uint64_t Scene::roll() {
  dice += 0x9e3779b97f4a7c15;
  std::uint64_t z = dice;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

double Scene::roll_unit() { return static_cast<double>(roll() >> 11) * 0x1p-53; }

Clock::duration Player::input_period() const {
  return duration_cast<Clock::duration>(std::chrono::duration<double>(1.0 / scene_.options.inputs));
}

void Player::fail(const std::string& why) {
  if (state_ == State::gone) return;
  ++scene_.stats.errors[why];
  end();
}

void Player::end() {
  state_ = State::gone;
  due_ = Time::max();
  connection_.close();
}

bool Player::begin(Time now) {
  // Loopback has a whole network of addresses; behind one of them all players would look like one
  // to the server's limits by address.
  const bool loopback = (ntohl(scene_.options.address().sin_addr.s_addr) >> 24) == 127;
  const std::uint32_t from = loopback ? 0x7f010001u + static_cast<std::uint32_t>(number_ / 4) : 0;
  asked_ = now;
  state_ = State::connecting;
  if (const auto opened = connection_.open(scene_.options.address(), from); !opened) {
    fail(opened.error().message);
    return false;
  }
  return true;
}

bool Player::on_writable(Time) {
  if (connection_.on_writable(scene_.options.authority())) return true;
  fail(connection_.failure());
  return false;
}

bool Player::on_readable(std::span<char> shared, Time now) {
  const bool alive =
      connection_.on_readable(shared, [&](std::string_view packet, std::size_t frame_size) {
        on_message(packet, frame_size, now);
      });
  if (!alive) fail(connection_.failure());
  return state_ != State::gone;
}

void Player::send_text() {
  if (scene_.window_open) {
    ++scene_.stats.messages_out;
    scene_.stats.bytes_out += scene_.text.size() + 8;
  }
  connection_.send_text(scene_.text, static_cast<std::uint32_t>(scene_.roll()));
  scene_.text.clear();
}

void Player::on_message(std::string_view packet, std::size_t frame_size, Time now) {
  if (scene_.window_open) {
    ++scene_.stats.messages_in;
    scene_.stats.bytes_in += frame_size;
  }
  if (packet == "2") {
    scene_.text = "3";
    send_text();
  } else if (packet.starts_with("0{")) {
    state_ = State::opening;
    scene_.text = "40";
    send_text();
  } else if (packet.starts_with("40")) {
    on_namespace(packet, now);
  } else if (packet.starts_with("44") || packet.starts_with("41") || packet == "1") {
    fail("refused: " + std::string(packet.substr(0, 60)));
  } else if (const std::string_view name = event_name(packet); !name.empty()) {
    on_event(name, packet, now);
  }
}

void Player::on_namespace(std::string_view packet, Time now) {
  id_ = text_field(packet, "sid");
  scene_.stats.connect.add(micros(now - asked_));
  const std::int64_t wall = base::wall_ms();
  append_time_sync(scene_.text, wall);
  send_text();
  append_client_ready(scene_.text, wall);
  send_text();
  append_find_match(scene_.text);
  send_text();
  asked_ = now;
  state_ = State::searching;
}

void Player::on_event(std::string_view name, std::string_view packet, Time now) {
  if (name == "game:state") {
    on_state(packet, now);
  } else if (name == "lobby_joined" && state_ == State::searching) {
    scene_.stats.join.add(micros(now - asked_));
    state_ = State::waiting;
  } else if (name == "matchmaking_failed") {
    fail("matchmaking_failed: " + std::string(text_field(packet, "reason")));
  } else if (name == "match_started") {
    ++scene_.stats.matches_started;
    enter_world(now);
  } else if (name == "player:join:success" && state_ == State::entering) {
    scene_.stats.enter.add(micros(now - asked_));
    state_ = State::playing;
    entered_ = now;
    // Spread over a period, or the players of one lobby would all send at the same moment.
    due_ = now + duration_cast<Clock::duration>(input_period() * scene_.roll_unit());
  } else if (name == "player:join:failed") {
    fail("player:join:failed: " + std::string(text_field(packet, "reason")));
  } else if (name == "backend:player:died" && text_field(packet, "playerId") == id_) {
    if (scene_.window_open) ++scene_.stats.deaths;
    dead_ = true;
    respawn_at_ = now + kRespawnDelay;
  } else if (name == "backend:player:respawned" && text_field(packet, "playerId") == id_) {
    dead_ = false;
  } else if (name == "match_ended") {
    ++scene_.stats.matches_ended;
    state_ = State::results;
    due_ = Time::max();
    last_state_ = {};
  }
}

void Player::on_state(std::string_view packet, Time now) {
  if (scene_.window_open) {
    ++scene_.stats.snapshots;
    scene_.stats.snapshot_bytes += packet.size();
  }
  if (state_ != State::playing || now - entered_ < kStreamAfter) return;
  if (last_state_ != Time{} && scene_.window_open) {
    const Clock::duration gap = now - last_state_;
    scene_.stats.snapshot_gap.add(micros(gap));
    scene_.stats.snapshot_skew.add(micros(std::chrono::abs(gap - kSnapshotPeriod)));
  }
  last_state_ = now;
}

void Player::enter_world(Time now) {
  append_player_join(scene_.text, kPrimaries[number_ % kPrimaries.size()], number_ % 2 == 0,
                     number_, base::wall_ms());
  send_text();
  asked_ = now;
  state_ = State::entering;
  sequence_ = 0;
  dead_ = false;
  last_state_ = {};
  steer_at_ = now;
  fire_at_ = now;
}

void Player::on_due(Time now) {
  if (state_ != State::playing) {
    due_ = Time::max();
    return;
  }
  if (dead_) {
    if (now >= respawn_at_) ask_respawn(now);
  } else {
    steer(now);
    send_input(now);
    if (scene_.options.shots > 0 && now >= fire_at_) fire(now);
  }
  // By absolute deadlines; after a long stall the missed inputs are dropped, as the client does.
  due_ += input_period();
  if (due_ < now - milliseconds(200)) due_ = now + input_period();
}

void Player::steer(Time now) {
  controls_.firing = false;
  if (now < steer_at_) return;
  const std::uint64_t bits = scene_.roll();
  controls_.w = bits & 1;
  controls_.s = !controls_.w && (bits & 2);
  controls_.a = bits & 4;
  controls_.d = !controls_.a && (bits & 8);
  controls_.shift = (bits & 0x30) == 0x30;
  controls_.ctrl = (bits & 0xc0) == 0xc0;
  controls_.mouse_x = static_cast<int>(scene_.roll_unit() * 480);
  controls_.mouse_y = static_cast<int>(scene_.roll_unit() * 270);
  steer_at_ = now + milliseconds(300 + static_cast<int>(scene_.roll_unit() * 900));
}

void Player::send_input(Time) {
  // The client counts rendered frames, 60 a second, and sends fewer messages than that.
  sequence_ += static_cast<std::uint64_t>(std::lround(60.0 / scene_.options.inputs));
  append_input(scene_.text, controls_, sequence_, base::wall_ms());
  send_text();
  if (scene_.window_open) ++scene_.stats.inputs;
}

void Player::fire(Time now) {
  const double gap = (0.5 + scene_.roll_unit()) / scene_.options.shots;
  fire_at_ = now + duration_cast<Clock::duration>(std::chrono::duration<double>(gap));
  const std::string_view weapon = kPrimaries[number_ % kPrimaries.size()];
  controls_.firing = true;
  append_fire(scene_.text, weapon, controls_, ++sequence_, base::wall_ms());
  send_text();
  if (scene_.window_open) ++scene_.stats.shots;
  if (scene_.roll_unit() < 0.1) {
    append_reload(scene_.text, weapon, base::wall_ms());
    send_text();
  }
}

void Player::ask_respawn(Time now) {
  for (const std::string_view event :
       {"player:respawn", "respawn", "player_respawn", "request_respawn"}) {
    append_bare(scene_.text, event);
    send_text();
  }
  respawn_at_ = now + kRespawnRetry;
}

}  // namespace loadtest
