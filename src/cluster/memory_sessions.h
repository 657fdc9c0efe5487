#pragma once

#include <chrono>
#include <memory>

#include "cluster/sessions.h"

namespace cluster {

// Sessions of a node that is alone. Listeners are called on the thread of ended().
// `now` stands in for the clock in tests; empty = the steady clock.
std::unique_ptr<Sessions> make_memory_sessions(
    std::function<std::chrono::steady_clock::time_point()> now = {});

}  // namespace cluster
