#include "loadtest/target.h"

#include <netdb.h>

#include <charconv>
#include <memory>

namespace loadtest {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint32_t kFirstSource = 0x7f010001;  // 127.1.0.1
constexpr std::uint64_t kPlayersPerSource = 4;

base::Error bad(std::string_view text, std::string_view why) {
  return base::Error{"invalid", "server \"" + std::string(text) + "\": " + std::string(why)};
}

base::Result<sockaddr_in> resolve(const std::string& host, std::string_view text) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (failed != 0) return bad(text, ::gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  return *reinterpret_cast<const sockaddr_in*>(found->ai_addr);
}

}  // namespace

base::Result<Target> parse_target(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with("https://") || rest.starts_with("wss://")) {
    return bad(text, "TLS is not spoken; name the node's plain port");
  }
  for (const std::string_view scheme : {"http://", "ws://"}) {
    if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  Target target;
  target.port = kHttpPort;
  const std::size_t colon = rest.find(':');
  target.host = std::string(rest.substr(0, colon));
  if (target.host.empty() || rest.find('/') != std::string_view::npos) {
    return bad(text, "is not http://host:port");
  }
  if (colon != std::string_view::npos) {
    const std::string_view digits = rest.substr(colon + 1);
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), target.port);
    if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size() ||
        target.port == 0) {
      return bad(text, "the port is no number from 1 to 65535");
    }
  }
  const auto address = resolve(target.host, text);
  if (!address) return address.error();
  target.address = *address;
  target.address.sin_port = htons(target.port);
  return target;
}

std::uint32_t source_of(const Target& target, std::uint64_t player, int sources) {
  if (!target.loopback()) return 0;
  const std::uint64_t nth =
      sources > 0 ? player % static_cast<std::uint64_t>(sources) : player / kPlayersPerSource;
  return kFirstSource + static_cast<std::uint32_t>(nth);
}

}  // namespace loadtest
