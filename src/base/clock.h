#pragma once

// The two clocks. Wall time is for people, databases and the wire; steady time is for deadlines.
// Neither may be used in sim/ and match/, whose only time is the tick number.

#include <chrono>
#include <cstdint>
#include <string>

namespace base {

using SteadyTime = std::chrono::steady_clock::time_point;

// Milliseconds since 1970-01-01T00:00Z. May jump when the machine's clock is set.
std::int64_t wall_ms();

// Never goes back; unrelated to the date.
SteadyTime steady_now();

// The same as milliseconds, for sums and atomics.
std::int64_t steady_ms();

// "2026-11-22T13:28:07.123Z". Years 0000 to 9999; earlier and later times are clamped.
std::string iso8601(std::int64_t wall_ms);
void append_iso8601(std::string& out, std::int64_t wall_ms);

}  // namespace base
