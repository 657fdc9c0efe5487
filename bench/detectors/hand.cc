#include "hand.h"

#include <algorithm>
#include <cmath>

#include "anticheat/inputs.h"
#include "lobby/bot_aim.h"

namespace detectors {
namespace {

constexpr double kKept = 0.85;      // of the tremor from one tick to the next
constexpr double kSwift = 25.0;     // px a tick that count as a swift move
constexpr double kReturned = 0.72;  // of an overshoot left after each tick

sim::Vec2 whole(sim::Vec2 at) {
  return {std::clamp(std::round(at.x), 0.0, sim::kArenaWidth),
          std::clamp(std::round(at.y), 0.0, sim::kArenaHeight)};
}

}  // namespace

void Hand::move(sim::Command& input) {
  const double twitch = traits_.tremor * std::sqrt(1.0 - kKept * kKept);
  shake_ = {shake_.x * kKept + twitch * lobby::bell(random_),
            shake_.y * kKept + twitch * lobby::bell(random_)};
  const sim::Vec2 way{input.point.x - wished_.x, input.point.y - wished_.y};
  too_far_ = {too_far_.x * kReturned, too_far_.y * kReturned};
  if (std::hypot(way.x, way.y) > kSwift) {
    const double share = traits_.overshoot * (0.3 + 1.4 * random_.uniform());
    too_far_ = {too_far_.x + way.x * share, too_far_.y + way.y * share};
  }
  wished_ = input.point;
  mouse_ = whole({input.point.x + shake_.x + too_far_.x, input.point.y + shake_.y + too_far_.y});
  input.point = mouse_;
}

bool Hand::may_click(const sim::Command& shot, sim::Tick now) {
  sim::Tick& next = next_[static_cast<std::size_t>(shot.weapon)];
  if (now < next) return false;
  next = now + static_cast<sim::Tick>(anticheat::asked_interval(shot.weapon));
  return true;
}

void Hand::shape(std::vector<sim::Command>& commands, sim::Tick now, bool steady) {
  std::vector<sim::Command> made;
  for (sim::Command command : commands) {
    if (command.kind == sim::CommandKind::join) sequence_ = 0;
    if (command.kind == sim::CommandKind::input) {
      if (!steady) move(command);
      command.sequence = number();
    } else if (command.kind == sim::CommandKind::fire) {
      if (!steady) {
        command.sequence = now + 1 + random_.next() % traits_.finger;
        clicks_.push_back(command);
        continue;
      }
      if (!may_click(command, now)) continue;
      command.sequence = number();
    }
    made.push_back(command);
  }
  for (sim::Command& click : clicks_) {
    if (click.sequence > now) continue;
    if (!may_click(click, now)) continue;
    sim::Command shot = click;
    shot.sequence = number();
    shot.point = mouse_;
    made.push_back(shot);
  }
  std::erase_if(clicks_, [&](const sim::Command& click) { return click.sequence <= now; });
  commands = std::move(made);
}

}  // namespace detectors
