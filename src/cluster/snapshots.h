#pragma once

// The latest state of each lobby, for the node that takes it over.

#include <cstdint>
#include <string>

#include "cluster/answer.h"

namespace cluster {

struct Snapshot {
  std::uint64_t fence = 0;  // of the owner that wrote it
  std::string bytes;
};

// Thread safe.
class Snapshots {
 public:
  virtual ~Snapshots() = default;

  // Keeps `bytes` (at most kMaxSnapshot) for Timing::snapshot_life in place of the one before,
  // unless an owner with a higher fencing number has written. Without answer: what cannot be
  // written now is dropped and counted, and the next one is better anyway.
  virtual void write(const std::string& lobby, std::uint64_t fence, std::string bytes) = 0;
  // Error: not_found.
  virtual void read(const std::string& lobby, Answer<Snapshot> answer) = 0;
  virtual void remove(const std::string& lobby) = 0;
};

}  // namespace cluster
