#pragma once

// How late the node's ticks were in the last minute.

#include <array>
#include <cstddef>

#include "lobby/lateness.h"

namespace api {

// Fed with the sum of all shards once a second; one thread, or under the owner's lock.
class TickWatch {
 public:
  void sample(const lobby::Lateness::Counts& all_shards);
  // Between the newest reading and the one a minute before it, or the first.
  lobby::LatenessSummary last_minute() const;

 private:
  std::array<lobby::Lateness::Counts, 61> readings_{};  // a minute of seconds, both ends
  std::size_t taken_ = 0;
};

}  // namespace api
