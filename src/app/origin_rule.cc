#include "app/origin_rule.h"

#include <algorithm>

namespace app {
namespace {

// The host of "scheme://host" or "scheme://host:port", "" when it is no origin.
std::string_view host_of(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view rest = origin.substr(scheme + 3);
  const std::size_t end = rest.starts_with('[') ? rest.find(']') + 1 : rest.find(':');
  const std::string_view host = rest.substr(0, end);
  const std::string_view port = rest.substr(host.size());
  const bool good = port.empty() || (port.size() > 1 && port.front() == ':' &&
                                     std::all_of(port.begin() + 1, port.end(),
                                                 [](char c) { return c >= '0' && c <= '9'; }));
  return good ? host : std::string_view{};
}

}  // namespace

bool OriginRule::operator()(std::string_view origin) const {
  const auto listed = [this](std::string_view text) {
    return std::find(allowed_.begin(), allowed_.end(), text) != allowed_.end();
  };
  if (listed(origin) || listed("*")) return true;
  if (!local_) return false;
  const std::string_view host = host_of(origin);
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace app
