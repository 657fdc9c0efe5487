#include "session/sure_recorder.h"

#include <utility>

#include "base/log.h"

namespace session {
namespace {

// Hours of matches of a full node; what comes after could only be held in vain.
constexpr std::size_t kMostHeld = 10'000;

}  // namespace

void SureRecorder::match_finished(store::MatchResult result, std::function<void(bool ok)> durable) {
  std::unique_lock lock(mutex_);
  if (held_.empty() && owner_.sure())
    return store_.match_finished(std::move(result), std::move(durable));
  if (held_.size() < kMostHeld) {
    base::log::warn("result_held", {{"lobby", result.lobby_id}, {"match", result.match_id}});
    held_.push_back({std::move(result), std::move(durable)});
    return;
  }
  lock.unlock();
  base::log::error("result_lost", {{"lobby", result.lobby_id}, {"match", result.match_id}});
  durable(false);
}

void SureRecorder::settle() {
  const std::lock_guard lock(mutex_);
  std::size_t told = 0;
  for (; told < held_.size() && owner_.sure(); ++told)
    store_.match_finished(std::move(held_[told].result), std::move(held_[told].durable));
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(told));
}

void SureRecorder::settle_all() {
  const std::lock_guard lock(mutex_);
  for (Held& held : held_) {
    base::log::warn("result_not_sure",
                    {{"lobby", held.result.lobby_id}, {"match", held.result.match_id}});
    store_.match_finished(std::move(held.result), std::move(held.durable));
  }
  held_.clear();
}

void SureRecorder::lost(const std::string& lobby) {
  const std::lock_guard lock(mutex_);
  std::erase_if(held_, [&](const Held& held) {
    if (held.result.lobby_id != lobby) return false;
    base::log::warn("result_dropped", {{"lobby", lobby}, {"match", held.result.match_id}});
    return true;
  });
}

std::size_t SureRecorder::held() const {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

}  // namespace session
