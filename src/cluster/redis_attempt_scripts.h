#pragma once

// The Lua of tries that failed; see redis_scripts.h.

namespace cluster {

extern const char* const kAttempt;
extern const char* const kAttemptSucceeded;

}  // namespace cluster
