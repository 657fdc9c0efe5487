#include "accounts/encoding.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

#include "base/random.h"

namespace accounts {
namespace {

constexpr std::size_t kDigest = 32;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  if (c == '_') return 63;
  return -1;
}

}  // namespace

std::string to_base64url(std::string_view bytes) {
  return base::base64url(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>((bits >> count) & 0xff);
    }
  }
  const bool stray_bits = (bits & ((1u << count) - 1)) != 0;
  if (stray_bits) return std::nullopt;
  return bytes;
}

std::string sha256(std::string_view bytes) {
  std::string digest(kDigest, '\0');
  std::size_t size = 0;
  if (!EVP_Q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(),
                    reinterpret_cast<unsigned char*>(digest.data()), &size)) {
    throw std::runtime_error("OpenSSL has no SHA-256");
  }
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::string mac(kDigest, '\0');
  std::size_t size = 0;
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(), key.size(),
                bytes_of(message), message.size(), reinterpret_cast<unsigned char*>(mac.data()),
                mac.size(), &size) == nullptr) {
    throw std::runtime_error("OpenSSL has no HMAC");
  }
  return mac;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace accounts
