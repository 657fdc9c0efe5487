#pragma once

// Plays a replay file again.

#include <filesystem>
#include <functional>
#include <memory>

#include "base/error.h"
#include "match/replay.h"
#include "replay/event_text.h"

namespace replay_tool {

// The map of the folder on which the replay was played, found by its ground and not by its name: a
// name out of a file is not trusted with a path. Error "not_found".
base::Result<std::shared_ptr<const sim::Map>> find_map(const std::filesystem::path& folder,
                                                       const match::ReplayHeader& header);

// Calls after_tick(match, names) after each tick. Gives the number of ticks. Errors of reading, and
// "conflict" as match::verify_replay.
base::Result<match::Tick> play(
    std::span<const std::uint8_t> bytes, std::shared_ptr<const sim::Map> map,
    const std::function<void(const match::Match&, const Names&)>& after_tick);

}  // namespace replay_tool
