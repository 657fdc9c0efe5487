// trespasser-hostile: see kHelp. Ends with 0 when every attacker was gone within ten seconds.

#include <arpa/inet.h>
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "hostile/crowd.h"

namespace hostile {
namespace {

constexpr const char* kHelp =
    "trespasser-hostile: attackers on real connections, each from an address of its own in\n"
    "127.64.0.0/10: slow loris (head, polling body, CONNECT), flooders, readers that never read,\n"
    "garbage. Only for a server on this machine.\n"
    "  --port N       of the server on 127.0.0.1\n"
    "  --each N       attackers of each kind (100)\n"
    "  --kind KIND    only slow_loris, flooder, slow_reader or garbage\n"
    "  --ramp S       seconds over which they come (1)\n"
    "  --seconds S    so long they come again when they are thrown out (0: once)\n"
    "  --patience S   seconds until the run ends although some are still there (30)\n"
    "  --report FILE  the outcome as JSON, which standard output has as well\n";

struct CommandLine {
  Options options;
  std::string report;
};

bool number(std::string_view text, double& out) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), out);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && out >= 0 &&
         out <= 100'000;
}

bool kind(std::string_view text, std::vector<Kind>& out) {
  const auto found = std::find(kKinds.begin(), kKinds.end(), text);
  if (found == kKinds.end()) return false;
  out = {static_cast<Kind>(found - kKinds.begin())};
  return true;
}

base::Result<CommandLine> parse(std::span<const std::string_view> arguments) {
  CommandLine line;
  line.options.server.sin_family = AF_INET;
  line.options.server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const std::string name(arguments[i]);
    if (i + 1 == arguments.size()) return base::Error{"usage", name + " needs a value"};
    if (name == "--report") {
      line.report = arguments[i + 1];
      continue;
    }
    if (name == "--kind") {
      if (!kind(arguments[i + 1], line.options.kinds)) return base::Error{"usage", "unknown kind"};
      continue;
    }
    double value = 0;
    if (!number(arguments[i + 1], value)) return base::Error{"usage", name + " needs a number"};
    if (name == "--port") {
      line.options.server.sin_port = htons(static_cast<std::uint16_t>(value));
    } else if (name == "--each") {
      line.options.each = static_cast<int>(value);
    } else if (name == "--ramp") {
      line.options.ramp = value;
    } else if (name == "--seconds") {
      line.options.seconds = value;
    } else if (name == "--patience") {
      line.options.patience = value;
    } else {
      return base::Error{"usage", "unknown flag " + name};
    }
  }
  if (line.options.server.sin_port == 0) return base::Error{"usage", "--port is needed"};
  return line;
}

int run(std::span<const std::string_view> arguments) {
  if (arguments.size() == 1 && arguments[0] == "--help") {
    std::fputs(kHelp, stdout);
    return 0;
  }
  const auto line = parse(arguments);
  if (!line) {
    std::fprintf(stderr, "trespasser-hostile: %s\n", line.error().message.c_str());
    return 2;
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  const auto outcomes = Crowd(line->options).run();
  const std::string json = json_of(line->options, outcomes);
  std::fputs(json.c_str(), stdout);
  if (!line->report.empty()) {
    std::ofstream out(line->report);
    out << json;
    if (!out.flush()) {
      std::fprintf(stderr, "trespasser-hostile: cannot write %s\n", line->report.c_str());
      return 2;
    }
  }
  for (const Kind kind : line->options.kinds) {
    const Outcome& outcome = outcomes[static_cast<std::size_t>(kind)];
    const bool attacked = outcome.attacks > 0 && outcome.failed == 0;
    if (!attacked || outcome.still_there > 0 || outcome.in_time < outcome.attacks) return 1;
  }
  return 0;
}

}  // namespace
}  // namespace hostile

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  return hostile::run(arguments);
}
