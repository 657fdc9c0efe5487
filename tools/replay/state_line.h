#pragma once

// What a match has come to, as one line of JSON: for scripts, and for tests that compare what plays
// a replay elsewhere.

#include <string>

#include "match/match.h"
#include "replay/event_text.h"

namespace replay_tool {

// {"tick":ticks played,"hash":"16 hex digits","phase":0..2,"red":n,"blue":n,"openSlices":n,
//  "players":[{"slot":n,"name":text,"team":text,"x":px,"y":px,"health":0..100,"kills":n,"deaths":n}]}
// Coordinates have two places as in a film, dead players health 0. Without the line's end.
std::string state_line(const match::Match& match, const Names& names, match::Tick played);

// 16 hexadecimal digits.
std::string hash_text(std::uint64_t hash);

}  // namespace replay_tool
