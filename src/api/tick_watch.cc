#include "api/tick_watch.h"

namespace api {

void TickWatch::sample(const lobby::Lateness::Counts& all_shards) {
  readings_[taken_ % readings_.size()] = all_shards;
  ++taken_;
}

lobby::LatenessSummary TickWatch::last_minute() const {
  if (taken_ == 0) return {};
  const auto& newest = readings_[(taken_ - 1) % readings_.size()];
  const auto& oldest =
      taken_ <= readings_.size() ? readings_[0] : readings_[taken_ % readings_.size()];
  return lobby::summarize(oldest, newest);
}

}  // namespace api
