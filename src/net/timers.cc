#include "net/timers.h"

#include <algorithm>
#include <utility>

namespace net {

namespace {
constexpr std::uint64_t kSlotMask = 0xffff'ffff;
}

// Equal deadlines fire in the order of their ids' making only if ids grow; slots are reused, so no
// order is promised.
bool TimerQueue::later(const Entry& a, const Entry& b) { return a.deadline > b.deadline; }

TimerQueue::Id TimerQueue::add(SteadyTime deadline, std::function<void()> fn) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  Slot& slot = slots_[index];
  slot.fn = std::move(fn);
  slot.used = true;
  ++live_;
  const Id id = (static_cast<Id>(slot.generation) << 32) | index;
  heap_.push_back({deadline, id});
  std::push_heap(heap_.begin(), heap_.end(), later);
  return id;
}

bool TimerQueue::stands(Id id) const {
  const std::uint64_t index = id & kSlotMask;
  return index < slots_.size() && slots_[index].used && slots_[index].generation == id >> 32;
}

std::function<void()> TimerQueue::release(Id id) {
  const auto index = static_cast<std::uint32_t>(id & kSlotMask);
  Slot& slot = slots_[index];
  std::function<void()> fn = std::move(slot.fn);
  slot.fn = nullptr;
  slot.used = false;
  if (++slot.generation == 0) slot.generation = 1;
  free_.push_back(index);
  --live_;
  return fn;
}

void TimerQueue::cancel(Id id) {
  if (!stands(id)) return;
  release(id);
  // Most timers are cancelled long before they are due; their heap entries must not pile up.
  if (heap_.size() > 64 && heap_.size() > 4 * live_) {
    std::erase_if(heap_, [this](const Entry& e) { return !stands(e.id); });
    std::make_heap(heap_.begin(), heap_.end(), later);
  }
}

void TimerQueue::drop_cancelled() {
  while (!heap_.empty() && !stands(heap_.front().id)) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    heap_.pop_back();
  }
}

std::optional<SteadyTime> TimerQueue::next() {
  drop_cancelled();
  if (heap_.empty()) return std::nullopt;
  return heap_.front().deadline;
}

std::function<void()> TimerQueue::take_due(SteadyTime now) {
  drop_cancelled();
  if (heap_.empty() || heap_.front().deadline > now) return nullptr;
  const Id id = heap_.front().id;
  std::pop_heap(heap_.begin(), heap_.end(), later);
  heap_.pop_back();
  return release(id);
}

}  // namespace net
