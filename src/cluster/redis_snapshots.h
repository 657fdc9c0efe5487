#pragma once

#include <string>

#include "cluster/redis_core.h"
#include "cluster/snapshots.h"

namespace cluster {

// `snapshot:{lobby}`: the fencing number in 20 digits, then the bytes.
class RedisSnapshots final : public Snapshots {
 public:
  explicit RedisSnapshots(RedisCore& core) : core_(core) {}

  void write(const std::string& lobby, std::uint64_t fence, std::string bytes) override;
  void read(const std::string& lobby, Answer<Snapshot> answer) override;
  void remove(const std::string& lobby) override;

 private:
  RedisCore& core_;
};

}  // namespace cluster
