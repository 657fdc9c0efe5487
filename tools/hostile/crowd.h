#pragma once

// All attackers of a run on one epoll set.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hostile/attacker.h"

namespace hostile {

struct Options {
  sockaddr_in server{};
  int each = 100;  // attackers of each kind
  std::vector<Kind> kinds = {Kind::slow_loris, Kind::flooder, Kind::slow_reader, Kind::garbage};
  double ramp = 1;       // seconds over which they come
  double seconds = 0;    // so long those who are gone come again after a second; 0 = once
  double patience = 30;  // seconds after which the run ends although some are still there
};

// What became of one kind.
struct Outcome {
  std::uint64_t attacks = 0;  // connections that were made
  std::uint64_t failed = 0;   // could not be made at all
  std::uint64_t in_time = 0;  // over within kInTime
  std::uint64_t still_there = 0;
  Clock::duration longest{};  // of those that ended, and of those still there
};
inline constexpr std::chrono::seconds kInTime{10};

class Crowd {
 public:
  explicit Crowd(const Options& options);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // Until everybody is gone, or patience is over.
  std::array<Outcome, kKinds.size()> run();

 private:
  struct Place {
    Kind kind{};
    Time begin_at;
    std::unique_ptr<Attacker> attacker;
    std::uint32_t watched = 0;
    bool done = false;
  };
  void begin(std::size_t index, Time now);
  void end(std::size_t index, Time now);
  void watch(std::size_t index, int operation);
  void poll();
  void run_due(Time now);
  std::uint32_t next_address();

  const Options options_;
  const int epoll_;
  Time start_{};
  std::vector<Place> places_;
  std::vector<char> scratch_;
  std::array<Outcome, kKinds.size()> outcomes_;
  std::uint64_t made_ = 0;
  std::size_t done_ = 0;
};

std::string json_of(const Options& options, const std::array<Outcome, kKinds.size()>& outcomes);

}  // namespace hostile
