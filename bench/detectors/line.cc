#include "line.h"

#include <algorithm>

namespace detectors {
namespace {

constexpr double kStuckPerTick = 1.0 / (40.0 * sim::kTickRate);  // once in 40 s
constexpr unsigned kLongestStuck = 180;                          // ticks
constexpr double kHiccup = 0.05;                                 // packets that come later
constexpr unsigned kLongestHiccup = 4;                           // ticks

}  // namespace

Line::Line(std::uint64_t seed) : random_(seed), delay_(1 + random_.next() % 9) {}

void Line::send(const std::vector<sim::Command>& commands, sim::Tick now) {
  if (now >= stuck_until_ && random_.uniform() < kStuckPerTick)
    stuck_until_ = now + 10 + random_.next() % kLongestStuck;
  sim::Tick due = std::max(now + delay_, stuck_until_);
  if (random_.uniform() < kHiccup) due += 1 + random_.next() % kLongestHiccup;
  last_due_ = std::max(last_due_, due);
  for (const sim::Command& command : commands) way_.push_back({last_due_, command});
}

void Line::deliver(sim::Tick now, std::vector<sim::Command>& out) {
  while (!way_.empty() && way_.front().due <= now) {
    out.push_back(way_.front().command);
    way_.pop_front();
  }
}

}  // namespace detectors
