#include "loadtest/stats.h"

namespace loadtest {

void Stats::merge(const Stats& other) {
  connect.merge(other.connect);
  join.merge(other.join);
  enter.merge(other.enter);
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
  matches_started += other.matches_started;
  matches_ended += other.matches_ended;
  for (const auto& [what, count] : other.errors) errors[what] += count;
}

}  // namespace loadtest
