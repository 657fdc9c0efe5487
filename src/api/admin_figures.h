#pragma once

// The last ten minutes of this node as numbers, for the dashboard's charts: sampled by a thread of
// its own, so that a page that opens now has something to draw.

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "lobby/directory.h"
#include "lobby/lateness.h"
#include "lobby/tick_gauge.h"

namespace api {

struct FigureSources {
  const lobby::Directory* directory = nullptr;
  std::vector<const lobby::TickGauge*> gauges;  // one a shard
  std::function<std::uint64_t()> connections;   // open sockets of the node
  std::function<std::uint64_t()> requests;      // ever
  std::function<std::uint64_t()> errors;        // ever
};

// One moment; rates are since the sample before.
struct Figure {
  std::int64_t at_ms = 0;  // Unix time
  std::uint32_t players = 0;
  std::uint32_t lobbies = 0;
  std::uint32_t playing = 0;  // lobbies with a match
  std::uint64_t connections = 0;
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t ticks = 0;
  std::uint64_t late_p50_ns = 0;
  std::uint64_t late_p99_ns = 0;
  std::uint64_t late_max_ns = 0;
};

inline constexpr std::chrono::seconds kFigureEvery{2};
inline constexpr std::size_t kFigures = 300;

// Any thread. The sources outlive it.
class Figures {
 public:
  explicit Figures(FigureSources sources);
  ~Figures();
  Figures(const Figures&) = delete;
  Figures& operator=(const Figures&) = delete;

  // Oldest first, those after that moment (0 = all).
  std::vector<Figure> since(std::int64_t at_ms) const;

 private:
  void loop();
  void sample();

  const FigureSources sources_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::vector<Figure> ring_;
  std::size_t next_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t errors_ = 0;
  lobby::Lateness::Counts lateness_{};
  std::thread thread_;
};

}  // namespace api
