#include "base/random.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace base {
namespace {

constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// One character for each random byte: both alphabets have a power of two letters, so masking keeps
// them equally likely.
std::string random_text(std::string_view alphabet, std::size_t length) {
  std::string text(length, '\0');
  secure_bytes(std::as_writable_bytes(std::span(text)));
  for (char& c : text) c = alphabet[static_cast<unsigned char>(c) & (alphabet.size() - 1)];
  return text;
}

std::string uuid_text(std::array<std::byte, 16> bytes, unsigned version) {
  constexpr std::string_view kHex = "0123456789abcdef";
  bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte(version << 4);
  bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    const auto value = std::to_integer<unsigned>(bytes[i]);
    text.push_back(kHex[value >> 4]);
    text.push_back(kHex[value & 15]);
  }
  return text;
}

}  // namespace

void secure_bytes(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      std::perror("getrandom");
      std::abort();
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::uint64_t secure_u64() {
  std::uint64_t value = 0;
  secure_bytes(std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

std::string secure_id(std::size_t length) { return random_text(kBase64Url, length); }

std::string base64url(std::span<const std::byte> bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  unsigned bits = 0;
  unsigned held = 0;  // how many low bits of `bits` still wait to be written
  for (const std::byte b : bytes) {
    bits = (bits << 8) | std::to_integer<unsigned>(b);
    held += 8;
    while (held >= 6) {
      held -= 6;
      text.push_back(kBase64Url[(bits >> held) & 63]);
    }
  }
  if (held > 0) text.push_back(kBase64Url[(bits << (6 - held)) & 63]);
  return text;
}

std::string lobby_code() { return random_text(kCrockford, kLobbyCodeLength); }

std::optional<std::string> parse_lobby_code(std::string_view typed) {
  std::string code;
  for (char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (kCrockford.find(c) == std::string_view::npos || code.size() == kLobbyCodeLength) {
      return std::nullopt;
    }
    code.push_back(c);
  }
  if (code.size() != kLobbyCodeLength) return std::nullopt;
  return code;
}

std::string uuid_v4() {
  std::array<std::byte, 16> bytes;
  secure_bytes(bytes);
  return uuid_text(bytes, 4);
}

std::string uuid_v7(std::int64_t wall_ms) {
  std::array<std::byte, 16> bytes;
  secure_bytes(bytes);
  for (int i = 0; i < 6; ++i) bytes[i] = std::byte((wall_ms >> (40 - 8 * i)) & 0xff);
  return uuid_text(bytes, 7);
}

}  // namespace base
