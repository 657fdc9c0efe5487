#pragma once

// How frames to another node travel: many in one message.
//
//   batch = sender, line end, { size, bytes } *     size: 4 bytes, the lowest first

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace cluster {

// Sizes of what append_frame() adds to a batch beside the frame itself.
inline constexpr std::size_t kFrameHead = 4;

std::string begin_batch(std::string_view sender);
void append_frame(std::string& batch, std::string_view frame);

// Calls `told` with each frame; false when the batch is malformed (what came before has been told).
bool read_batch(std::string_view batch,
                const std::function<void(std::string_view from, std::string_view frame)>& told);

}  // namespace cluster
