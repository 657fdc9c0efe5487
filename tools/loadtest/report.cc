#include "loadtest/report.h"

#include "base/clock.h"
#include "base/json_writer.h"
#include "loadtest/verdict.h"

namespace loadtest {
namespace {

using base::JsonWriter;

template <std::size_t N>
void member(JsonWriter& json, const char (&key)[N], const Histogram& histogram) {
  std::string text;
  histogram.append_json(text);
  json.key(key).raw(text);
}

void append_options(JsonWriter& json, const Report& report) {
  const Options& options = report.options;
  json.key("options").begin_object();
  json.member("profile", name_of(options.profile)).member("entry", name_of(options.entry));
  json.member("players", options.players).member("threads", options.threads);
  json.member("ramp", options.ramp, 3).member("duration", options.duration, 3);
  json.member("finish", options.finish, 3).member("lobbySize", options.lobby_size);
  json.member("killLimit", options.kill_limit).member("timeLimit", options.time_limit);
  json.member("inputs", options.inputs, 3).member("shots", options.shots, 3);
  json.member("chat", options.chat, 3).member("accounts", options.accounts);
  json.member("sources", options.sources).member("seed", report.seed);
  json.key("servers").begin_array();
  for (const Target& target : options.targets) json.text("http://" + target.authority());
  json.end_array().end_object();
}

void append_traffic(JsonWriter& json, const Report& report) {
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
  json.member("bytes_in_total", stats.all_bytes_in).member("bytes_out_total", stats.all_bytes_out);
}

void append_steps(JsonWriter& json, const Stats& stats) {
  json.key("steps").begin_object();
  for (std::size_t i = 0; i < kStepCount; ++i) {
    const StepFigures& step = stats.steps[i];
    json.key_text(kStepTexts[i].name).begin_object();
    json.member("begun", step.begun).member("done", step.done).member("failed", step.failed);
    json.member("cancelled", step.cancelled);
    member(json, "ms", step.time);
    json.end_object();
  }
  json.end_object();
}

void append_server_process(JsonWriter& json, const Report& report) {
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

void append_reading(JsonWriter& json, const ServerFigures& figures) {
  json.begin_object().member("t", figures.t, 1).member("cpu_seconds", figures.cpu_seconds, 3);
  json.member("memory_bytes", figures.memory_bytes, 0).member("lobbies", figures.lobbies, 0);
  json.member("players", figures.players, 0).member("ticks", figures.ticks, 0);
  json.member("ticks_dropped", figures.ticks_dropped, 0);
  json.member("matches_started", figures.matches_started, 0);
  json.member("matches_completed", figures.matches_completed, 0);
  json.member("matches_aborted", figures.matches_aborted, 0);
  json.member("registrations", figures.registrations, 0).member("logins", figures.logins, 0);
  json.member("recovered", figures.recovered, 0);
  json.member("snapshots_skipped", figures.snapshots_skipped, 0).end_object();
}

void append_servers(JsonWriter& json, const Report& report) {
  json.key("servers").begin_array();
  for (const ServerLog& log : report.servers) {
    json.begin_object().member("server", log.server).member("trouble", log.trouble);
    json.member("window_begin", log.window_begin).member("window_end", log.window_end);
    if (log.window_end > log.window_begin && log.window_end < log.readings.size()) {
      const double late =
          lateness_between(log.readings[log.window_begin], log.readings[log.window_end], 0.999);
      json.member("tick_lateness_p999_ms", 1000 * late, 3);
    }
    json.key("readings").begin_array();
    for (const ServerFigures& figures : log.readings) append_reading(json, figures);
    json.end_array().end_object();
  }
  json.end_array();
}

void append_series(JsonWriter& json, const Report& report) {
  json.key("series").begin_object().key("columns").begin_array();
  for (const char* name : {"t", "connected", "playing", "errors", "bytes_in_per_s",
                           "bytes_out_per_s", "snapshot_off_p50_ms", "snapshot_off_p99_ms"}) {
    json.text(name);
  }
  json.end_array().key("rows").begin_array();
  for (const Point& point : report.points) {
    json.begin_array().decimal(point.t, 1).integer(point.connected).integer(point.playing);
    json.unsigned_integer(point.errors).decimal(point.bytes_in, 0).decimal(point.bytes_out, 0);
    json.decimal(point.skew_p50_ms, 2).decimal(point.skew_p99_ms, 2).end_array();
  }
  json.end_array().key("steps").begin_object();
  for (std::size_t i = 0; i < kStepCount; ++i) {
    if (report.stats.steps[i].begun == 0) continue;
    json.key_text(kStepTexts[i].name).begin_array();
    for (const Point& point : report.points) {
      const StepPoint& step = point.steps[i];
      if (step.done + step.failed == 0) continue;
      json.begin_array().decimal(point.t, 1).unsigned_integer(step.done);
      json.unsigned_integer(step.failed).decimal(step.p50_ms, 2).decimal(step.p95_ms, 2);
      json.end_array();
    }
    json.end_array();
  }
  json.end_object().end_object();
}

void append_verdicts(JsonWriter& json, const Report& report) {
  json.member("passed", passed(report)).key("verdicts").begin_array();
  for (const Verdict& verdict : verdicts(report)) {
    json.begin_object().member("what", verdict.what).member("target", verdict.target);
    json.member("found", verdict.found).member("passed", verdict.passed).end_object();
  }
  json.end_array();
}

void append_errors(JsonWriter& json, const Stats& stats) {
  json.key("errors").begin_object();
  for (const auto& [kind, error] : stats.errors) json.key_text(kind).unsigned_integer(error.count);
  json.end_object().key("error_examples").begin_object();
  for (const auto& [kind, error] : stats.errors) json.key_text(kind).text(error.example);
  json.end_object();
}

}  // namespace

std::string Report::json() const {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("schema", 1).member("begun", base::iso8601(begun_wall_ms));
  json.member("elapsed_seconds", elapsed_s, 1).member("interrupted", interrupted);
  append_verdicts(json, *this);
  append_options(json, *this);
  json.member("players", options.players).member("window_seconds", window_s, 3);
  json.member("window_begin_seconds", window_begin_s, 1);
  json.member("inputs_per_second", options.inputs, 3);
  json.member("playing_at_start", playing_at_start)
      .member("gone", gone)
      .member("player_seconds", player_seconds, 1);
  json.member("matches_started_seen", stats.matches_started)
      .member("matches_ended_seen", stats.matches_ended);
  json.member("deaths", stats.deaths).member("cuts", stats.cuts).member("retries", stats.retries);
  member(json, "connect_ms", stats.of(Step::connect).time);
  member(json, "join_ms", stats.of(Step::join).time);
  member(json, "enter_ms", stats.of(Step::enter).time);
  member(json, "snapshot_gap_ms", stats.snapshot_gap);
  member(json, "snapshot_off_by_ms", stats.snapshot_skew);
  append_steps(json, stats);
  append_traffic(json, *this);
  append_server_process(json, *this);
  json.key("client").begin_object().member("cpu_seconds", client_cpu_s, 2);
  json.member("cpu_us_per_player_second", client_us_per_player_second(), 1);
  json.member("rss", client_rss).end_object();
  append_errors(json, stats);
  append_servers(json, *this);
  append_series(json, *this);
  json.end_object();
  out += '\n';
  return out;
}

}  // namespace loadtest
