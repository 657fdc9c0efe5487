#pragma once

// Is this node well (O1)? Sampled once a second by a thread of its own, so that the answer is there
// at once whatever hangs: the database, Redis, the disk, a shard. All spans are of the steady
// clock: a machine whose clock is set is not ill.

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/machine_watch.h"
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
  std::function<bool()> redis_connected;        // empty = this node is alone
  std::filesystem::path data_dir;               // empty = the disk is not watched
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

// What was looked at, as of now.
struct Findings {
  std::int64_t uptime_ms = 0;
  ProcessFigures process;
  double memory_usage = 0;                // of the limit, 1 = all of it
  double error_rate = 0;                  // of the last minute
  std::int64_t late_ms = 0;               // of the shard that is silent for longest
  std::int64_t database_silence_ms = -1;  // since its last answer, -1 = none yet
  DiskWatch::State disk;
  bool redis_configured = false;
  bool memory_ok = true;
  bool errors_ok = true;
  bool tick_ok = true;
  bool database_ok = true;
  bool redis_ok = true;
  bool disk_ok = true;
  bool descriptors_ok = true;

  bool healthy() const {
    return memory_ok && errors_ok && tick_ok && database_ok && redis_ok && disk_ok &&
           descriptors_ok;
  }
};

class Health {
 public:
  explicit Health(HealthSources sources);
  ~Health();

  // Any thread; neither waits for anything but its own mutex.
  HealthReport report() const;
  Findings findings() const;

  // Draining nodes are live but not ready.
  void set_draining(bool draining) { draining_ = draining; }
  bool draining() const { return draining_; }

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
  void judge_database(Findings& findings) const;
  bool redis_ok() const;

  HealthSources sources_;
  std::unique_ptr<DiskWatch> disk_;  // none = not watched
  const std::int64_t started_ms_;
  std::atomic<bool> draining_{false};
  std::shared_ptr<DatabasePulse>
      pulse_;  // shared with the question under way, which may outlive us
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::array<Sample, 61> samples_{};  // a minute of seconds
  std::size_t taken_ = 0;
  std::int64_t redis_seen_ms_;  // steady clock; when there last was a link
  TickWatch ticks_;
  std::thread thread_;
};

}  // namespace api
