#include "api/health.h"

#include <algorithm>

#include "base/clock.h"
#include "base/json_writer.h"

namespace api {
namespace {

constexpr std::int64_t kTickLateMs = 250;  // O1
constexpr double kErrorRate = 0.05;        // O1
constexpr std::int64_t kDatabaseSilenceMs = 15'000;
constexpr int kAskDatabaseEverySeconds = 5;
constexpr std::int64_t kRedisPatienceMs = 3'000;  // a link that broke is made again within

double in_ms(std::uint64_t ns) { return static_cast<double>(ns) / 1e6; }

double in_seconds(std::int64_t ms) { return static_cast<double>(ms) / 1000.0; }

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
      disk_(sources_.data_dir.empty() ? nullptr : std::make_unique<DiskWatch>(sources_.data_dir)),
      started_ms_(base::steady_ms()),
      pulse_(std::make_shared<DatabasePulse>()),
      redis_seen_ms_(base::steady_ms()),
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
  if (sources_.redis_connected && sources_.redis_connected()) redis_seen_ms_ = base::steady_ms();
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

void Health::judge_database(Findings& findings) const {
  const bool answered = pulse_->answered_ms != 0;
  const std::int64_t silence = base::steady_ms() - pulse_->answered_ms;
  if (answered) findings.database_silence_ms = silence;
  const std::int64_t waited = answered ? silence : findings.uptime_ms;
  findings.database_ok = waited < kDatabaseSilenceMs && (pulse_->ok || !answered);
}

bool Health::redis_ok() const {
  return !sources_.redis_connected || sources_.redis_connected() ||
         base::steady_ms() - redis_seen_ms_ < kRedisPatienceMs;
}

Findings Health::findings() const {
  Findings findings;
  findings.process = process_figures();
  const std::lock_guard lock(mutex_);
  findings.uptime_ms = base::steady_ms() - started_ms_;
  findings.memory_usage = static_cast<double>(findings.process.resident_bytes) /
                          static_cast<double>(sources_.memory_limit);
  findings.error_rate = error_rate();
  findings.late_ms = std::max<std::int64_t>(worst_silence_ms() - lobby::kBeat.count(), 0);
  if (disk_) findings.disk = disk_->state();
  findings.redis_configured = static_cast<bool>(sources_.redis_connected);
  findings.memory_ok = findings.memory_usage < 1.0;
  findings.errors_ok = findings.error_rate < kErrorRate;
  findings.tick_ok = findings.late_ms <= kTickLateMs;
  judge_database(findings);
  findings.redis_ok = redis_ok();
  findings.disk_ok = findings.disk.ok;
  findings.descriptors_ok = !nearly_out_of_descriptors(findings.process);
  return findings;
}

namespace {

void write_checks(base::JsonWriter& json, const Findings& found, const TickWatch& ticks) {
  json.key("memory").begin_object();
  json.member("status", word_for(found.memory_ok)).member("usage", found.memory_usage, 4);
  json.end_object().key("uptime").begin_object();
  json.member("status", word_for(true)).member("seconds", found.uptime_ms / 1000);
  json.end_object().key("database").begin_object();
  json.member("status", word_for(found.database_ok));
  json.member("answeredMsAgo", found.database_silence_ms);
  json.end_object().key("redis").begin_object();
  json.member("status", word_for(found.redis_ok)).member("configured", found.redis_configured);
  json.end_object().key("errorRate").begin_object();
  json.member("status", word_for(found.errors_ok)).member("rate", found.error_rate, 4);
  json.end_object().key("disk").begin_object();
  json.member("status", word_for(found.disk_ok)).member("freeBytes", found.disk.free_bytes);
  json.end_object().key("descriptors").begin_object();
  json.member("status", word_for(found.descriptors_ok));
  json.member("open", found.process.open_descriptors);
  json.member("most", found.process.most_descriptors);
  json.end_object().key("tick").begin_object();
  json.member("status", word_for(found.tick_ok)).member("lateMs", found.late_ms);
  write_last_minute(json, ticks);
  json.end_object();
}

}  // namespace

HealthReport Health::report() const {
  const Findings found = findings();
  const lobby::DirectoryCounts counts = sources_.directory->counts();
  HealthReport report;
  report.healthy = found.healthy();
  base::JsonWriter json(report.body);
  json.begin_object();
  json.member("status", word_for(report.healthy));
  json.member("timestamp", base::iso8601(base::wall_ms()));
  json.member("uptime", in_seconds(found.uptime_ms), 3);
  json.key("memory").begin_object();
  json.member("used", found.process.resident_bytes).member("total", sources_.memory_limit);
  json.member("usage", found.memory_usage, 4).end_object();
  json.member("connections", sources_.connections());
  json.member("lobbies", counts.lobbies);
  json.member("players", counts.players);
  json.member("lobbyManager", "ready");
  json.key("checks").begin_object();
  {
    const std::lock_guard lock(mutex_);
    write_checks(json, found, ticks_);
  }
  json.end_object().end_object();
  return report;
}

}  // namespace api
