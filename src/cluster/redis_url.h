#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace cluster {

// redis://[user][:password]@host[:port][/db], rediss:// for TLS; %XX in user and password. Port
// 6379 and database 0 unless given; an IPv6 host in brackets.
struct RedisAddress {
  std::string host;
  std::uint16_t port = 6379;
  std::string user;
  std::string password;
  std::uint32_t database = 0;
  bool tls = false;
};

// The Error says what is wrong and never shows the password.
base::Result<RedisAddress> parse_redis_url(std::string_view url);

}  // namespace cluster
