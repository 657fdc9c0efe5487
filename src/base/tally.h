#pragma once

// What happened in this process since its start, for GET /metrics: things that happen now and then
// to players and their accounts, counted by one call from wherever they happen. One tally a
// process, as there is one log. Any thread, without a lock; a call costs a few nanoseconds. What
// happens in every tick or to every packet is counted by each shard for itself (net/counters.h,
// lobby/tick_gauge.h).

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace base::tally {

enum class Event : std::uint8_t {
  registration,
  login,          // with a password, that succeeded
  login_failed,   // unknown account or wrong password
  login_limited,  // refused before the password was looked at (S1)
  password_reset,
  ban,
  unban,
  kick,
  mute,
  report,        // of a player by a player
  admin_action,  // of people with rights, whatever they did
  match_started,
  match_completed,
  match_aborted,  // everybody left, or the lobby broke down
  join_refused,   // a player asked for a lobby and got none
  chat_filtered,  // a message that the word filter touched
  chat_muted,     // a message of somebody muted, not passed on
  name_refused,   // a foul name, of a guest or an account
  report_ban,     // a ban by reports, counted as a ban too
  admin_refused,  // a call of the staff's API: no login, no right, another origin
};
inline constexpr std::size_t kEvents = 20;

// Signals of a cheat or of an attack (S4); each is a label of suspicious_actions_total.
enum class Suspicion : std::uint8_t {
  malformed_flood,
  input_flood,
  fire_rate,
  movement,
  replayed_sequence,
  aim,
  refresh_token_reused,
  other,
};
inline constexpr std::array<std::string_view, 8> kSuspicions = {
    "malformed_flood",      "input_flood", "fire_rate", "movement", "replayed_sequence", "aim",
    "refresh_token_reused", "other"};

enum class Duration : std::uint8_t {
  login,           // of a call that hashes a password, from its arrival to its answer
  authentication,  // of a token, from the question to the answer
  join,            // from a player's wish for a lobby to his seat in it
  database,        // of one piece of work with the database, waiting for a connection included
};
inline constexpr std::size_t kDurations = 4;

void count(Event event, std::uint64_t times = 1);
void count(Suspicion kind);
void took(Duration what, std::chrono::nanoseconds span);

std::uint64_t counted(Event event);
std::uint64_t counted(Suspicion kind);

// Durations by bucket, not added up; `sum` is theirs in nanoseconds.
struct Spread {
  // Upper ends of the buckets in microseconds; one more holds the rest.
  static constexpr std::array<std::uint64_t, 15> kEnds_us = {
      250,     500,     1'000,   2'500,     5'000,     10'000,    25'000,    50'000,
      100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};
  std::array<std::uint64_t, kEnds_us.size() + 1> counts{};
  std::uint64_t sum_ns = 0;
};
Spread spread(Duration what);

}  // namespace base::tally
