#pragma once

// One player as the shipped client would be: connects, asks for a match, enters the world, sends
// inputs at its rate, shoots now and then, asks to respawn, goes on with the next match. It does
// not look where it runs.

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "loadtest/connection.h"
#include "loadtest/options.h"
#include "loadtest/packets.h"
#include "loadtest/stats.h"

namespace loadtest {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

// What the players of one thread share.
struct Scene {
  const Options& options;
  Stats& stats;
  bool window_open = false;  // counts marked (w) grow
  std::uint64_t dice = 0;    // state of roll()
  std::string text;          // scratch for outgoing packets

  std::uint64_t roll();  // 64 even bits, fast and plain
  double roll_unit();    // [0, 1)
};

class Player {
 public:
  enum class State {
    idle,
    connecting,
    opening,
    ready,
    searching,
    waiting,
    entering,
    playing,
    results,
    gone
  };

  Player(Scene& scene, std::uint64_t number) : scene_(scene), number_(number) {}

  // Starts the connection. False when not even that worked; the reason is in the stats.
  bool begin(Time now);
  bool on_writable(Time now);
  bool on_readable(std::span<char> shared, Time now);
  // When on_due wants to be called; max() for never. To be asked again after each call of another
  // member.
  Time due() const { return due_; }
  void on_due(Time now);
  void end();

  int fd() const { return connection_.fd(); }
  bool wants_write() const { return connection_.wants_write(); }
  State state() const { return state_; }
  bool playing() const { return state_ == State::playing; }
  bool gone() const { return state_ == State::gone; }

 private:
  void on_message(std::string_view packet, std::size_t frame_size, Time now);
  void on_event(std::string_view name, std::string_view packet, Time now);
  void on_namespace(std::string_view packet, Time now);
  void on_state(std::string_view packet, Time now);
  void enter_world(Time now);
  void send_input(Time now);
  void fire(Time now);
  void steer(Time now);
  void ask_respawn(Time now);
  void send_text();  // scene_.text
  void fail(const std::string& why);
  Clock::duration input_period() const;

  Scene& scene_;
  std::uint64_t number_;
  Connection connection_;
  State state_ = State::idle;
  std::string id_;
  Controls controls_;
  std::uint64_t sequence_ = 0;
  bool dead_ = false;
  Time due_ = Time::max();
  Time asked_{};  // when the answer that is awaited was asked for
  Time entered_{};
  Time last_state_{};  // of the running match; the epoch when there is none
  Time steer_at_{};
  Time fire_at_{};
  Time respawn_at_{};
};

}  // namespace loadtest
