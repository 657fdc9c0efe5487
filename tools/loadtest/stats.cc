#include "loadtest/stats.h"

namespace loadtest {

void StepFigures::merge(const StepFigures& other) {
  begun += other.begun;
  done += other.done;
  failed += other.failed;
  cancelled += other.cancelled;
  time.merge(other.time);
}

void Stats::error(const std::string& kind, std::string_view example) {
  ErrorCount& error = errors[kind];
  if (error.count++ == 0) error.example = example;
}

std::uint64_t Stats::error_count() const {
  std::uint64_t sum = 0;
  for (const auto& [kind, error] : errors) sum += error.count;
  return sum;
}

void Stats::merge(const Stats& other) {
  for (std::size_t i = 0; i < kStepCount; ++i) steps[i].merge(other.steps[i]);
  snapshot_gap.merge(other.snapshot_gap);
  snapshot_skew.merge(other.snapshot_skew);
  snapshots += other.snapshots;
  snapshot_bytes += other.snapshot_bytes;
  messages_in += other.messages_in;
  bytes_in += other.bytes_in;
  messages_out += other.messages_out;
  bytes_out += other.bytes_out;
  inputs += other.inputs;
  shots += other.shots;
  deaths += other.deaths;
  all_bytes_in += other.all_bytes_in;
  all_bytes_out += other.all_bytes_out;
  matches_started += other.matches_started;
  matches_ended += other.matches_ended;
  cuts += other.cuts;
  retries += other.retries;
  for (const auto& [kind, error] : other.errors) {
    ErrorCount& mine = errors[kind];
    if (mine.count == 0) mine.example = error.example;
    mine.count += error.count;
  }
}

}  // namespace loadtest
