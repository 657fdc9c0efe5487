#pragma once

// What every node must hear. Kept in a stream of Redis and told by pub/sub: a node that was cut off
// reads in the stream what it has missed. What this node has to say waits here until Redis has it;
// should its answer be lost it is said twice.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cluster/redis_core.h"

namespace cluster {

class RedisNotices {
 public:
  explicit RedisNotices(RedisCore& core) : core_(core) {}

  // Called on the worker's thread with what other nodes (not this process) have said.
  using Listener = std::function<void(std::string_view from, std::string_view body)>;
  void listen(char kind, Listener listener) { listeners_[kind] = std::move(listener); }

  // Any thread. `first` is a script run just before, "" = none. The oldest is given up beyond
  // kMostPending.
  void say(char kind, std::string body, const Script* first = nullptr,
           std::vector<std::string> arguments = {});

  // The worker's thread.
  void heard(const std::string& message);
  void links_up();  // both links are up and subscribed
  void links_down() { catching_up_ = false; }

 private:
  static constexpr std::size_t kMostPending = 10'000;
  using Position = std::pair<std::uint64_t, std::uint64_t>;  // of a stream's entry
  struct Pending {
    std::uint64_t number = 0;
    char kind = 0;
    std::string body;
    const Script* first = nullptr;
    std::vector<std::string> arguments;
  };

  void pump();
  void send(const Pending& pending);
  void read_missed();
  void tell(Position position, std::string_view from, char kind, std::string_view body);
  static Position position_of(std::string_view id);

  RedisCore& core_;
  std::map<char, Listener> listeners_;
  std::mutex mutex_;  // of the next two
  std::deque<Pending> pending_;
  std::uint64_t next_ = 1;
  std::uint64_t sent_ = 0;  // highest number sent on the present link
  Position last_{0, 0};
  bool catching_up_ = false;
  std::vector<std::string> meanwhile_;  // heard while catching up
};

}  // namespace cluster
