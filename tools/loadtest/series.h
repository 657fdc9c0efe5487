#pragma once

// The run over time: what came in slice by slice, kept as a point each, and the sum of all.

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "loadtest/loop.h"
#include "loadtest/stats.h"

namespace loadtest {

struct StepPoint {
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  double p50_ms = 0;
  double p95_ms = 0;
};

struct Point {
  double t = 0;  // s since the begin, where the slice begins
  int connected = 0;
  int playing = 0;
  std::uint64_t errors = 0;
  double bytes_in = 0;  // a second
  double bytes_out = 0;
  std::uint64_t snapshots = 0;  // whose interval was measured
  double skew_p50_ms = 0;       // how far from 50 ms
  double skew_p99_ms = 0;
  std::array<StepPoint, kStepCount> steps;
};

class Series {
 public:
  // Slices last `slice_s` seconds; a point is made when `loops` of them have come.
  Series(double slice_s, std::size_t loops) : slice_s_(slice_s), loops_(loops) {}

  // Counts are those of now.
  void add(const Slice& slice, int connected, int playing);
  // The loops have ended: makes points of what is left.
  void close();

  const Stats& total() const { return total_; }
  const std::vector<Point>& points() const { return points_; }

 private:
  struct Pending {
    Stats stats;
    std::size_t parts = 0;
    int connected = 0;
    int playing = 0;
  };
  void make_point(std::size_t number, const Pending& pending);

  double slice_s_;
  std::size_t loops_;
  Stats total_;
  std::map<std::size_t, Pending> pending_;
  std::vector<Point> points_;
};

}  // namespace loadtest
