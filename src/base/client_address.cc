#include "base/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace base {
namespace {

std::optional<std::array<std::uint8_t, 16>> parse_address(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;  // inet_pton would stop there
  const std::string copy(text);
  std::array<std::uint8_t, 16> bytes{};
  in_addr v4{};
  if (inet_pton(AF_INET, copy.c_str(), &v4) == 1) {
    bytes[10] = bytes[11] = 0xff;
    std::memcpy(bytes.data() + 12, &v4, 4);
    return bytes;
  }
  if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

std::string text_of(int family, const void* bytes) {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(family, bytes, text, sizeof text);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  const bool v4 = text.substr(0, slash).find(':') == std::string_view::npos;
  Network network{*address, 128};
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  int bits = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (bits < 0 || bits > (v4 ? 32 : 128)) return std::nullopt;
  network.bits = v4 ? bits + 96 : bits;
  return network;
}

bool Network::contains(const std::array<std::uint8_t, 16>& address) const {
  for (int bit = 0; bit < bits; ++bit) {
    const int mask = 0x80 >> (bit % 8);
    if ((address[bit / 8] & mask) != (bytes[bit / 8] & mask)) return false;
  }
  return true;
}

Result<ClientAddress> ClientAddress::make(const std::vector<std::string>& trusted_proxies) {
  ClientAddress made;
  for (const std::string& text : trusted_proxies) {
    const auto network = Network::parse(text);
    if (!network)
      return Error{"invalid", "setting trusted_proxies: " + text + " is no address or network"};
    made.proxies_.push_back(*network);
  }
  return made;
}

bool ClientAddress::trusts(std::string_view address) const {
  const auto bytes = parse_address(address);
  if (!bytes) return false;
  for (const Network& network : proxies_) {
    if (network.contains(*bytes)) return true;
  }
  return false;
}

std::string ClientAddress::of(std::string_view peer, std::string_view forwarded_for) const {
  std::string_view nearest = peer;
  while (trusts(nearest) && !forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::string_view entry =
        trim(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
    if (!parse_address(entry)) break;
    nearest = entry;
    forwarded_for =
        comma == std::string_view::npos ? std::string_view{} : forwarded_for.substr(0, comma);
  }
  return std::string(nearest);
}

std::string network_of(const std::string& address) {
  auto bytes = parse_address(address);
  if (!bytes) return address;
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(kMapped.begin(), kMapped.end(), bytes->begin()))
    return text_of(AF_INET, bytes->data() + kMapped.size());
  std::fill(bytes->begin() + 8, bytes->end(), std::uint8_t{0});
  return text_of(AF_INET6, bytes->data()) + "/64";
}

}  // namespace base
