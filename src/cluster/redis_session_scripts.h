#pragma once

// The Lua of players' sessions and of notices; see redis_scripts.h.

namespace cluster {

extern const char* const kRemember;  // what both scripts of sessions begin with
extern const char* const kSessionStarted;
extern const char* const kSessionEnded;
extern const char* const kNotice;
extern const char* const kSpoken;
extern const char* const kMissed;

}  // namespace cluster
