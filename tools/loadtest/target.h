#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace loadtest {

// One node, or what stands before the nodes.
struct Target {
  std::string host;  // as it was written
  std::uint16_t port = 0;
  sockaddr_in address{};  // where that is

  std::string authority() const { return host + ":" + std::to_string(port); }
  bool loopback() const { return (ntohl(address.sin_addr.s_addr) >> 24) == 127; }
};

// "http://game.example:3000", "game.example:3000" or a bare host, whose port is 80. Asks the
// resolver (may block). The Error says what is wrong with the text; https is not spoken.
base::Result<Target> parse_target(std::string_view text);

// The source address of a player, host byte order; 0 = the machine's own choice. Behind one address
// all players would look like one to the server's limits by address, so on loopback, which has a
// whole network of them, they are spread over `sources` addresses, or four share one if that is 0.
std::uint32_t source_of(const Target& target, std::uint64_t player, int sources);

}  // namespace loadtest
