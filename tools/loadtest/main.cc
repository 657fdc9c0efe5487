// trespasser-loadtest: see options_help(), docs/operations/loadtest.md.

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "base/random.h"
#include "loadtest/page.h"
#include "loadtest/report.h"
#include "loadtest/run.h"
#include "loadtest/verdict.h"

namespace loadtest {
namespace {

constexpr int kMissed = 1;
constexpr int kCannotRun = 2;

volatile std::sig_atomic_t stop_asked = 0;

// The first signal lets the players leave and the report be written, the second ends at once.
void on_signal(int signal) {
  if (stop_asked != 0) ::_exit(128 + signal);
  stop_asked = 1;
}

void watch_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

// Each player is a descriptor.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int complain(const std::string& why) {
  std::fprintf(stderr, "trespasser-loadtest: %s\n", why.c_str());
  return kCannotRun;
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  return static_cast<bool>(out.flush());
}

// Before the run: whoever waits an hour for a report wants it to be kept.
base::Result<void> check_writable(const std::string& path) {
  if (path.empty()) return {};
  const std::ofstream out(path, std::ios::app);
  if (!out) return base::Error{"unavailable", "cannot write " + path};
  return {};
}

int run(const Options& options) {
  for (const std::string& path : {options.report, options.html}) {
    if (const auto writable = check_writable(path); !writable) {
      return complain(writable.error().message);
    }
  }
  constexpr std::uint64_t kExact = 1'000'000'000'000;  // JSON's readers are exact up to here
  const std::uint64_t seed = options.seed != 0 ? options.seed : 1 + base::secure_u64() % kExact;
  std::vector<Account> accounts;
  if (options.accounts) {
    auto read = read_accounts(options.accounts_file, options.players, std::to_string(seed));
    if (!read) return complain(read.error().message);
    accounts = std::move(read).value();
  }
  watch_signals();
  Run run(options, std::move(accounts), seed, stop_asked);
  const Report report = run.go();
  if (!options.accounts_file.empty()) {
    const auto kept = write_accounts(options.accounts_file, run.accounts());
    if (!kept) return complain(kept.error().message);
  }
  const std::string json = report.json();
  std::fputs(json.c_str(), stdout);
  if (!options.report.empty() && !write_file(options.report, json)) {
    return complain("cannot write " + options.report);
  }
  if (!options.html.empty() && !write_file(options.html, page(report))) {
    return complain("cannot write " + options.html);
  }
  return passed(report) ? 0 : kMissed;
}

int run(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  if (arguments.size() == 1 && arguments[0] == "--help") {
    std::fputs(options_help().c_str(), stdout);
    return 0;
  }
  const auto options = parse_options(arguments);
  if (!options) return complain(options.error().message);
  raise_descriptor_limit();
  return run(*options);
}

}  // namespace
}  // namespace loadtest

int main(int argc, char** argv) { return loadtest::run(argc, argv); }
