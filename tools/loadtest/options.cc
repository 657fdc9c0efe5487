#include "loadtest/options.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <variant>

namespace loadtest {
namespace {

struct Flag {
  std::string_view name;
  std::variant<int Options::*, double Options::*, std::string Options::*, std::uint16_t Options::*,
               bool Options::*>
      field;
  double min = 0;
  double max = 0;
  std::string_view doc = {};
};

const std::array kFlags = {
    Flag{"--host", &Options::host, 0, 0, "IPv4 address of the server"},
    Flag{"--port", &Options::port, 1, 65'535, "its port"},
    Flag{"--players", &Options::players, 1, 50'000, "connections, one player each"},
    Flag{"--threads", &Options::threads, 1, 64, "threads that share the players"},
    Flag{"--ramp", &Options::ramp, 0, 3'600, "seconds over which they connect"},
    Flag{"--settle", &Options::settle, 0, 3'600, "seconds to wait until all play"},
    Flag{"--duration", &Options::duration, 0.1, 86'400, "seconds that are measured"},
    Flag{"--inputs", &Options::inputs, 1, 60, "inputs a second"},
    Flag{"--shots", &Options::shots, 0, 10, "shots a second"},
    Flag{"--server-pid", &Options::server_pid, 0, 4'194'304,
         "report CPU time and memory of this process"},
    Flag{"--report", &Options::report, 0, 0, "file for the JSON report"},
    Flag{"--quiet", &Options::quiet, 0, 0, "no progress lines"},
};

const Flag* find_flag(std::string_view name) {
  for (const Flag& flag : kFlags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

base::Result<void> set(Options& options, const Flag& flag, std::string_view text) {
  if (const auto* field = std::get_if<std::string Options::*>(&flag.field)) {
    options.*(*field) = std::string(text);
    return {};
  }
  double number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
      !(number >= flag.min && number <= flag.max)) {
    return base::Error{"invalid", std::string(flag.name) + ": \"" + std::string(text) +
                                      "\" is no number in its range"};
  }
  if (const auto* field = std::get_if<double Options::*>(&flag.field)) options.*(*field) = number;
  if (const auto* field = std::get_if<int Options::*>(&flag.field))
    options.*(*field) = static_cast<int>(number);
  if (const auto* field = std::get_if<std::uint16_t Options::*>(&flag.field)) {
    options.*(*field) = static_cast<std::uint16_t>(number);
  }
  return {};
}

}  // namespace

sockaddr_in Options::address() const {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

base::Result<Options> parse_options(std::span<const std::string_view> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::size_t equals = arguments[i].find('=');
    const std::string_view name = arguments[i].substr(0, equals);
    const Flag* flag = find_flag(name);
    if (flag == nullptr) return base::Error{"invalid", "unknown flag " + std::string(name)};
    if (const auto* field = std::get_if<bool Options::*>(&flag->field)) {
      options.*(*field) = true;
      continue;
    }
    if (equals == std::string_view::npos && i + 1 == arguments.size()) {
      return base::Error{"invalid", std::string(name) + " needs a value"};
    }
    const std::string_view value =
        equals == std::string_view::npos ? arguments[++i] : arguments[i].substr(equals + 1);
    if (const auto done = set(options, *flag, value); !done) return done.error();
  }
  in_addr parsed{};
  if (::inet_pton(AF_INET, options.host.c_str(), &parsed) != 1) {
    return base::Error{"invalid", "--host: \"" + options.host + "\" is no IPv4 address"};
  }
  return options;
}

std::string options_help() {
  std::string out = "trespasser-loadtest: players on real connections, and what they saw\n";
  for (const Flag& flag : kFlags)
    out += "  " + std::string(flag.name) + "  " + std::string(flag.doc) + "\n";
  return out;
}

}  // namespace loadtest
