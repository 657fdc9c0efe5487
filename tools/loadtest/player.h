#pragma once

// One player, as a person with the shipped client would be: signs in, connects, gets a seat, plays
// match after match, talks and votes between them, comes back after a lost connection, leaves.
// Lives on its loop's thread and tells what happens to the scene's statistics.

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "loadtest/accounts.h"
#include "loadtest/connection.h"
#include "loadtest/look.h"
#include "loadtest/options.h"
#include "loadtest/packets.h"
#include "loadtest/scene.h"
#include "loadtest/stats.h"

namespace loadtest {

class Player {
 public:
  enum class State : std::uint8_t {
    idle,
    pausing,     // until the next try to sign in, connect or get a seat
    signing_in,  // over HTTP
    connecting,  // TCP, then WebSocket
    opening,     // Engine.IO's and Socket.IO's handshake
    menu,
    searching,  // asked for a seat
    waiting,    // in a lobby, for the match
    entering,   // asked to be put into the world
    playing,
    results,
    leaving,
    gone
  };
  enum class Role : std::uint8_t { regular, idler, dropper, leaver };

  // What differs from player to player. The pointers may be null (a guest; no private lobby) and
  // outlive the player.
  struct Part {
    std::uint64_t number = 0;  // of all players
    std::size_t index = 0;     // of those of its loop
    Role role = Role::regular;
    Account* account = nullptr;
    Group* group = nullptr;
  };

  Player(Scene& scene, const Part& part) : scene_(scene), part_(part) { timers_.fill(Time::max()); }

  void begin(Time now);
  void on_writable(Time now);
  void on_readable(std::span<char> shared, Time now);
  // When on_due wants to be called; max() for never. To be asked again after each call of another
  // member.
  Time due() const;
  void on_due(Time now);
  // The connection is lost, as by a network; the player comes back by itself.
  void cut(Time now);
  // No other match is to be begun: goes at once, or after the one that runs.
  void finish(Time now);
  // Goes: leaves the lobby first, if that is how the run ends.
  void end(Time now);
  // Vanishes.
  void drop();
  // A private lobby is there to be joined, or was not made.
  void lobby_made(Time now);

  int fd() const { return http_.fd() >= 0 ? http_.fd() : game_.fd(); }
  // Grows with each new socket: a descriptor's number may come again.
  unsigned sockets() const { return sockets_; }
  bool wants_write() const { return http_.fd() >= 0 ? http_.wants_write() : game_.wants_write(); }
  State state() const { return state_; }
  bool connected() const { return state_ >= State::menu && state_ < State::gone; }
  bool playing() const { return state_ == State::playing; }
  bool gone() const { return state_ == State::gone; }
  bool gave_up() const { return gave_up_; }
  // Is where it wanted to be when the window opens.
  bool in_place() const {
    return part_.role == Role::idler ? state_ == State::menu : state_ == State::playing;
  }

 private:
  enum class Timer : std::uint8_t { input, step, sync, chat, vote, whim };
  static constexpr std::size_t kTimers = 6;

  // player.cc: the way in, and back after a loss
  void proceed(Time now);
  void connect(Time now);
  void retry(Time now, double seconds);
  void lost(Time now, std::string why);  // by value: it may be the failure of what is closed
  void come_back(Time now);
  void on_message(std::string_view packet, std::size_t frame_size, Time now);
  void on_namespace(std::string_view packet, Time now);
  void refused(Time now, std::string_view packet);
  void greet();
  void on_step_due(Time now);
  void give_up();
  void close_sockets();

  // player_account.cc
  void sign_in(Time now);
  void send_credentials(Time now);
  void on_answer(std::string_view bytes, std::size_t& used, Time now);
  void signed_in(std::string_view body, Time now);
  void not_signed_in(int status, int retry_after, std::string_view body, Time now);

  // player_lobby.cc
  void seek(Time now);
  void seek_private(Time now);
  void seated(std::string_view packet, Time now);
  void not_seated(std::string_view event, std::string_view packet, Time now);
  void on_event(std::string_view name, std::string_view packet, Time now);
  bool on_lobby_event(std::string_view name, std::string_view packet, Time now);
  bool on_talk_event(std::string_view name, std::string_view packet, Time now);
  bool on_match_event(std::string_view name, std::string_view packet, Time now);
  void not_entered(Time now, std::string_view reason);
  void match_ended(Time now);
  void out_of_lobby(Time now);
  void leave(Time now);
  void say_something(Time now);
  void cast_vote(Time now);
  void follow_whim(Time now);

  // player_play.cc
  void enter_world(Time now);
  void in_world(Time now);
  void on_state(std::string_view packet, Time now);
  void on_input_due(Time now);
  void steer(Time now);
  void send_input();
  void fire(Time now);
  void try_something(Time now);
  void ask_respawn(Time now);

  const Target& target() const;
  std::uint32_t source() const;
  void send_text();  // scene_.text
  bool sees_enemy(Time now) const;
  Clock::duration input_period() const;
  Time& timer(Timer which) { return timers_[static_cast<std::size_t>(which)]; }
  bool take(Timer which, Time now);  // true when it was due; it is off then
  Time after(Time now, double seconds) const;

  // The book of steps.
  void begin_step(Step step, Time now);
  void done(Step step, Time now);
  void failed(Step step, const std::string& kind, std::string_view example);
  void cancel(Step step);
  void cancel_all();
  bool open(Step step) const { return since_[static_cast<std::size_t>(step)] != Time{}; }

  Scene& scene_;
  const Part part_;
  Connection game_;
  Line http_;
  unsigned sockets_ = 0;
  State state_ = State::idle;
  State return_to_ = State::idle;  // once the lost connection is back; idle = none was lost
  bool closing_ = false;           // goes for good
  bool gave_up_ = false;
  int tries_left_ = 0;
  std::size_t target_ = 0;  // of the options', moved on when one does not answer
  std::string token_;
  Time token_until_{};
  std::string id_;
  std::string pid_;  // secret that makes another connection the same player
  std::string vote_;
  std::string kick_reason_;
  Controls controls_;
  Look look_;  // of the last look; its weapon is not kept
  std::string_view weapon_;
  std::uint64_t sequence_ = 0;
  std::uint64_t lines_ = 0;  // said in chat
  bool dead_ = false;
  bool sights_ = false;
  std::array<Time, kTimers> timers_{};
  std::array<Time, kStepCount> since_{};  // when an open step began; the epoch when it is not open
  Time entered_{};
  Time last_state_{};  // of the running match; the epoch when there is none
  Time seen_at_{};     // when an enemy was last in sight
  Time look_at_{};
  Time steer_at_{};
  Time fire_at_{};
  Time trick_at_{};
  Time respawn_at_{};
};

}  // namespace loadtest
