#pragma once

// The header of the PROXY protocol, versions 1 and 2: how a layer-4 balancer says for whom it
// connects. No I/O.
//
//   v1: "PROXY " ("TCP4" | "TCP6") " " source " " target " " port " " port CR LF
//     | "PROXY UNKNOWN" anything CR LF            at most 107 bytes
//   v2: 12 bytes of signature, version and command, family, length (2 bytes, big endian), then that
//       many bytes: source, target, their ports, and what else the balancer has to say

#include <cstddef>
#include <string>
#include <string_view>

namespace net {

// With all that known balancers add; the protocol itself knows no bound in version 2.
constexpr std::size_t kLargestProxyHeader = 1024;

struct ProxyHeader {
  enum class Status { incomplete, complete, bad };
  Status status = Status::incomplete;
  std::size_t bytes = 0;    // of a complete header; the client's own bytes follow
  std::string client = {};  // its address; empty = the balancer speaks for itself or does not know
};

// Reads a header from the start of `bytes`.
ProxyHeader parse_proxy_header(std::string_view bytes);

}  // namespace net
