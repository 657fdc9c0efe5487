#include "loadtest/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <variant>

namespace loadtest {
namespace {

constexpr std::array<std::string_view, 6> kProfiles = {"steady", "launch", "reconnect",
                                                       "idle",   "mix",    "accounts"};
constexpr std::array<std::string_view, 3> kEntries = {"quick", "queue", "private"};
constexpr std::array<std::string_view, 2> kEnds = {"leave", "cut"};

using Field = std::variant<int Options::*, double Options::*, std::string Options::*,
                           std::uint16_t Options::*, std::uint64_t Options::*, bool Options::*,
                           std::vector<std::string> Options::*, Profile Options::*,
                           Entry Options::*, End Options::*>;

struct Flag {
  std::string_view name;
  Field field;
  double min = 0;
  double max = 0;
  std::string_view doc = {};
};

constexpr double kDay = 86'400;
constexpr double kHour = 3'600;

const std::array kFlags = {
    Flag{"--server", &Options::servers, 0, 0,
         "http://host:port of a node or balancer; several: again, or separated by commas"},
    Flag{"--host", &Options::host, 0, 0, "address of the one server, when there is no --server"},
    Flag{"--port", &Options::port, 1, 65'535, "its port"},
    Flag{"--profile", &Options::profile, 0, 0, "steady, launch, reconnect, idle, mix or accounts"},
    Flag{"--players", &Options::players, 1, 50'000, "connections, one player each"},
    Flag{"--threads", &Options::threads, 1, 64, "threads that share the players"},
    Flag{"--ramp", &Options::ramp, 0, kHour, "seconds over which they come"},
    Flag{"--settle", &Options::settle, 0, kHour, "seconds to wait until all are in place"},
    Flag{"--duration", &Options::duration, 0.1, kDay, "seconds that are measured"},
    Flag{"--finish", &Options::finish, 0, kHour,
         "seconds after that for running matches to come to their end"},
    Flag{"--end", &Options::end, 0, 0, "leave or cut: how the players go"},
    Flag{"--entry", &Options::entry, 0, 0, "quick, queue or private: how they get a lobby"},
    Flag{"--lobby-size", &Options::lobby_size, 2, 8, "players of a private lobby"},
    Flag{"--kill-limit", &Options::kill_limit, 0, 500, "of private lobbies; 0 = the server's"},
    Flag{"--time-limit", &Options::time_limit, 0, 7'200, "seconds, of private lobbies; 0 = none"},
    Flag{"--inputs", &Options::inputs, 1, 60, "inputs a second"},
    Flag{"--shots", &Options::shots, 0, 10, "shots a second of one who sees nobody"},
    Flag{"--chat", &Options::chat, 0, kHour, "seconds between a player's lines; 0 = none"},
    Flag{"--cut-every", &Options::cut_every, 1, kHour, "reconnect: seconds between two cuts"},
    Flag{"--cut-share", &Options::cut_share, 0, 1, "reconnect: share of the connections cut"},
    Flag{"--reconnect-delay", &Options::reconnect_delay, 0, 60,
         "seconds until a lost connection is tried again, give or take a half"},
    Flag{"--tries", &Options::tries, 1, 100, "for a connection, sign-in or seat that fails"},
    Flag{"--accounts", &Options::accounts, 0, 0, "register and sign in; otherwise they are guests"},
    Flag{"--accounts-file", &Options::accounts_file, 0, 0,
         "accounts of an earlier run; new ones are added. Means --accounts"},
    Flag{"--seed", &Options::seed, 0, 1e15, "of names and behaviour; 0 = a new one each time"},
    Flag{"--sources", &Options::sources, 0, 65'000,
         "source addresses in 127.0.0.0/8, for a server on loopback; 0 = one for four players"},
    Flag{"--scrape", &Options::scrape, 0, kHour, "seconds between readings of /metrics; 0 = none"},
    Flag{"--metrics-token", &Options::metrics_token, 0, 0, "if the server wants one for /metrics"},
    Flag{"--server-pid", &Options::server_pid, 0, 4'194'304,
         "report CPU time and memory of this process"},
    Flag{"--report", &Options::report, 0, 0, "file for the JSON report, besides standard output"},
    Flag{"--html", &Options::html, 0, 0, "file for the report as a page with plots"},
    Flag{"--quiet", &Options::quiet, 0, 0, "no progress"},
};

const Flag* find_flag(std::string_view name) {
  const auto* found = std::find_if(kFlags.begin(), kFlags.end(),
                                   [&](const Flag& flag) { return flag.name == name; });
  return found == kFlags.end() ? nullptr : found;
}

base::Error bad(const Flag& flag, std::string_view text, const std::string& why) {
  return base::Error{"invalid",
                     std::string(flag.name) + ": \"" + std::string(text) + "\" is " + why};
}

template <class Enum, std::size_t N>
base::Result<void> choose(Enum& out, const std::array<std::string_view, N>& names, const Flag& flag,
                          std::string_view text) {
  const auto* found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) {
    out = static_cast<Enum>(found - names.begin());
    return {};
  }
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  return bad(flag, text, "none of " + list);
}

template <class Number>
base::Result<void> number(Number& out, const Flag& flag, std::string_view text) {
  Number value{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto as_double = static_cast<double>(value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
      !(as_double >= flag.min && as_double <= flag.max)) {
    return bad(flag, text, "no number in its range");
  }
  out = value;
  return {};
}

// One value of a flag into its field.
struct Setter {
  Options& options;
  const Flag& flag;
  std::string_view text;

  template <class Number>
  base::Result<void> operator()(Number Options::* field) const {
    return number(options.*field, flag, text);
  }
  base::Result<void> operator()(bool Options::* field) const {
    options.*field = true;
    return {};
  }
  base::Result<void> operator()(std::string Options::* field) const {
    options.*field = std::string(text);
    return {};
  }
  base::Result<void> operator()(std::vector<std::string> Options::* field) const {
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      (options.*field).emplace_back(rest.substr(0, comma));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return {};
  }
  base::Result<void> operator()(Profile Options::* field) const {
    return choose(options.*field, kProfiles, flag, text);
  }
  base::Result<void> operator()(Entry Options::* field) const {
    return choose(options.*field, kEntries, flag, text);
  }
  base::Result<void> operator()(End Options::* field) const {
    return choose(options.*field, kEnds, flag, text);
  }
};

base::Result<void> find_targets(Options& options) {
  std::vector<std::string> servers = options.servers;
  if (servers.empty()) servers.push_back(options.host + ":" + std::to_string(options.port));
  for (const std::string& server : servers) {
    auto target = parse_target(server);
    if (!target) return target.error();
    if (options.sources > 0 && !target->loopback()) {
      return base::Error{"invalid", "--sources: " + target->authority() +
                                        " is not on loopback, its players have this machine's "
                                        "address"};
    }
    options.targets.push_back(std::move(target).value());
  }
  return {};
}

base::Result<void> complete(Options& options) {
  if (!options.accounts_file.empty() || options.profile == Profile::accounts) {
    options.accounts = true;
  }
  if (options.profile == Profile::accounts && options.accounts_file.empty()) {
    return base::Error{"invalid", "--profile accounts needs --accounts-file"};
  }
  if (options.entry != Entry::private_ && (options.kill_limit > 0 || options.time_limit > 0)) {
    return base::Error{"invalid",
                       "--kill-limit and --time-limit are of private lobbies: --entry private"};
  }
  if (options.profile == Profile::launch) options.ramp = 0;
  // A group stays on one thread; more threads than groups would have nothing to do.
  const int groups = (options.players + options.lobby_size - 1) / options.lobby_size;
  options.threads = std::min(options.threads, groups);
  return find_targets(options);
}

// The default of a flag's field, in the words of --help; "" for texts and switches.
struct DefaultText {
  template <class Number>
  std::string operator()(Number Options::* field) const {
    std::array<char, 32> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), Options{}.*field);
    return {text.data(), end.ptr};
  }
  std::string operator()(std::string Options::* field) const { return Options{}.*field; }
  std::string operator()(bool Options::*) const { return {}; }
  std::string operator()(std::vector<std::string> Options::*) const { return {}; }
  std::string operator()(Profile Options::* field) const { return named(kProfiles, field); }
  std::string operator()(Entry Options::* field) const { return named(kEntries, field); }
  std::string operator()(End Options::* field) const { return named(kEnds, field); }

  template <class Names, class Enum>
  static std::string named(const Names& names, Enum Options::* field) {
    return std::string(names[static_cast<std::size_t>(Options{}.*field)]);
  }
};

}  // namespace

std::string_view name_of(Profile profile) { return kProfiles[static_cast<std::size_t>(profile)]; }

std::string_view name_of(Entry entry) { return kEntries[static_cast<std::size_t>(entry)]; }

base::Result<Options> parse_options(std::span<const std::string_view> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::size_t equals = arguments[i].find('=');
    const std::string_view name = arguments[i].substr(0, equals);
    const Flag* flag = find_flag(name);
    if (flag == nullptr) {
      return base::Error{"invalid", "unknown flag " + std::string(name) + ", see --help"};
    }
    const bool is_switch = std::holds_alternative<bool Options::*>(flag->field);
    if (is_switch && equals != std::string_view::npos) {
      return base::Error{"invalid", std::string(name) + " takes no value"};
    }
    if (!is_switch && equals == std::string_view::npos && i + 1 == arguments.size()) {
      return base::Error{"invalid", std::string(name) + " needs a value"};
    }
    std::string_view value;
    if (equals != std::string_view::npos) {
      value = arguments[i].substr(equals + 1);
    } else if (!is_switch) {
      value = arguments[++i];
    }
    if (const auto done = std::visit(Setter{options, *flag, value}, flag->field); !done) {
      return done.error();
    }
  }
  if (const auto done = complete(options); !done) return done.error();
  return options;
}

std::string options_help() {
  std::string out =
      "trespasser-loadtest: players on real connections, and what they saw.\n"
      "Writes a report as JSON to standard output and progress to standard error. Ends with 0 "
      "when\n"
      "no player met an error, 1 when one did or a target was missed, 2 when it could not run.\n"
      "Ctrl-C ends the run early, with its report; a second one at once.\n\n";
  for (const Flag& flag : kFlags) {
    std::string line = "  " + std::string(flag.name);
    line.resize(std::max<std::size_t>(line.size() + 1, 22), ' ');
    const std::string value = std::visit(DefaultText{}, flag.field);
    out += line + std::string(flag.doc) + (value.empty() ? "" : " [" + value + "]") + "\n";
  }
  return out;
}

}  // namespace loadtest
