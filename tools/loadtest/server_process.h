#pragma once

#include <cstdint>
#include <optional>

namespace loadtest {

// What the kernel says about a process on this machine.
struct ProcessUsage {
  double cpu_seconds = 0;       // user and system, all threads, since its start
  std::uint64_t rss_bytes = 0;  // resident memory
};

// Nothing when there is no such process.
std::optional<ProcessUsage> process_usage(int pid);

}  // namespace loadtest
