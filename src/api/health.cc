#include "api/health.h"

#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>

#include "base/clock.h"

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

boost::json::object check(bool ok, boost::json::object details) {
  details["status"] = ok ? "healthy" : "unhealthy";
  return details;
}

double in_ms(std::uint64_t ns) { return static_cast<double>(ns) / 1e6; }

boost::json::object last_minute(const TickWatch& ticks) {
  const lobby::LatenessSummary summary = ticks.last_minute();
  return {{"ticks", summary.count},
          {"lateP50Ms", in_ms(summary.p50_ns)},
          {"lateP99Ms", in_ms(summary.p99_ns)},
          {"lateMaxMs", in_ms(summary.max_ns)}};
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
  boost::json::object body;
  body["status"] = report.healthy ? "healthy" : "unhealthy";
  body["timestamp"] = base::iso8601(base::wall_ms());
  body["uptime"] = static_cast<double>(uptime_ms) / 1000.0;
  body["memory"] = {{"used", used}, {"total", sources_.memory_limit}, {"usage", usage}};
  body["connections"] = sources_.connections();
  body["lobbies"] = counts.lobbies;
  body["players"] = counts.players;
  body["lobbyManager"] = "ready";
  boost::json::object& checks = body["checks"].emplace_object();
  checks["memory"] = check(memory_ok, {{"usage", usage}});
  checks["uptime"] = check(true, {{"seconds", uptime_ms / 1000}});
  checks["database"] =
      check(database_ok, {{"answeredMsAgo", pulse_->answered_ms == 0 ? -1 : silence}});
  checks["redis"] = check(true, {{"configured", false}});
  checks["errorRate"] = check(errors_ok, {{"rate", errors}});
  checks["tick"] = check(
      tick_ok, {{"lateMs", std::max<std::int64_t>(late, 0)}, {"lastMinute", last_minute(ticks_)}});
  report.body = boost::json::serialize(body);
  return report;
}

}  // namespace api
