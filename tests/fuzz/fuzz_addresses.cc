// LINK: app
// Who asks and from which page: X-Forwarded-For (the first line), an Origin (the second) and a
// network as in TRUSTED_PROXIES (the third). Nothing becomes an address that is none, and no page
// of another host passes for one of this machine.

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "app/origin_rule.h"
#include "base/client_address.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_address(const std::string& text) {
  in6_addr address{};
  if (text.find('\0') != std::string::npos) return false;
  return inet_pton(AF_INET, text.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

std::string_view line_of(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

void check_forwarded(std::string_view forwarded) {
  static const auto trusting = base::ClientAddress::make({"10.0.0.0/8", "fd00::/8"});
  static const auto alone = base::ClientAddress::make({});
  for (const char* peer : {"10.1.2.3", "fd00::1"}) {
    const std::string client = trusting->of(peer, forwarded);
    require(is_address(client));
    require(base::network_of(client).size() <= client.size() + 40);
    require(alone->of(peer, forwarded) == peer);
  }
  require(trusting->of("192.0.2.1", forwarded) == "192.0.2.1");
}

void check_origin(std::string_view origin) {
  static const app::OriginRule listed({"https://trespass.example"}, false);
  static const app::OriginRule local({}, true);
  require(listed(origin) == (origin == "https://trespass.example"));
  if (local(origin))
    require(origin.find("://localhost") != std::string_view::npos ||
            origin.find("://127.0.0.1") != std::string_view::npos ||
            origin.find("://[::1]") != std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  check_forwarded(line_of(text));
  check_origin(line_of(text));
  const std::string_view network = line_of(text);
  const auto block = base::Network::parse(network);
  if (block) require(block->bits >= 0 && block->bits <= 128);
  return 0;
}
