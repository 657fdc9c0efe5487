#pragma once

// How the queue fares, for metrics.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace session {

// Written on the cluster's threads, read by any.
struct QueueGauge {
  using Count = std::atomic<std::uint64_t>;

  // Upper ends of the buckets of waits in seconds; one more holds the rest.
  static constexpr std::array<std::uint32_t, 10> kBucketEnds_s = {1,  2,  5,   10,  20,
                                                                  30, 60, 120, 300, 600};

  Count joined{0};           // players who began to wait here
  Count left{0};             // who went without a match
  Count matched{0};          // who were given a place
  Count returned{0};         // of those: whose place was gone, so that they wait again
  Count waiting{0};          // players of this node who wait now
  Count matches{0};          // new lobbies made here
  Count backfilled{0};       // groups sent into lobbies that were there
  Count seats_unclaimed{0};  // reserved here for players who did not come
  Count wait_ms{0};          // sum over `matched`
  std::array<Count, kBucketEnds_s.size() + 1> waits{};

  void waited(std::uint64_t ms) {
    ++matched;
    wait_ms += ms;
    std::size_t bucket = 0;
    while (bucket < kBucketEnds_s.size() && ms > kBucketEnds_s[bucket] * 1000ULL) ++bucket;
    ++waits[bucket];
  }
};

}  // namespace session
