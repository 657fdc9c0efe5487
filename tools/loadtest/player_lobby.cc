// How a player gets a seat and what it does there besides playing.

#include <algorithm>

#include "base/clock.h"
#include "loadtest/player.h"

namespace loadtest {
namespace {

constexpr double kSeatPatience = 10;  // s for an answer
constexpr double kLeavePatience = 5;  // s for left_lobby
constexpr double kSeekAgain = 1;      // s after a refusal, and half of it by chance
constexpr double kVoteDelay = 0.3;    // s to read the options, and up to kVoteMore by chance
constexpr double kVoteMore = 1.5;
constexpr double kRematchShare = 0.8;  // of the votes; the rest is for another map
constexpr double kWhimAfter = 4;       // s in the world before a dropper or leaver goes
constexpr double kWhimMore = 12;
// The server's reason when the match ended while the player was on the way in.
constexpr std::string_view kTooLate = "The match is over";

}  // namespace

void Player::seek(Time now) {
  state_ = State::searching;
  timer(Timer::step) = Time::max();
  if (part_.group != nullptr) return seek_private(now);
  if (scene_.options.entry == Entry::queue) {
    begin_step(Step::queue, now);
    append_queue_join(scene_.text);
  } else {
    begin_step(Step::join, now);
    append_find_match(scene_.text);
    timer(Timer::step) = after(now, kSeatPatience);
  }
  send_text();
}

void Player::seek_private(Time now) {
  Group& group = *part_.group;
  if (group.code.empty() && group.maker != nullptr && group.maker != this) {
    if (std::find(group.waiting.begin(), group.waiting.end(), this) == group.waiting.end()) {
      group.waiting.push_back(this);
    }
    return;
  }
  begin_step(Step::join, now);
  if (group.code.empty()) {
    group.maker = this;
    const Options& options = scene_.options;
    append_create_lobby(scene_.text, options.lobby_size, options.kill_limit, options.time_limit);
  } else {
    append_join_lobby(scene_.text, group.code);
  }
  send_text();
  timer(Timer::step) = after(now, kSeatPatience);
}

void Player::lobby_made(Time now) {
  if (state_ != State::searching || game_.fd() < 0) return;
  seek(now);
  scene_.touched.push_back(part_.index);
}

void Player::seated(std::string_view packet, Time now) {
  done(Step::join, now);
  done(Step::queue, now);
  begin_step(Step::start, now);
  tries_left_ = scene_.options.tries;
  timer(Timer::step) = Time::max();
  state_ = State::waiting;
  Group* group = part_.group;
  if (group == nullptr || group->maker != this) return;
  group->maker = nullptr;
  group->code = text_field(packet, "inviteCode");
  for (Player* other : std::exchange(group->waiting, {})) other->lobby_made(now);
}

// `event` says what kind of refusal it was.
void Player::not_seated(std::string_view event, std::string_view packet, Time now) {
  const std::string_view reason = text_field(packet, "reason");
  failed(open(Step::queue) ? Step::queue : Step::join, "no seat: " + std::string(event), reason);
  if (Group* group = part_.group; group != nullptr) {
    // The lobby may be gone; whoever comes next makes another one.
    group->code.clear();
    if (group->maker == this) group->maker = nullptr;
    if (!group->waiting.empty()) {
      Player* next = group->waiting.front();
      group->waiting.erase(group->waiting.begin());
      next->lobby_made(now);
    }
  }
  retry(now, kSeekAgain * (1 + 0.5 * scene_.roll_unit()));
}

void Player::on_event(std::string_view name, std::string_view packet, Time now) {
  if (name == "game:state") return on_state(packet, now);
  if (on_match_event(name, packet, now) || on_lobby_event(name, packet, now)) return;
  on_talk_event(name, packet, now);
}

bool Player::on_lobby_event(std::string_view name, std::string_view packet, Time now) {
  if (name == "lobby_joined" || name == "private_lobby_created") {
    if (state_ == State::searching) seated(packet, now);
  } else if (name == "matchmaking_failed" || name == "lobby_join_failed" ||
             name == "lobby_creation_failed" || name == "queue:failed") {
    if (state_ == State::searching) not_seated(name, packet, now);
  } else if (name == "lobby:kicked") {
    kick_reason_ = text_field(packet, "reason");
  } else if (name == "session:ended") {
    kick_reason_ = text_field(packet, "reason");
    scene_.stats.error("session ended", kick_reason_);
    token_.clear();
  } else if (name == "left_lobby") {
    if (state_ == State::leaving) {
      done(Step::leave, now);
    } else if (state_ >= State::waiting && state_ <= State::results) {
      scene_.stats.error("put out of the lobby", kick_reason_);
      failed(Step::match, "match lost", "put out of the lobby");
    } else {
      return true;  // of a lobby of before
    }
    out_of_lobby(now);
  } else {
    return false;
  }
  return true;
}

bool Player::on_talk_event(std::string_view name, std::string_view packet, Time now) {
  if (name == "chat:message") {
    if (open(Step::chat) && text_field(packet, "playerId") == id_) done(Step::chat, now);
  } else if (name == "chat:refused") {
    failed(Step::chat, "chat refused", text_field(packet, "reason"));
  } else if (name == "vote_update") {
    done(Step::vote, now);
  } else if (name == "vote_started") {
    const auto options = list_field(packet, "options");
    std::vector<std::string_view> maps;
    for (const std::string_view option : options) {
      if (option.starts_with("map:")) maps.push_back(option);
    }
    const bool rematch = maps.empty() || scene_.roll_unit() < kRematchShare;
    vote_ = rematch ? "rematch" : maps[scene_.roll() % maps.size()];
    timer(Timer::vote) = after(now, kVoteDelay + kVoteMore * scene_.roll_unit());
  } else {
    return false;
  }
  return true;
}

bool Player::on_match_event(std::string_view name, std::string_view packet, Time now) {
  if (name == "match_started") {
    if (state_ < State::waiting || state_ > State::results) return true;  // on the way out
    ++scene_.stats.matches_started;
    done(Step::start, now);
    done(Step::rematch, now);
    failed(Step::match, "match lost", "the next match began without the end of this one");
    scene_.finishing ? end(now) : enter_world(now);
  } else if (name == "player:join:success") {
    if (state_ != State::entering) return true;
    done(Step::enter, now);
    begin_step(Step::match, now);
    if (part_.role == Role::dropper || part_.role == Role::leaver) {
      timer(Timer::whim) = after(now, kWhimAfter + kWhimMore * scene_.roll_unit());
    }
    in_world(now);
  } else if (name == "player:join:failed") {
    if (state_ != State::entering) return true;
    not_entered(now, text_field(packet, "reason"));
  } else if (name == "match_ended") {
    match_ended(now);
  } else if (name == "backend:player:died") {
    if (text_field(packet, "playerId") != id_) return true;
    if (scene_.window_open) ++scene_.stats.deaths;
    dead_ = true;
    respawn_at_ = after(now, 3.1);  // the client enables its key after 3.0 s (wire contract 2.9)
  } else if (name == "backend:player:respawned") {
    if (text_field(packet, "playerId") == id_) dead_ = false;
  } else {
    return false;
  }
  return true;
}

// Waits for the next match, if there will be one.
void Player::not_entered(Time now, std::string_view reason) {
  if (reason == kTooLate) cancel(Step::enter);  // nothing went wrong
  failed(Step::enter, "not let into the world", reason);
  state_ = State::waiting;
  timer(Timer::step) = Time::max();
  if (scene_.finishing) end(now);
}

void Player::match_ended(Time now) {
  if (state_ != State::playing && state_ != State::entering) return;
  ++scene_.stats.matches_ended;
  done(Step::match, now);
  cancel(Step::enter);
  timer(Timer::input) = timer(Timer::whim) = timer(Timer::step) = Time::max();
  last_state_ = {};
  state_ = State::results;
  if (scene_.finishing) return end(now);
  begin_step(Step::rematch, now);
}

void Player::leave(Time now) {
  cancel_all();
  timers_.fill(Time::max());
  last_state_ = {};
  state_ = State::leaving;
  append_bare(scene_.text, "leave_lobby");
  begin_step(Step::leave, now);
  send_text();
  timer(Timer::step) = after(now, kLeavePatience);
}

// Without a seat, for whatever reason.
void Player::out_of_lobby(Time now) {
  if (closing_) return drop();
  cancel_all();
  timers_.fill(Time::max());
  last_state_ = {};
  kick_reason_.clear();
  if (part_.group != nullptr) part_.group->code.clear();
  if (scene_.finishing) return end(now);
  state_ = State::pausing;
  timer(Timer::step) = after(now, kSeekAgain * (0.5 + scene_.roll_unit()));
}

void Player::say_something(Time now) {
  if (state_ < State::waiting || state_ > State::results) return;
  append_chat(scene_.text, "Line " + std::to_string(++lines_) + " of " +
                               std::to_string(part_.number) + ", anybody there?");
  begin_step(Step::chat, now);
  send_text();
  timer(Timer::chat) = after(now, scene_.options.chat * (0.5 + scene_.roll_unit()));
}

void Player::cast_vote(Time now) {
  if (state_ != State::results) return;
  append_vote(scene_.text, vote_);
  begin_step(Step::vote, now);
  send_text();
}

// What makes droppers and leavers different.
void Player::follow_whim(Time now) {
  if (state_ != State::playing || scene_.finishing) return;
  if (part_.role == Role::leaver) return leave(now);
  cut(now);
}

}  // namespace loadtest
