#include "api/health.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/clock.h"
#include "base/json_writer.h"

namespace api {
namespace {

constexpr std::int64_t kTickLateMs = 250;  // O1
constexpr double kErrorRate = 0.05;        // O1
constexpr std::int64_t kDatabaseSilenceMs = 15'000;
constexpr int kAskDatabaseEverySeconds = 5;

std::uint64_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  unsigned long long pages = 0;
  unsigned long long resident = 0;
  const int fields = std::fscanf(file, "%llu %llu", &pages, &resident);
  std::fclose(file);
  return fields == 2 ? resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

double in_ms(std::uint64_t ns) { return static_cast<double>(ns) / 1e6; }

std::string_view word_for(bool ok) { return ok ? "healthy" : "unhealthy"; }

void write_last_minute(base::JsonWriter& json, const TickWatch& ticks) {
  const lobby::LatenessSummary summary = ticks.last_minute();
  json.key("lastMinute").begin_object();
  json.member("ticks", summary.count);
  json.member("lateP50Ms", in_ms(summary.p50_ns), 3);
  json.member("lateP99Ms", in_ms(summary.p99_ns), 3);
  json.member("lateMaxMs", in_ms(summary.max_ns), 3);
  json.end_object();
}

}  // namespace

Health::Health(HealthSources sources)
    : sources_(std::move(sources)),
      started_ms_(base::steady_ms()),
      pulse_(std::make_shared<DatabasePulse>()),
      thread_([this] { loop(); }) {}

Health::~Health() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Health::loop() {
  std::unique_lock lock(mutex_);
  for (int second = 0; !stop_; ++second) {
    sample();
    if (second % kAskDatabaseEverySeconds == 0) ask_database();
    wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stop_; });
  }
}

void Health::sample() {
  samples_[taken_ % samples_.size()] = {sources_.requests(), sources_.errors()};
  ++taken_;
  lobby::Lateness::Counts lateness{};
  for (const lobby::TickGauge* gauge : sources_.gauges) gauge->lateness->add_to(lateness);
  ticks_.sample(lateness);
}

// The answer comes when it comes; how long ago the last good one was is what counts.
void Health::ask_database() {
  if (sources_.store == nullptr) return;
  if (pulse_->asked_ms > pulse_->answered_ms) return;  // still waiting: do not pile up questions
  pulse_->asked_ms = base::steady_ms();
  sources_.store->run<bool>(
      [](store::Connection& db) -> base::Result<bool> {
        const auto rows = db.query("SELECT 1");
        if (!rows) return rows.error();
        return true;
      },
      [](std::function<void()> fn) { fn(); },
      [pulse = pulse_](base::Result<bool> answer) {
        pulse->ok = answer.ok();
        pulse->answered_ms = std::max(base::steady_ms(), pulse->asked_ms + 1);
      });
}

double Health::error_rate() const {
  if (taken_ == 0) return 0.0;
  const Sample& newest = samples_[(taken_ - 1) % samples_.size()];
  const Sample& oldest =
      taken_ <= samples_.size() ? samples_[0] : samples_[taken_ % samples_.size()];
  const std::uint64_t requests = newest.requests - oldest.requests;
  if (requests == 0) return 0.0;
  return static_cast<double>(newest.errors - oldest.errors) / static_cast<double>(requests);
}

std::int64_t Health::worst_silence_ms() const {
  std::int64_t worst = 0;
  for (const lobby::TickGauge* gauge : sources_.gauges)
    worst = std::max(worst, base::steady_ms() - gauge->beat_ms);
  return worst;
}

HealthReport Health::report() const {
  const std::lock_guard lock(mutex_);
  const std::int64_t uptime_ms = base::steady_ms() - started_ms_;
  const std::uint64_t used = resident_bytes();
  const double usage = static_cast<double>(used) / static_cast<double>(sources_.memory_limit);
  const double errors = error_rate();
  const std::int64_t late = worst_silence_ms() - lobby::kBeat.count();
  const std::int64_t silence = base::steady_ms() - pulse_->answered_ms;
  const bool database_fresh =
      pulse_->answered_ms != 0 ? silence < kDatabaseSilenceMs : uptime_ms < kDatabaseSilenceMs;
  const bool memory_ok = usage < 1.0;
  const bool errors_ok = errors < kErrorRate;
  const bool tick_ok = late <= kTickLateMs;
  const bool database_ok = database_fresh && (pulse_->ok || pulse_->answered_ms == 0);

  HealthReport report;
  report.healthy = memory_ok && errors_ok && tick_ok && database_ok;
  const lobby::DirectoryCounts counts = sources_.directory->counts();
  base::JsonWriter json(report.body);
  json.begin_object();
  json.member("status", word_for(report.healthy));
  json.member("timestamp", base::iso8601(base::wall_ms()));
  json.member("uptime", static_cast<double>(uptime_ms) / 1000.0, 3);
  json.key("memory").begin_object();
  json.member("used", used).member("total", sources_.memory_limit).member("usage", usage, 4);
  json.end_object();
  json.member("connections", sources_.connections());
  json.member("lobbies", counts.lobbies);
  json.member("players", counts.players);
  json.member("lobbyManager", "ready");
  json.key("checks").begin_object();
  json.key("memory").begin_object();
  json.member("status", word_for(memory_ok)).member("usage", usage, 4).end_object();
  json.key("uptime").begin_object();
  json.member("status", word_for(true)).member("seconds", uptime_ms / 1000).end_object();
  json.key("database").begin_object();
  json.member("status", word_for(database_ok));
  json.member("answeredMsAgo", pulse_->answered_ms == 0 ? -1 : silence).end_object();
  json.key("redis").begin_object();
  json.member("status", word_for(true)).member("configured", false).end_object();
  json.key("errorRate").begin_object();
  json.member("status", word_for(errors_ok)).member("rate", errors, 4).end_object();
  json.key("tick").begin_object();
  json.member("status", word_for(tick_ok));
  json.member("lateMs", std::max<std::int64_t>(late, 0));
  write_last_minute(json, ticks_);
  json.end_object();
  json.end_object();
  json.end_object();
  return report;
}

}  // namespace api
