#include "net/deadline_wheel.h"

namespace net {

void DeadlineEntry::unlink() {
  if (previous == nullptr) return;
  previous->next = next;
  next->previous = previous;
  previous = next = nullptr;
}

DeadlineWheel::DeadlineWheel(SteadyTime start) : slot_start_(start) {
  for (DeadlineEntry& head : slots_) head.previous = head.next = &head;
}

DeadlineWheel::~DeadlineWheel() {
  for (DeadlineEntry& head : slots_) {
    while (head.next != &head) head.next->unlink();
    head.previous = head.next = nullptr;
  }
}

void DeadlineWheel::link(DeadlineEntry& entry) {
  // The slot that ends at or after the deadline, so that it is looked at when the deadline has
  // passed.
  std::size_t ahead = 0;
  if (entry.deadline > slot_start_) {
    const auto slots = (entry.deadline - slot_start_ + kSlot - SteadyTime::duration(1)) / kSlot;
    ahead = slots < static_cast<long>(kSlots) ? static_cast<std::size_t>(slots) : kSlots - 1;
  }
  entry.slot_time = slot_start_ + ahead * kSlot;
  DeadlineEntry& head = slots_[(current_ + ahead) % kSlots];
  entry.unlink();
  entry.previous = head.previous;
  entry.next = &head;
  head.previous->next = &entry;
  head.previous = &entry;
}

void DeadlineWheel::set(DeadlineEntry& entry, SteadyTime deadline) {
  entry.deadline = deadline;
  if (entry.previous == nullptr || deadline < entry.slot_time) link(entry);
}

void DeadlineWheel::advance(SteadyTime now, const std::function<void(DeadlineEntry&)>& expired) {
  while (slot_start_ <= now) {
    // The slot's ring moves to a ring of its own first: what `expired` links anew must not be met
    // in this round.
    DeadlineEntry due;
    due.previous = due.next = &due;
    DeadlineEntry& head = slots_[current_];
    if (head.next != &head) {
      due.next = head.next;
      due.previous = head.previous;
      due.next->previous = due.previous->next = &due;
      head.previous = head.next = &head;
    }
    const SteadyTime slot_time = slot_start_;
    current_ = (current_ + 1) % kSlots;
    slot_start_ += kSlot;
    while (due.next != &due) {
      DeadlineEntry& entry = *due.next;
      entry.unlink();
      if (entry.deadline == SteadyTime::max()) continue;
      if (entry.deadline > slot_time) {
        link(entry);
        continue;
      }
      entry.deadline = SteadyTime::max();
      expired(entry);
    }
    due.previous = due.next = nullptr;
  }
}

}  // namespace net
