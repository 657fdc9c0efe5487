// LINK: net
// Headers of the PROXY protocol. What is accepted must lie within the bytes and name an address or
// nobody; more bytes behind it change nothing, and fewer never make another header of it.

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/proxy_header.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

bool is_address(const std::string& text) {
  in6_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using Status = net::ProxyHeader::Status;
  // A copy of exactly this size, so that the sanitizer sees every byte read beyond it.
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const net::ProxyHeader header = net::parse_proxy_header(bytes);
  if (header.status == Status::incomplete) check(size < net::kLargestProxyHeader);
  if (header.status != Status::complete) return 0;
  check(header.bytes <= size && header.bytes <= net::kLargestProxyHeader);
  check(header.client.empty() || is_address(header.client));
  const std::string alone = bytes.substr(0, header.bytes);
  const net::ProxyHeader again = net::parse_proxy_header(alone);
  check(again.status == Status::complete && again.bytes == header.bytes &&
        again.client == header.client);
  for (std::size_t end = 0; end < alone.size(); ++end) {
    check(net::parse_proxy_header({alone.data(), end}).status == Status::incomplete);
  }
  return 0;
}
