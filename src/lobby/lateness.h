#pragma once

// How late the ticks of a shard begin, or how long they take, as a histogram that one thread fills
// and any may read.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lobby {

// Buckets of rising lateness: 4 us wide up to 32 us, from there eight to each doubling, so that a
// figure is at most an eighth too high; the last one, from 4 s on, has no end.
class Lateness {
 public:
  static constexpr std::size_t kBuckets = 145;
  using Counts = std::array<std::uint64_t, kBuckets>;

  // By the shard's thread only; neither locks nor allocates.
  void record(std::uint64_t late_ns) {
    std::atomic<std::uint64_t>& count = counts_[bucket_of(late_ns)];
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    sum_ns_.store(sum_ns_.load(std::memory_order_relaxed) + late_ns, std::memory_order_relaxed);
  }

  // Adds all that was ever recorded to `sum`; any thread.
  void add_to(Counts& sum) const;
  std::uint64_t sum_ns() const { return sum_ns_.load(std::memory_order_relaxed); }

  static std::size_t bucket_of(std::uint64_t late_ns);
  // Where the bucket ends; what is in it is below. For the last one: where it begins.
  static std::uint64_t end_of(std::size_t bucket);

 private:
  std::array<std::atomic<std::uint64_t>, kBuckets> counts_{};
  std::atomic<std::uint64_t> sum_ns_{0};
};

// Of the counts between two readings; all 0 when there were none. In nanoseconds, as the end of the
// bucket in question.
struct LatenessSummary {
  std::uint64_t count = 0;
  std::uint64_t p50_ns = 0;
  std::uint64_t p99_ns = 0;
  std::uint64_t max_ns = 0;
};
LatenessSummary summarize(const Lateness::Counts& before, const Lateness::Counts& after);

}  // namespace lobby
