#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cluster/lobbies.h"
#include "cluster/redis_core.h"

namespace cluster {

class RedisLobbies final : public Lobbies {
 public:
  explicit RedisLobbies(RedisCore& core) : core_(core) {}

  void publish(const Listing& listing) override;
  void close(const std::string& lobby) override;
  void locate(const std::string& id_or_code, Answer<Located> answer) override;
  void browse(const Browse& wish, Answer<Page> answer) override;
  void find(const Search& search, Answer<SeatHold> answer) override;
  void release(const std::string& lobby, const std::string& hold) override;
  void orphans(std::size_t limit, Answer<std::vector<Located>> answer) override;
  void take_over(const std::string& lobby, Answer<Located> answer) override;
  void on_lost(std::function<void(const std::string&)> listener) override {
    lost_listener_ = std::move(listener);
  }
  bool sure() const override;

  // The worker's thread. A beat sent at `sent` was taken; `lapsed`: this node was held for dead
  // before it.
  using Time = std::chrono::steady_clock::time_point;
  void beaten(Time sent, bool lapsed);
  // Somebody has taken this lobby from us, or claims to.
  void suspect(const std::string& lobby);
  // The node leaves: nothing is published any more.
  void stop();

 private:
  struct Own {
    Listing listing;
    std::uint64_t fence = 1;
    bool dirty = true;
    Time written{};
  };

  void flush_soon();  // with the lock held
  void flush();
  void send(const std::string& lobby, const Own& own);
  void sent(const std::string& lobby, std::uint64_t fence, const base::Result<Reply>& reply);
  void forget_closed();
  void settle_doubt();

  RedisCore& core_;
  std::function<void(const std::string&)> lost_listener_;
  std::mutex mutex_;  // of the next three
  std::map<std::string, Own> own_;
  bool flush_posted_ = false;
  bool stopped_ = false;
  // The worker's thread.
  std::deque<std::pair<std::string, std::uint64_t>> closed_;  // to be told to Redis, with fences
  std::size_t in_flight_ = 0;
  bool in_doubt_ = true;  // not all lobbies have been written since this node was held for dead
  Time last_beat_{};
  std::atomic<std::int64_t> sure_until_{0};  // steady clock
};

}  // namespace cluster
