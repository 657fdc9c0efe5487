#include "lobby/seat.h"

#include <algorithm>

#include "lobby/bot.h"

namespace lobby {

Seat::Seat() = default;
Seat::~Seat() = default;
Seat::Seat(Seat&&) noexcept = default;
Seat& Seat::operator=(Seat&&) noexcept = default;

bool Inbox::push(const sim::Command& command) {
  const bool input = command.kind == sim::CommandKind::input;
  bool kept_all = true;
  if (input && inputs_ == kInputs) {
    const auto oldest = std::find_if(
        commands_.begin(), commands_.end(),
        [](const sim::Command& queued) { return queued.kind == sim::CommandKind::input; });
    commands_.erase(oldest);
    --inputs_;
    kept_all = false;
  }
  if (!input && commands_.size() - inputs_ == kOthers) return false;
  commands_.push_back(command);
  if (input) ++inputs_;
  return kept_all;
}

void Inbox::clear() {
  commands_.clear();
  inputs_ = 0;
}

}  // namespace lobby
