#include "cluster/frames.h"

#include <cstdint>

namespace cluster {

std::string begin_batch(std::string_view sender) { return std::string(sender) + '\n'; }

void append_frame(std::string& batch, std::string_view frame) {
  const auto size = static_cast<std::uint32_t>(frame.size());
  for (int shift = 0; shift < 32; shift += 8) batch += static_cast<char>(size >> shift & 0xff);
  batch += frame;
}

bool read_batch(std::string_view batch,
                const std::function<void(std::string_view, std::string_view)>& told) {
  const auto line = batch.find('\n');
  if (line == std::string_view::npos) return false;
  const std::string_view from = batch.substr(0, line);
  batch.remove_prefix(line + 1);
  while (!batch.empty()) {
    if (batch.size() < kFrameHead) return false;
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < kFrameHead; ++i)
      size |= static_cast<std::uint32_t>(static_cast<unsigned char>(batch[i])) << (8 * i);
    batch.remove_prefix(kFrameHead);
    if (batch.size() < size) return false;
    told(from, batch.substr(0, size));
    batch.remove_prefix(size);
  }
  return true;
}

}  // namespace cluster
