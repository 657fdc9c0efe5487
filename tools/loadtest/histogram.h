#pragma once

// Counts of durations in buckets about 1.6 % wide, from 1 us to about 70 minutes. Adding is a few
// instructions; the buckets are allocated with the first value. One thread a histogram; merge()
// joins them afterwards.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace loadtest {

class Histogram {
 public:
  void add(std::int64_t micros);  // below 0 counts as 0, above the range as the last bucket
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  std::int64_t max() const { return max_; }  // exact, 0 when empty
  // The value that `share` (0 to 1) of all added ones do not exceed, to the bucket's width; 0 when
  // empty.
  std::int64_t quantile(double share) const;

  // Appends {"count":..,"p50":..,"p90":..,"p95":..,"p99":..,"p999":..,"max":..} in milliseconds.
  void append_json(std::string& out) const;

 private:
  // Values below 64 have a bucket each; above, every power of two is cut into 64.
  static constexpr int kSteps = 64;
  static constexpr int kPowers = 27;
  static std::size_t bucket_of(std::uint64_t micros);
  static std::int64_t upper_edge(std::size_t bucket);

  void make_buckets();

  std::vector<std::uint64_t> buckets_;  // none while empty
  std::uint64_t count_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace loadtest
