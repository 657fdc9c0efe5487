#pragma once

// Whose request or connection is it? X-Forwarded-For is believed only as far as the proxies in
// front are ours (S1).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace base {

// A block of addresses, e.g. 10.0.0.0/8 or fd00::/8. IPv4 is kept as IPv4-mapped IPv6.
struct Network {
  std::array<std::uint8_t, 16> bytes{};
  int bits = 128;

  static std::optional<Network> parse(std::string_view text);
  bool contains(const std::array<std::uint8_t, 16>& address) const;
};

class ClientAddress {
 public:
  // Errors name the entry of TRUSTED_PROXIES that is no address or network.
  static Result<ClientAddress> make(const std::vector<std::string>& trusted_proxies);

  // The nearest address, from the right, that is none of our proxies; garbage in the header ends
  // the walk, because nothing to the left of it can be believed either.
  std::string of(std::string_view peer, std::string_view forwarded_for) const;

  // Whether this is one of our proxies.
  bool trusts(std::string_view address) const;

 private:
  std::vector<Network> proxies_;
};

// The part of an address that one household or machine has: IPv4 whole, IPv6 its first 64 bits,
// e.g. "2001:db8:1:2::/64". What is no address comes back as it is.
std::string network_of(const std::string& address);

}  // namespace base
