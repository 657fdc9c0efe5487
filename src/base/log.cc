#include "base/log.h"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <vector>

#include "base/clock.h"

namespace base::log {
namespace {

// The one logger of the process. `level` is read on every call; `logger` is set while no other
// thread logs.
struct Sink {
  std::shared_ptr<spdlog::async_logger> logger;
  std::shared_ptr<spdlog::details::thread_pool> writer;
  std::string prefix;
};
Sink& sink() {
  static Sink instance;
  return instance;
}
constexpr int kOff = static_cast<int>(Level::error) + 1;
std::atomic<int> lowest_level{kOff};

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::vector<spdlog::sink_ptr> open_sinks(const Options& options) {
  std::vector<spdlog::sink_ptr> sinks;
  if (options.console) sinks.push_back(std::make_shared<spdlog::sinks::stdout_sink_mt>());
  sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
      (options.dir / "combined.log").string(), options.file_bytes, options.files));
  sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
      (options.dir / "error.log").string(), options.file_bytes, options.files));
  sinks.back()->set_level(spdlog::level::err);
  return sinks;
}

}  // namespace

Result<void> start(const Options& options) {
  stop();
  std::error_code failed;
  std::filesystem::create_directories(options.dir, failed);
  if (failed)
    return Error{"unavailable", "log folder " + options.dir.string() + ": " + failed.message()};
  try {
    const auto sinks = open_sinks(options);
    Sink& target = sink();
    target.writer = std::make_shared<spdlog::details::thread_pool>(options.queue_lines, 1);
    target.logger = std::make_shared<spdlog::async_logger>(
        "trespasser", sinks.begin(), sinks.end(), target.writer,
        spdlog::async_overflow_policy::overrun_oldest);
    target.logger->set_pattern("%v");
    target.logger->set_level(spdlog::level::trace);
    target.logger->flush_on(spdlog::level::err);
    target.prefix = ",\"service\":\"trespasser\",\"node\":";
    Value(options.node).append_json(target.prefix);
    spdlog::register_logger(target.logger);
    spdlog::flush_every(std::chrono::seconds(1));
  } catch (const spdlog::spdlog_ex& error) {
    stop();
    return Error{"unavailable", std::string("log files: ") + error.what()};
  }
  lowest_level.store(static_cast<int>(options.level), std::memory_order_release);
  return {};
}

void stop() {
  lowest_level.store(kOff, std::memory_order_release);
  spdlog::shutdown();
  Sink& target = sink();
  target.writer.reset();  // waits for the writer to finish the queue; only then may the files go
  target.logger.reset();
}

void write(Level level, std::string_view event, Fields fields) {
  if (static_cast<int>(level) < lowest_level.load(std::memory_order_acquire)) return;
  thread_local std::string line;
  line.clear();
  append_line(line, wall_ms(), level, sink().prefix, event, fields);
  sink().logger->log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

std::uint64_t dropped() { return sink().writer ? sink().writer->overrun_counter() : 0; }

}  // namespace base::log
