#include "loadtest/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>

namespace loadtest {
namespace {

constexpr double kOnTerminal = 0.5;  // s
constexpr double kElsewhere = 5;

// A longer line would wrap, and the next one could not take its place.
std::size_t terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return known ? size.ws_col - 1u : std::string::npos;
}

void append_time(std::string& out, const char* name, const StepFigures& step) {
  if (step.begun == 0) return;
  std::array<char, 96> text;
  std::snprintf(text.data(), text.size(), "  %s %llu %.1f/%.1f ms", name,
                static_cast<unsigned long long>(step.done),
                static_cast<double>(step.time.quantile(0.5)) / 1000,
                static_cast<double>(step.time.quantile(0.95)) / 1000);
  out += text.data();
}

}  // namespace

Progress::Progress(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {
  if (quiet) next_ = std::numeric_limits<double>::infinity();
}

Progress::~Progress() {
  if (dirty_) std::fputc('\n', stderr);
}

void Progress::show(double seconds, const std::string& line) {
  if (quiet_) return;
  next_ = seconds + (terminal_ ? kOnTerminal : kElsewhere);
  dirty_ = terminal_;
  if (terminal_) {
    std::fprintf(stderr, "\r%s\x1b[K", line.substr(0, terminal_width()).c_str());
  } else {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
  std::fflush(stderr);
}

std::string progress_line(const char* stage, double seconds, int connected, int playing,
                          int gave_up, const Stats& stats) {
  std::array<char, 160> text;
  std::snprintf(text.data(), text.size(), "%-8s %6.1f s  connected %d  playing %d", stage, seconds,
                connected, playing);
  std::string out = text.data();
  for (const auto& [name, step] :
       {std::pair{"register", Step::register_}, std::pair{"login", Step::login},
        std::pair{"join", Step::join}, std::pair{"back", Step::reconnect}}) {
    append_time(out, name, stats.of(step));
  }
  const StepFigures& match = stats.of(Step::match);
  out += "  matches " + std::to_string(match.done) + "/" + std::to_string(match.begun);
  if (stats.snapshot_skew.count() > 0) {
    std::snprintf(text.data(), text.size(), "  snapshots off %.1f/%.1f ms",
                  static_cast<double>(stats.snapshot_skew.quantile(0.5)) / 1000,
                  static_cast<double>(stats.snapshot_skew.quantile(0.95)) / 1000);
    out += text.data();
  }
  out += "  errors " + std::to_string(stats.error_count());
  if (stats.retries > 0) out += "  tries again " + std::to_string(stats.retries);
  if (gave_up > 0) out += "  gave up " + std::to_string(gave_up);
  return out;
}

}  // namespace loadtest
