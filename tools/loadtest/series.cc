#include "loadtest/series.h"

namespace loadtest {
namespace {

double ms(std::int64_t micros) { return static_cast<double>(micros) / 1000.0; }

}  // namespace

void Series::add(const Slice& slice, int connected, int playing) {
  total_.merge(slice.stats);
  Pending& pending = pending_[slice.number];
  pending.stats.merge(slice.stats);
  pending.connected = connected;
  pending.playing = playing;
  if (++pending.parts < loops_) return;
  make_point(slice.number, pending);
  pending_.erase(slice.number);
}

void Series::close() {
  for (const auto& [number, pending] : pending_) make_point(number, pending);
  pending_.clear();
}

void Series::make_point(std::size_t number, const Pending& pending) {
  const Stats& stats = pending.stats;
  Point point;
  point.t = static_cast<double>(number) * slice_s_;
  point.connected = pending.connected;
  point.playing = pending.playing;
  point.errors = stats.error_count();
  point.bytes_in = static_cast<double>(stats.all_bytes_in) / slice_s_;
  point.bytes_out = static_cast<double>(stats.all_bytes_out) / slice_s_;
  point.snapshots = stats.snapshot_skew.count();
  point.skew_p50_ms = ms(stats.snapshot_skew.quantile(0.5));
  point.skew_p99_ms = ms(stats.snapshot_skew.quantile(0.99));
  for (std::size_t i = 0; i < kStepCount; ++i) {
    const StepFigures& step = stats.steps[i];
    point.steps[i] = {step.done, step.failed, ms(step.time.quantile(0.5)),
                      ms(step.time.quantile(0.95))};
  }
  points_.push_back(point);
}

}  // namespace loadtest
