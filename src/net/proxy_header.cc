#include "net/proxy_header.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>

#include "net/listen.h"

namespace net {

namespace {

using Status = ProxyHeader::Status;

constexpr std::string_view kSignature1 = "PROXY ";
constexpr std::string_view kSignature2("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kLargestLine = 107;
constexpr std::size_t kFixedPart2 = 16;

bool begins_alike(std::string_view bytes, std::string_view signature) {
  const std::size_t common = std::min(bytes.size(), signature.size());
  return bytes.substr(0, common) == signature.substr(0, common);
}

// As peer_address() writes it, so that one client has one name.
std::string text_of(int family, const void* address) {
  sockaddr_storage storage{};
  storage.ss_family = static_cast<sa_family_t>(family);
  if (family == AF_INET) {
    std::memcpy(&reinterpret_cast<sockaddr_in&>(storage).sin_addr, address, sizeof(in_addr));
  } else {
    std::memcpy(&reinterpret_cast<sockaddr_in6&>(storage).sin6_addr, address, sizeof(in6_addr));
  }
  return peer_address(&storage);
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size();
}

// An address as text in one form; nothing when it is none of the family.
std::optional<std::string> address_in(std::string_view text, int family) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;  // ends what inet_pton sees
  in6_addr address{};                                                  // holds either
  if (inet_pton(family, std::string(text).c_str(), &address) != 1) return std::nullopt;
  return text_of(family, &address);
}

// "TCP4 192.0.2.1 192.0.2.2 1234 443"
std::optional<std::string> client_of(std::string_view line) {
  std::array<std::string_view, 5> words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool last = i + 1 == words.size();
    const std::size_t space = last ? line.size() : line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    words[i] = line.substr(0, space);
    line.remove_prefix(last ? space : space + 1);
  }
  const int family = words[0] == "TCP4" ? AF_INET : words[0] == "TCP6" ? AF_INET6 : AF_UNSPEC;
  if (family == AF_UNSPEC || !is_port(words[3]) || !is_port(words[4])) return std::nullopt;
  if (!address_in(words[2], family)) return std::nullopt;
  return address_in(words[1], family);
}

ProxyHeader parse_line(std::string_view bytes) {
  const std::size_t end = bytes.substr(0, kLargestLine).find("\r\n");
  if (end == std::string_view::npos)
    return {bytes.size() < kLargestLine ? Status::incomplete : Status::bad};
  const std::string_view line = bytes.substr(kSignature1.size(), end - kSignature1.size());
  if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return {Status::complete, end + 2};
  auto client = client_of(line);
  if (!client) return {Status::bad};
  return {Status::complete, end + 2, std::move(*client)};
}

ProxyHeader parse_binary(std::string_view bytes) {
  if (bytes.size() < kFixedPart2) return {};
  const auto byte = [bytes](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
  const int version = byte(12) >> 4;
  const int command = byte(12) & 15;  // 0: the balancer for itself, 1: for a client
  const int family = byte(13) >> 4;   // 1: IPv4, 2: IPv6, others have no address of use here
  const std::size_t length = byte(14) * 256u + byte(15);
  const std::size_t whole = kFixedPart2 + length;
  if (version != 2 || command > 1 || family > 3 || whole > kLargestProxyHeader)
    return {Status::bad};
  if (bytes.size() < whole) return {};
  ProxyHeader header{Status::complete, whole};
  if (command == 0 || (family != 1 && family != 2)) return header;
  const std::size_t addresses = family == 1 ? 12 : 36;
  if (length < addresses) return {Status::bad};
  header.client = text_of(family == 1 ? AF_INET : AF_INET6, bytes.data() + kFixedPart2);
  return header;
}

}  // namespace

ProxyHeader parse_proxy_header(std::string_view bytes) {
  if (begins_alike(bytes, kSignature1))
    return bytes.size() < kSignature1.size() ? ProxyHeader{} : parse_line(bytes);
  if (begins_alike(bytes, kSignature2)) return parse_binary(bytes);
  return {Status::bad};
}

}  // namespace net
