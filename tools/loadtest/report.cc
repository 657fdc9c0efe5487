#include "loadtest/report.h"

#include "base/json_writer.h"

namespace loadtest {
namespace {

template <std::size_t N>
void member(base::JsonWriter& json, const char (&key)[N], const Histogram& histogram) {
  std::string text;
  histogram.append_json(text);
  json.key(key).raw(text);
}

void append_traffic(base::JsonWriter& json, const Report& report) {
  const Stats& stats = report.stats;
  const double share = report.player_seconds > 0 ? 1.0 / report.player_seconds : 0;
  const auto rate = [&](std::uint64_t count) { return static_cast<double>(count) * share; };
  json.key("per_player_second").begin_object();
  json.member("inputs", rate(stats.inputs), 3).member("shots", rate(stats.shots), 3);
  json.member("snapshots", rate(stats.snapshots), 3)
      .member("messages_in", rate(stats.messages_in), 3);
  json.member("bytes_in", rate(stats.bytes_in), 1)
      .member("messages_out", rate(stats.messages_out), 3);
  json.member("bytes_out", rate(stats.bytes_out), 1).end_object();
  const double snapshots = static_cast<double>(stats.snapshots);
  json.member("snapshot_bytes",
              snapshots > 0 ? static_cast<double>(stats.snapshot_bytes) / snapshots : 0, 1);
}

void append_server(base::JsonWriter& json, const Report& report) {
  if (!report.server_before || !report.server_after) return;
  const double cpu = report.server_after->cpu_seconds - report.server_before->cpu_seconds;
  json.key("server").begin_object().member("cpu_seconds", cpu, 2);
  json.member("cores", report.window_s > 0 ? cpu / report.window_s : 0, 4);
  json.member("cpu_us_per_player_second",
              report.player_seconds > 0 ? 1e6 * cpu / report.player_seconds : 0, 2);
  json.member("rss_begin", report.server_before->rss_bytes)
      .member("rss_end", report.server_after->rss_bytes);
  json.key("rss").begin_array();
  for (const std::uint64_t bytes : report.server_rss) json.unsigned_integer(bytes);
  json.end_array().end_object();
}

}  // namespace

std::string Report::json() const {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().member("players", options.players).member("window_seconds", window_s, 3);
  json.member("inputs_per_second", options.inputs, 3);
  json.member("playing_at_start", playing_at_start)
      .member("gone", gone)
      .member("player_seconds", player_seconds, 1);
  json.member("matches_started_seen", stats.matches_started)
      .member("matches_ended_seen", stats.matches_ended);
  json.member("deaths", stats.deaths);
  member(json, "connect_ms", stats.connect);
  member(json, "join_ms", stats.join);
  member(json, "enter_ms", stats.enter);
  member(json, "snapshot_gap_ms", stats.snapshot_gap);
  member(json, "snapshot_off_by_ms", stats.snapshot_skew);
  append_traffic(json, *this);
  append_server(json, *this);
  json.key("errors").begin_object();
  for (const auto& [what, count] : stats.errors) json.key_text(what).unsigned_integer(count);
  json.end_object().end_object();
  out += '\n';
  return out;
}

}  // namespace loadtest
