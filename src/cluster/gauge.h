#pragma once

// How the link to the cluster fares, for metrics and /health.

#include <array>
#include <atomic>
#include <cstdint>

namespace cluster {

// Written by the cluster's thread, read by any.
struct Gauge {
  using Count = std::atomic<std::uint64_t>;

  // Upper ends of the latency buckets in microseconds; one more bucket holds the rest.
  static constexpr std::array<std::uint32_t, 10> kBucketEnds = {
      250, 500, 1'000, 2'000, 5'000, 10'000, 50'000, 100'000, 500'000, 2'000'000};

  std::atomic<bool> connected{false};
  Count requests{0};    // sent to Redis
  Count errors{0};      // answered with an error, or not at all
  Count timeouts{0};    // connections given up because an answer did not come
  Count connects{0};    // connections made; more than two means that one was lost
  Count latency_us{0};  // sum over all answered requests
  std::array<Count, kBucketEnds.size() + 1> latency{};
  Count frames_out{0};   // frames given to send()
  Count batches_out{0};  // messages they went out in
  Count frames_in{0};
  Count frames_dropped{0};  // no room, too large, or no link
  Count snapshots_dropped{0};
  Count attempts_alone{0};    // login tries that this node counted alone, as Redis was silent
  Count tickets_restored{0};  // put into their queue again after the cluster forgot them

  void answered(std::uint64_t microseconds) {
    latency_us += microseconds;
    std::size_t bucket = 0;
    while (bucket < kBucketEnds.size() && microseconds > kBucketEnds[bucket]) ++bucket;
    ++latency[bucket];
  }
};

}  // namespace cluster
