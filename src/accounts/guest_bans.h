#pragma once

// Whether guests of an address are banned (S8), as the doors of a node ask it: the database is
// asked once an address and few seconds, however many connect.

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"

namespace accounts {

// Thread safe; one a node.
class GuestBans {
 public:
  // Words for the banned guest; none = not banned.
  using Ban = std::optional<std::string>;
  using Done = std::function<void(base::Result<Ban>)>;
  // Asks the database about one network (base::network_of) and calls back once, on any thread.
  using LookUp = std::function<void(const std::string& network, Done done)>;
  using Clock = std::chrono::steady_clock;

  // How long an answer holds, errors included: long against a storm of connects, short against a
  // ban that this node was not told of.
  static constexpr std::chrono::seconds kKeep{5};

  explicit GuestBans(LookUp look_up, std::function<Clock::time_point()> now = Clock::now);

  // `done` is called once: here when the answer is known, else where the look-up calls back. Never
  // blocks.
  void ask(const std::string& address, Done done);
  // A ban of the address was made or lifted: what is known of it, or on its way, counts no more.
  void forget(const std::string& address);

 private:
  struct Known {
    std::uint64_t serial = 0;  // of the look-up
    std::optional<base::Result<Ban>> answer;
    Clock::time_point until;
    std::vector<Done> waiting;
  };
  void answered(const std::string& network, std::uint64_t serial, const base::Result<Ban>& answer);
  void forget_old(Clock::time_point now);

  const LookUp look_up_;
  const std::function<Clock::time_point()> now_;
  std::mutex mutex_;
  std::uint64_t serials_ = 0;
  std::unordered_map<std::string, Known> known_;
  std::unordered_map<std::uint64_t, std::vector<Done>> overtaken_;  // who waits for stale look-ups
  std::size_t sweep_at_ = 1024;  // entries at which old ones are looked for
};

}  // namespace accounts
