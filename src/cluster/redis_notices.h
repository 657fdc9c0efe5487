#pragma once

// What every node must hear. Kept in a stream of Redis and told by pub/sub: a node that was cut off
// reads in the stream what it has missed.
//
// A notice is known by its speaker (a process) and the speaker's own number, which only grows: one
// at a time is said, and only when Redis has it the next. So a listener tells each once and in the
// speaker's order, whatever becomes of the stream: begun anew and empty, by another clock, without
// its last entries after a fail-over. What this node has to say waits here until Redis has it;
// should the answer be lost it is said again.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/redis_core.h"

namespace cluster {

class RedisNotices {
 public:
  explicit RedisNotices(RedisCore& core) : core_(core) {}

  // Called on the worker's thread with what other nodes (not this process) have said.
  using Listener = std::function<void(std::string_view from, std::string_view body)>;
  void listen(char kind, Listener listener) { listeners_[kind] = std::move(listener); }

  // Any thread. `first` is a script run just before, null = none. The oldest is given up beyond
  // kMostPending.
  void say(char kind, std::string body, const Script* first = nullptr,
           std::vector<std::string> arguments = {});

  // The worker's thread.
  // The link for commands is up. `then` is called as soon as this process knows what was said
  // before it came: everything later is for it, too.
  void join(std::function<void()> then);
  bool joined() const { return joined_; }
  void heard(const std::string& message);
  void links_up();  // both links are up and subscribed, and this process has joined
  void links_down();

 private:
  static constexpr std::size_t kMostPending = 10'000;
  static constexpr milliseconds kPause{250};  // before a command refused by Redis is tried again
  struct Pending {
    std::uint64_t number = 0;
    char kind = 0;
    std::string body;
    const Script* first = nullptr;
    std::vector<std::string> arguments;
  };
  struct Notice {
    std::string id;  // of the stream's entry
    std::string from;
    std::string number;
    std::string kind_and_body;
  };

  void pump();
  void said(std::uint64_t number, const base::Result<Reply>& reply);
  void read_missed();
  void tell(const Notice& notice);
  static std::uint64_t number_of(const std::string& text);
  static Notice notice_of(const Reply& entry);

  RedisCore& core_;
  std::map<char, Listener> listeners_;
  std::mutex mutex_;  // of the next two
  std::deque<Pending> pending_;
  std::uint64_t next_ = 1;
  bool saying_ = false;  // the first of pending_ is on its way
  bool joined_ = false;
  // Highest number heard of each speaker; one entry for each process that spoke in our life.
  std::map<std::string, std::uint64_t> heard_;
  Notice last_{"0-1", "", "", ""};  // where to go on in the stream; at first an entry of no stream
  // What is heard is in the stream as well: it is left to the next catch-up, kept until the present
  // one is done, or told.
  enum class State : std::uint8_t { cut_off, catching_up, caught_up } state_ = State::cut_off;
  std::uint64_t catch_up_ = 0;          // number of the attempt; what an older one finds is no news
  std::vector<std::string> meanwhile_;  // heard while catching up
};

}  // namespace cluster
