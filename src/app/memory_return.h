#pragma once

// Gives memory back to the system when a crowd has gone. What it leaves free lies between blocks
// that live on, where the C library's allocator keeps it for ever: 4,000 attackers left 120 MB with
// 10 MB in use (bench/reports/hostile.md).

#include <cstdint>
#include <functional>

#include "app/periodic.h"

namespace app {

// Says when it is worth it: once for each crowd, when at least half of those who were there have
// gone and no more are going.
class CrowdWatch {
 public:
  // So few cost less than a megabyte or two.
  static constexpr std::uint64_t kCrowd = 64;

  // `present` are there now; to be told at even intervals.
  bool has_gone(std::uint64_t present);

 private:
  std::uint64_t most_ = 0;  // since the last crowd
  std::uint64_t before_ = 0;
};

// Looks every few seconds, on a thread of its own, until it is destroyed. While it works, threads
// that allocate wait for a millisecond or a few (bench/reports/hostile.md).
class MemoryReturn {
 public:
  // `present`: connections, with those that are awaited back; any thread.
  explicit MemoryReturn(std::function<std::uint64_t()> present);

 private:
  void look();

  const std::function<std::uint64_t()> present_;
  CrowdWatch crowd_;
  Periodic looking_;  // goes first: it uses the above
};

}  // namespace app
