#pragma once

// Is this node well (O1)? Sampled once a second by a thread of its own, so that the answer is there
// at once whatever hangs: the database, the disk, a shard.

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/tick_watch.h"
#include "lobby/directory.h"
#include "lobby/tick_gauge.h"
#include "store/store.h"

namespace api {

struct HealthSources {
  const lobby::Directory* directory = nullptr;
  store::Store* store = nullptr;
  std::vector<const lobby::TickGauge*> gauges;  // one a shard
  std::function<std::uint64_t()> connections;   // open sockets of the node
  std::function<std::uint64_t()> requests;      // ever
  std::function<std::uint64_t()> errors;        // ever
  std::uint64_t memory_limit = 0;               // bytes
};

struct HealthReport {
  bool healthy = false;
  std::string body;  // JSON
};

// When the database was last asked for a sign of life, and what it said.
struct DatabasePulse {
  std::atomic<std::int64_t> asked_ms{0};
  std::atomic<std::int64_t> answered_ms{0};  // 0 = never
  std::atomic<bool> ok{false};
};

class Health {
 public:
  explicit Health(HealthSources sources);
  ~Health();

  // Any thread; never waits for anything but its own mutex.
  HealthReport report() const;

  // Draining nodes are live but not ready.
  void set_ready(bool ready) { ready_ = ready; }
  bool ready() const { return ready_; }

 private:
  struct Sample {
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;
  };
  void loop();
  void sample();
  void ask_database();
  double error_rate() const;
  std::int64_t worst_silence_ms() const;

  HealthSources sources_;
  const std::int64_t started_ms_;
  std::atomic<bool> ready_{true};
  std::shared_ptr<DatabasePulse>
      pulse_;  // shared with the question under way, which may outlive us
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::array<Sample, 61> samples_{};  // a minute of seconds
  std::size_t taken_ = 0;
  TickWatch ticks_;
  std::thread thread_;
};

}  // namespace api
