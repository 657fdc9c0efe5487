#include "loadtest/player.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"

namespace loadtest {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr double kConnectPatience = 10;  // s, as the client's (wire contract 1.1)
constexpr double kSyncEvery = 30;        // s between two time:sync of the client

}  // namespace

std::uint64_t Scene::roll() {
  dice += 0x9e3779b97f4a7c15;
  std::uint64_t z = dice;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

double Scene::roll_unit() { return static_cast<double>(roll() >> 11) * 0x1p-53; }

Time Player::after(Time now, double seconds) const {
  return now + duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

bool Player::take(Timer which, Time now) {
  if (timer(which) > now) return false;
  timer(which) = Time::max();
  return true;
}

Time Player::due() const { return *std::min_element(timers_.begin(), timers_.end()); }

const Target& Player::target() const {
  return scene_.options.targets[(part_.number + target_) % scene_.options.targets.size()];
}

std::uint32_t Player::source() const {
  return source_of(target(), part_.number, scene_.options.sources);
}

// --- the book of steps

void Player::begin_step(Step step, Time now) {
  cancel(step);
  ++scene_.stats.of(step).begun;
  since_[static_cast<std::size_t>(step)] = now;
}

void Player::done(Step step, Time now) {
  if (!open(step)) return;
  Time& since = since_[static_cast<std::size_t>(step)];
  StepFigures& figures = scene_.stats.of(step);
  ++figures.done;
  figures.time.add(duration_cast<microseconds>(now - since).count());
  since = {};
}

void Player::failed(Step step, const std::string& kind, std::string_view example) {
  if (!open(step)) return;
  ++scene_.stats.of(step).failed;
  since_[static_cast<std::size_t>(step)] = {};
  scene_.stats.error(kind, example);
}

void Player::cancel(Step step) {
  if (!open(step)) return;
  ++scene_.stats.of(step).cancelled;
  since_[static_cast<std::size_t>(step)] = {};
}

void Player::cancel_all() {
  for (std::size_t i = 0; i < kStepCount; ++i) cancel(static_cast<Step>(i));
}

// --- the way in

void Player::begin(Time now) {
  tries_left_ = scene_.options.tries;
  proceed(now);
}

// The next thing on the way in, of a player without a connection.
void Player::proceed(Time now) {
  if (scene_.options.profile == Profile::accounts && part_.account->made) return drop();
  if (part_.account != nullptr && (token_.empty() || now >= token_until_)) return sign_in(now);
  connect(now);
}

void Player::connect(Time now) {
  const bool again = return_to_ != State::idle;
  state_ = State::connecting;
  begin_step(again ? Step::reconnect : Step::connect, now);
  ++sockets_;
  const auto opened = game_.open(target().address, source(), target().authority());
  if (!opened) return lost(now, opened.error().message);
  timer(Timer::step) = after(now, kConnectPatience);
}

// One more try of what did not work, or the end.
void Player::retry(Time now, double seconds) {
  if (closing_) return drop();
  if (--tries_left_ <= 0) return give_up();
  ++scene_.stats.retries;
  state_ = State::pausing;
  timer(Timer::step) = after(now, seconds);
}

void Player::give_up() {
  failed(Step::match, "match lost", "the player could not come back");
  drop();
  gave_up_ = true;
}

void Player::close_sockets() {
  game_.close();
  http_.close();
}

void Player::drop() {
  cancel_all();
  timers_.fill(Time::max());
  state_ = State::gone;
  close_sockets();
}

// The game's connection has failed, by itself.
void Player::lost(Time now, std::string why) {
  if (state_ == State::connecting || state_ == State::opening) {
    game_.close();
    failed(open(Step::reconnect) ? Step::reconnect : Step::connect, "connect failed", why);
    ++target_;
    return retry(now, scene_.options.reconnect_delay * (0.5 + scene_.roll_unit()));
  }
  if (!closing_) scene_.stats.error("connection lost", why);
  come_back(now);
}

void Player::cut(Time now) {
  if (!connected() || state_ == State::leaving) return;
  ++scene_.stats.cuts;
  come_back(now);
}

void Player::come_back(Time now) {
  game_.close();
  if (closing_) return drop();
  for (const Step step : {Step::join, Step::enter, Step::chat, Step::vote, Step::leave})
    cancel(step);
  timers_.fill(Time::max());
  if (state_ == State::playing && last_state_ != Time{}) begin_step(Step::resume, last_state_);
  return_to_ = state_ == State::leaving ? State::menu : state_;
  tries_left_ = scene_.options.tries;
  state_ = State::pausing;
  timer(Timer::step) = after(now, scene_.options.reconnect_delay * (0.5 + scene_.roll_unit()));
}

// --- the connection

void Player::on_writable(Time now) {
  if (http_.fd() >= 0) {
    if (!http_.on_writable()) {
      not_signed_in(0, 0, http_.failure(), now);
    }
  } else if (!game_.on_writable()) {
    lost(now, game_.failure());
  }
}

void Player::on_readable(std::span<char> shared, Time now) {
  if (http_.fd() >= 0) {
    const std::string_view bytes = http_.receive(shared);
    std::size_t used = 0;
    on_answer(bytes, used, now);
    if (http_.fd() < 0) return;
    if (http_.failed()) return not_signed_in(0, 0, http_.failure(), now);
    http_.keep(bytes.substr(used));
    return;
  }
  const bool alive =
      game_.on_readable(shared, [&](std::string_view packet, std::size_t frame_size) {
        on_message(packet, frame_size, now);
      });
  if (!alive) lost(now, game_.failure());
}

void Player::send_text() {
  const std::size_t size = scene_.text.size() + 8;
  scene_.stats.all_bytes_out += size;
  if (scene_.window_open) {
    ++scene_.stats.messages_out;
    scene_.stats.bytes_out += size;
  }
  game_.send_text(scene_.text, static_cast<std::uint32_t>(scene_.roll()));
  scene_.text.clear();
}

void Player::on_message(std::string_view packet, std::size_t frame_size, Time now) {
  scene_.stats.all_bytes_in += frame_size;
  if (scene_.window_open) {
    ++scene_.stats.messages_in;
    scene_.stats.bytes_in += frame_size;
  }
  if (packet == "2") {
    scene_.text = "3";
    send_text();
  } else if (packet.starts_with("0{")) {
    state_ = State::opening;
    append_connect(scene_.text, token_, return_to_ != State::idle ? pid_ : "");
    send_text();
  } else if (packet.starts_with("40")) {
    on_namespace(packet, now);
  } else if (packet.starts_with("44") || packet.starts_with("41") || packet == "1") {
    refused(now, packet);
  } else if (const std::string_view name = event_name(packet); !name.empty()) {
    on_event(name, packet, now);
  }
}

// The server wants no such connection, or no longer.
void Player::refused(Time now, std::string_view packet) {
  const std::string why = "refused: " + std::string(packet.substr(0, 80));
  token_.clear();  // it may be that: the next one is fresh
  lost(now, why);
}

// What the client sends on each connect.
void Player::greet() {
  const std::int64_t wall = base::wall_ms();
  append_time_sync(scene_.text, wall);
  send_text();
  append_client_ready(scene_.text, wall);
  send_text();
}

void Player::on_namespace(std::string_view packet, Time now) {
  const std::string sid(text_field(packet, "sid"));
  const bool was_here = return_to_ != State::idle;
  const State before = std::exchange(return_to_, State::idle);
  tries_left_ = scene_.options.tries;
  timer(Timer::step) = Time::max();
  timer(Timer::sync) = after(now, kSyncEvery);
  pid_ = text_field(packet, "pid");
  state_ = State::menu;
  greet();
  if (was_here && sid == id_) {
    done(Step::reconnect, now);
    if (before == State::playing) {
      state_ = before;
      return in_world(now);
    }
    if (before == State::entering) return enter_world(now);
    if (before == State::waiting || before == State::results) {
      state_ = before;
      return;
    }
  } else if (was_here) {
    failed(Step::reconnect, "came back as another player", "the server gave another id");
    failed(Step::match, "match lost", "came back as another player");
    cancel_all();
  } else {
    done(Step::connect, now);
  }
  id_ = sid;
  if (scene_.finishing) return end(now);
  if (part_.role != Role::idler) seek(now);
}

// --- time

void Player::on_due(Time now) {
  if (take(Timer::step, now)) on_step_due(now);
  if (take(Timer::sync, now)) {
    append_time_sync(scene_.text, base::wall_ms());
    send_text();
    timer(Timer::sync) = after(now, kSyncEvery);
  }
  if (take(Timer::vote, now)) cast_vote(now);
  if (take(Timer::chat, now)) say_something(now);
  if (take(Timer::whim, now)) follow_whim(now);
  if (timer(Timer::input) <= now) on_input_due(now);
}

// What was waited for has not come, or the pause is over.
void Player::on_step_due(Time now) {
  switch (state_) {
    case State::pausing:
      return game_.fd() >= 0 ? seek(now) : proceed(now);
    case State::signing_in:
      return not_signed_in(0, 0, "no answer in time", now);
    case State::connecting:
    case State::opening:
      return lost(now, "no answer within 10 s");
    case State::searching:
      return not_seated("no answer", "", now);
    case State::entering:
      return not_entered(now, "no answer within 10 s");
    case State::leaving:
      failed(Step::leave, "leave failed", "no answer within 5 s");
      return out_of_lobby(now);
    default:
      return;
  }
}

void Player::finish(Time now) {
  const State at = state_ <= State::opening ? return_to_ : state_;  // one who is on the way back
  if (at != State::playing && at != State::entering) end(now);
}

void Player::end(Time now) {
  if (gone() || closing_) return;
  closing_ = true;
  const bool seat = state_ >= State::waiting && state_ <= State::results;
  if (scene_.options.end == End::cut || !seat) {
    if (state_ != State::leaving) drop();
    return;
  }
  leave(now);
}

}  // namespace loadtest
