#include "lobby/lateness.h"

#include <algorithm>
#include <bit>

namespace lobby {
namespace {

constexpr int kUnitBits = 12;  // the narrowest bucket: 4,096 ns
constexpr int kStepBits = 3;   // eight buckets a doubling
constexpr std::uint64_t kSteps = 1u << kStepBits;

// The end of the bucket that holds the `rank`-th smallest (from 1).
std::uint64_t at_rank(const Lateness::Counts& counts, std::uint64_t rank) {
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts.size(); ++bucket) {
    seen += counts[bucket];
    if (seen >= rank) return Lateness::end_of(bucket);
  }
  return 0;
}

}  // namespace

std::size_t Lateness::bucket_of(std::uint64_t late_ns) {
  const std::uint64_t units = late_ns >> kUnitBits;
  if (units < kSteps) return static_cast<std::size_t>(units);
  const int shift = std::bit_width(units) - 1 - kStepBits;
  const std::uint64_t bucket =
      kSteps * static_cast<std::uint64_t>(shift + 1) + ((units >> shift) - kSteps);
  return static_cast<std::size_t>(std::min<std::uint64_t>(bucket, kBuckets - 1));
}

std::uint64_t Lateness::end_of(std::size_t bucket) {
  const std::uint64_t next = bucket == kBuckets - 1 ? bucket : bucket + 1;
  if (next < kSteps) return next << kUnitBits;
  return (kSteps + next % kSteps) << (next / kSteps - 1) << kUnitBits;
}

void Lateness::add_to(Counts& sum) const {
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket)
    sum[bucket] += counts_[bucket].load(std::memory_order_relaxed);
}

LatenessSummary summarize(const Lateness::Counts& before, const Lateness::Counts& after) {
  Lateness::Counts counts{};
  LatenessSummary summary;
  for (std::size_t bucket = 0; bucket < counts.size(); ++bucket) {
    counts[bucket] = after[bucket] - before[bucket];
    summary.count += counts[bucket];
  }
  if (summary.count == 0) return summary;
  summary.p50_ns = at_rank(counts, (summary.count + 1) / 2);
  summary.p99_ns = at_rank(counts, (summary.count * 99 + 99) / 100);
  summary.max_ns = at_rank(counts, summary.count);
  return summary;
}

}  // namespace lobby
