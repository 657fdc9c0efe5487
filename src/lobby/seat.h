#pragma once

// A place in a lobby: empty, a person's, or a bot's.

#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "lobby/types.h"
#include "sim/command.h"

namespace lobby {

class Bot;

// What a seat wants to do in the next tick, in order of arrival. Bounded: a burst of old inputs
// (wire contract 1.6) pushes out the oldest inputs, other commands past the bound are dropped.
class Inbox {
 public:
  static constexpr std::size_t kInputs = 8;
  static constexpr std::size_t kOthers = 8;

  // False when it had to drop something.
  bool push(const sim::Command& command);
  const auto& commands() const { return commands_; }
  void clear();

 private:
  boost::container::static_vector<sim::Command, kInputs + kOthers> commands_;
  std::size_t inputs_ = 0;
};

enum class SeatKind : std::uint8_t { empty, person, bot };

struct Seat {
  Seat();
  ~Seat();
  Seat(Seat&&) noexcept;
  Seat& operator=(Seat&&) noexcept;

  SeatKind kind = SeatKind::empty;
  bool connected = true;  // false: transport lost, seat kept (L9)
  bool in_match =
      false;  // entered the world since the match or warm-up began: hears events, gets states
  bool body = false;  // the body in this slot of the world is this owner's, not a predecessor's
  bool reply_due = false;        // player:join is to be answered after the next step
  bool walls_due = false;        // the next state must be complete
  std::uint32_t generation = 0;  // counts the owners of this slot
  std::uint32_t told_match = 0;  // the last match of this lobby announced to the owner, by ordinal
  std::uint32_t told_end = 0;    // the last match end announced
  sim::Tick joined_tick = 0;
  sim::Tick entered_tick = 0;  // of the last player:join answered
  // Given up then unless there is a sign of life before: of a player whose lobby was adopted from a
  // dead node, of a session on another node; 0 = never.
  sim::Tick claim_until = 0;
  sim::Tick late_start = 0;  // when to announce the running match to a late joiner; 0 = nothing due
  std::int64_t joined_ms = 0;
  SessionRef session;
  std::string player_id;
  std::string account_id;
  std::string name;
  std::string address;       // of the client (S1); for those who judge reports
  std::string party;         // whom he looked for a match with; "" = alone
  std::uint32_t played = 0;  // the last match of this lobby he was in, by ordinal
  Inbox inbox;
  std::unique_ptr<Bot> bot;

  bool taken() const { return kind != SeatKind::empty; }
  bool person() const { return kind == SeatKind::person; }
  bool hears() const { return person() && connected; }
};

}  // namespace lobby
