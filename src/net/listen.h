#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"

namespace net {

// Sockets that listen on one address, one for each shard; the kernel spreads connections over them.
struct Listening {
  std::vector<int> sockets;  // non-blocking, close-on-exec; the caller owns them
  std::uint16_t port = 0;    // the real one
};

// `host` is a textual IPv4 or IPv6 address, `port` 0 means any free one. Errors: "invalid" for the
// host, "unavailable" when the address is in use by anybody else (SO_REUSEPORT alone would let two
// servers share a port unawares).
base::Result<Listening> listen_on(const std::string& host, std::uint16_t port, unsigned count);

// Text of a peer's address without port; IPv4 mapped into IPv6 as plain IPv4.
std::string peer_address(const void* socket_address);

}  // namespace net
