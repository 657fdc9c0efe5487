#pragma once

// Tries that failed, counted for all nodes together (S1): who guesses passwords gets no more tries
// by asking another node.

#include <chrono>
#include <string>
#include <vector>

#include "cluster/timing.h"

namespace cluster {

// What a try counts against. `key` is not shown to anybody but kept for a day: a hash, when it is
// made of something that people would not have kept. At most 64 bytes, no blanks.
struct AttemptCount {
  std::string key;
  int limit = 1;  // tries in a window, at least 1
};

// Thread safe. Every member may talk to another machine and wait for it, at most half a second: not
// for a shard's thread. When the other machine does not answer, this node's own count decides.
class Attempts {
 public:
  // How long each of the counts makes the caller wait, in their order; zero = it is free.
  using Waits = std::vector<milliseconds>;

  virtual ~Attempts() = default;

  // Begins a try, in one step: counted against all when all are free, else against none. A try is
  // counted when it begins, so that many at once are no more than one after the other.
  virtual Waits admit(const std::vector<AttemptCount>& counts) = 0;
  // What admit() would say; counts nothing.
  virtual Waits look(const std::vector<AttemptCount>& counts) = 0;
  // The try was good: everything counted for `cleared` is forgotten, and `given_back` has one try
  // more. Both may be "".
  virtual void succeeded(const std::string& cleared, const std::string& given_back) = 0;
};

}  // namespace cluster
