#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "accounts/encoding.h"
#include "accounts/token.h"
#include "base/random.h"

namespace accounts {
namespace {

constexpr std::size_t kLeastSecret =
    32;  // bytes, in production; HS256 has no more strength than its key

base::Error unusable(const std::string& path, const std::string& why) {
  return {"unavailable", "the token secret in " + path + " cannot be used: " + why};
}

base::Result<std::string> read_secret(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string secret((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.good() && !file.eof()) return unusable(path, "it cannot be read");
  if (secret.size() < kLeastSecret)
    return unusable(path, "it is too short; remove it to have a new one made");
  return secret;
}

// Written under another name and then linked, so that the file is whole or absent, and the first of
// two starters wins.
base::Result<void> write_secret(const std::string& path) {
  std::array<std::byte, kLeastSecret> random;
  base::secure_bytes(random);
  const std::string secret = base::base64url(random);
  const std::string draft = path + "." + base::secure_id();
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return unusable(path, std::strerror(errno));
  const bool written =
      ::write(fd, secret.data(), secret.size()) == static_cast<ssize_t>(secret.size());
  const bool kept = written && ::fsync(fd) == 0;
  ::close(fd);
  const bool linked = kept && (::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
  const std::string why = std::strerror(errno);
  ::unlink(draft.c_str());
  return linked ? base::Result<void>() : base::Result<void>(unusable(path, why));
}

}  // namespace

base::Result<std::string> token_secret(const std::string& given, bool production,
                                       const std::string& data_dir) {
  if (production && given.size() < kLeastSecret) {
    return base::Error{"invalid", "JWT_SECRET must be set to at least 32 bytes in production"};
  }
  if (!given.empty()) return given;
  const std::string path = (std::filesystem::path(data_dir) / "jwt_secret").string();
  if (!std::filesystem::exists(path)) {
    if (auto written = write_secret(path); !written.ok()) return written.error();
  }
  return read_secret(path);
}

}  // namespace accounts
