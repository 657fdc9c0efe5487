#include "sio/ids.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace sio {

namespace {

constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kBytes = 15;

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
}

// Random bytes come in blocks: one system call for many ids. One pool a thread.
void fill(unsigned char* bytes) {
  thread_local std::array<unsigned char, kBytes * 16> pool;
  thread_local std::size_t used = pool.size();
  if (used == pool.size()) {
    std::size_t filled = 0;
    while (filled < pool.size()) {
      const ssize_t got = ::getrandom(pool.data() + filled, pool.size() - filled, 0);
      if (got < 0 && errno != EINTR)
        throw std::system_error(errno, std::generic_category(), "getrandom");
      if (got > 0) filled += static_cast<std::size_t>(got);
    }
    used = 0;
  }
  std::memcpy(bytes, pool.data() + used, kBytes);
  std::memset(pool.data() + used, 0, kBytes);
  used += kBytes;
}

std::string encode(const unsigned char* bytes) {
  std::string text;
  text.reserve(kIdLength);
  for (std::size_t i = 0; i < kBytes; i += 3) {
    const unsigned group =
        (unsigned{bytes[i]} << 16) | (unsigned{bytes[i + 1]} << 8) | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) text += kLetters[(group >> shift) & 63];
  }
  return text;
}

}  // namespace

std::string random_id() {
  unsigned char bytes[kBytes];
  fill(bytes);
  return encode(bytes);
}

std::string random_id_of(net::ShardId shard) {
  unsigned char bytes[kBytes];
  fill(bytes);
  bytes[0] = shard;
  return encode(bytes);
}

std::optional<net::ShardId> shard_of(std::string_view id) {
  if (id.size() != kIdLength) return std::nullopt;
  for (const char c : id) {
    if (value_of(c) < 0) return std::nullopt;
  }
  return static_cast<net::ShardId>((value_of(id[0]) << 2) | (value_of(id[1]) >> 4));
}

}  // namespace sio
