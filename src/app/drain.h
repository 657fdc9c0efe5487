#pragma once

// How the process ends (C5): the first signal to stop drains the node, which lets its matches
// finish; the second ends it at once.

#include <chrono>
#include <functional>

namespace app {

// What the node is asked and told meanwhile. All called on the waiting thread.
struct Lifetime {
  // The next signal that was sent to the process; 0 when none came within that time.
  std::function<int(std::chrono::milliseconds)> next_signal;
  std::function<bool()> drain_wanted;  // an operator has asked for it, here or on another node
  std::function<void()> reload;        // SIGHUP
  std::function<void()> drain;         // called once
  std::function<bool()> empty;         // no lobby is left
  std::function<std::chrono::steady_clock::time_point()> now;
};

enum class Ending { at_once, drained, limit, second_signal };

// Returns when the process is to stop. SIGTERM and SIGINT drain; so does SIGUSR1, which may be said
// again without harm. `limit` of the drain; 0 = the first word stops.
Ending wait_for_end(const Lifetime& life, std::chrono::seconds limit);

const char* name_of(Ending ending);

}  // namespace app
