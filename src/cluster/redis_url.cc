#include "cluster/redis_url.h"

#include <charconv>
#include <optional>

namespace cluster {
namespace {

base::Error wrong(const char* what) {
  return {"invalid",
          std::string("REDIS_URL: ") + what + "; it looks like redis://user:password@host:6379/0"};
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<std::string> unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    unsigned code = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const auto [end, error] = std::from_chars(&text[i + 1], &text[i + 1] + 2, code, 16);
    if (error != std::errc() || end != &text[i + 1] + 2) return std::nullopt;
    plain += static_cast<char>(code);
    i += 2;
  }
  return plain;
}

}  // namespace

base::Result<RedisAddress> parse_redis_url(std::string_view url) {
  RedisAddress address;
  if (url.starts_with("rediss://")) {
    address.tls = true;
    url.remove_prefix(9);
  } else if (url.starts_with("redis://")) {
    url.remove_prefix(8);
  } else {
    return wrong("no redis:// or rediss:// at its start");
  }
  if (const auto slash = url.find('/'); slash != std::string_view::npos) {
    const std::string_view database = url.substr(slash + 1);
    if (!database.empty() && !read_number(database, address.database))
      return wrong("the database is no number");
    url = url.substr(0, slash);
  }
  if (const auto at = url.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = url.substr(0, at);
    const auto colon = who.find(':');
    const auto user = unescape(who.substr(0, colon));
    const auto password =
        unescape(colon == std::string_view::npos ? std::string_view() : who.substr(colon + 1));
    if (!user || !password) return wrong("a % is not followed by two hexadecimal digits");
    address.user = *user;
    address.password = *password;
    url = url.substr(at + 1);
  }
  const auto bracket = url.starts_with('[') ? url.find(']') : 0;
  if (bracket == std::string_view::npos) return wrong("a bracket is not closed");
  if (const auto colon = url.find(':', bracket); colon != std::string_view::npos) {
    if (!read_number(url.substr(colon + 1), address.port) || address.port == 0)
      return wrong("the port is no number of 1 to 65535");
    url = url.substr(0, colon);
  }
  if (bracket != 0) url = url.substr(1, url.size() - 2);
  if (url.empty()) return wrong("no host");
  address.host = url;
  return address;
}

}  // namespace cluster
