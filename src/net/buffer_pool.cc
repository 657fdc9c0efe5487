#include "net/buffer_pool.h"

#include <algorithm>
#include <utility>

namespace net {

std::string BufferPool::take() {
  if (kept_.empty()) return {};
  std::string buffer = std::move(kept_.back());
  kept_.pop_back();
  spare_ = std::min(spare_, kept_.size());
  return buffer;
}

void BufferPool::give(std::string& buffer) {
  std::string given;
  given.swap(buffer);
  if (given.capacity() > kMostBytes || kept_.size() == kMost) return;
  given.clear();
  kept_.push_back(std::move(given));
}

void BufferPool::trim() {
  // The front is what was given longest ago.
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(spare_));
  spare_ = kept_.size();
}

}  // namespace net
