#include "loadtest/server_figures.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "loadtest/http.h"

namespace loadtest {
namespace {

constexpr timeval kPatience = {2, 0};
constexpr std::size_t kLongest = 4 * 1024 * 1024;
constexpr std::string_view kLateness = "tick_lateness_seconds_bucket{le=\"";

struct Name {
  std::string_view name;
  double ServerFigures::* field;
};
constexpr std::array kNames = {
    Name{"process_cpu_seconds_total", &ServerFigures::cpu_seconds},
    Name{"memory_usage_bytes", &ServerFigures::memory_bytes},
    Name{"active_lobbies", &ServerFigures::lobbies},
    Name{"active_players", &ServerFigures::players},
    Name{"ticks_total", &ServerFigures::ticks},
    Name{"ticks_dropped_total", &ServerFigures::ticks_dropped},
    Name{"matches_started_total", &ServerFigures::matches_started},
    Name{"matches_completed_total", &ServerFigures::matches_completed},
    Name{"matches_aborted_total", &ServerFigures::matches_aborted},
    Name{"registrations_total", &ServerFigures::registrations},
    Name{"logins_total{result=\"succeeded\"}", &ServerFigures::logins},
    Name{"connections_recovered_total", &ServerFigures::recovered},
    Name{"snapshots_skipped_total", &ServerFigures::snapshots_skipped},
};

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc()) return std::nullopt;
  return value;
}

bool take_line(std::string_view line, ServerFigures& out) {
  const std::size_t blank = line.rfind(' ');
  if (line.starts_with('#') || blank == std::string_view::npos) return false;
  const auto value = number(line.substr(blank + 1));
  if (!value) return false;
  const std::string_view name = line.substr(0, blank);
  if (name.starts_with(kLateness)) {
    if (const auto edge = number(name.substr(kLateness.size()));
        edge && name.find("Inf") == std::string_view::npos) {
      out.lateness.emplace_back(*edge, *value);
    }
    return true;
  }
  for (const Name& known : kNames) {
    if (known.name != name) continue;
    out.*known.field = *value;
    return true;
  }
  return false;
}

base::Error unavailable(const char* what) {
  return base::Error{"unavailable", std::string(what) + ": " + std::strerror(errno)};
}

// Closes a descriptor.
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

std::optional<ServerFigures> parse_figures(std::string_view text) {
  ServerFigures figures;
  bool any = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    any |= take_line(text.substr(0, end), figures);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!any) return std::nullopt;
  return figures;
}

double lateness_between(const ServerFigures& begin, const ServerFigures& end, double share) {
  const auto count = [&](std::size_t i) {
    const double before = i < begin.lateness.size() ? begin.lateness[i].second : 0;
    return end.lateness[i].second - before;
  };
  if (end.lateness.empty()) return 0;
  const double all = count(end.lateness.size() - 1);
  for (std::size_t i = 0; all > 0 && i < end.lateness.size(); ++i) {
    if (count(i) >= share * all) return end.lateness[i].first;
  }
  return 0;
}

base::Result<ServerFigures> read_figures(const Target& target, const std::string& token) {
  const Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (socket.fd < 0) return unavailable("socket");
  ::setsockopt(socket.fd, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  ::setsockopt(socket.fd, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  if (::connect(socket.fd, reinterpret_cast<const sockaddr*>(&target.address),
                sizeof target.address) != 0) {
    return unavailable("connect");
  }
  const std::string request = get_request(target.authority(), "/metrics", token);
  if (::send(socket.fd, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return unavailable("send");
  }
  std::string text;
  std::array<char, 65536> piece;
  for (;;) {
    const auto response = parse_response(text);
    if (!response) return response.error();
    if (*response) {
      if ((*response)->status != 200) {
        return base::Error{"unavailable",
                           "/metrics answered " + std::to_string((*response)->status)};
      }
      auto figures = parse_figures((*response)->body);
      if (!figures) return base::Error{"invalid", "/metrics has none of the figures"};
      return *std::move(figures);
    }
    const ssize_t got = ::recv(socket.fd, piece.data(), piece.size(), 0);
    if (got < 0) return unavailable("recv");
    if (got == 0 || text.size() > kLongest) {
      return base::Error{"invalid", "/metrics: the answer has no end"};
    }
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace loadtest
