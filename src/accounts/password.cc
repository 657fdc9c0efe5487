#include "accounts/password.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <memory>

namespace accounts {
namespace {

// 32 KB of working memory, one for each thread that ever hashes.
crypt_data& scratch() {
  thread_local const auto data = std::make_unique<crypt_data>();
  return *data;
}

// Empty on failure: the library then answers a text that begins with '*', which is no hash.
std::string run_crypt(const std::string& password, const std::string& setting) {
  crypt_data& data = scratch();
  const char* hash = ::crypt_r(password.c_str(), setting.c_str(), &data);
  return hash != nullptr && hash[0] == '$' ? hash : "";
}

bool is_acceptable(const std::string& password) {
  return password.size() <= kMaxPassword && password.find('\0') == std::string::npos;
}

}  // namespace

base::Result<void> check_new_password(const std::string& password) {
  if (password.size() < kMinPassword)
    return base::Error{"invalid", "password must have at least 8 characters"};
  if (password.size() > kMaxPassword)
    return base::Error{"invalid", "password must have at most 72 bytes"};
  if (password.find('\0') != std::string::npos)
    return base::Error{"invalid", "password must not contain NUL"};
  return {};
}

base::Result<std::string> hash_password(const std::string& password, int cost) {
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  // A null pointer for random bytes makes the library ask the system for them.
  if (::crypt_gensalt_rn("$2b$", static_cast<unsigned long>(cost), nullptr, 0, setting,
                         sizeof setting) == nullptr) {
    return base::Error{"internal", "no salt for a password"};
  }
  std::string hash = run_crypt(password, setting);
  if (hash.empty()) return base::Error{"internal", "a password could not be hashed"};
  return hash;
}

bool password_fits(const std::string& password, const std::string& hash) {
  if (cost_of(hash) == 0) return false;
  const std::string again = run_crypt(is_acceptable(password) ? password : std::string(), hash);
  const bool same =
      again.size() == hash.size() && CRYPTO_memcmp(again.data(), hash.data(), hash.size()) == 0;
  return same && is_acceptable(password);
}

// hash := "$2" ("a" | "b" | "y") "$" digit digit "$" 53 characters
int cost_of(const std::string& hash) {
  constexpr std::size_t kLength = 60;
  if (hash.size() != kLength || hash.compare(0, 2, "$2") != 0) return 0;
  if (hash[2] != 'a' && hash[2] != 'b' && hash[2] != 'y') return 0;
  const auto digit = [&](std::size_t at) {
    return hash[at] >= '0' && hash[at] <= '9' ? hash[at] - '0' : -1;
  };
  if (hash[3] != '$' || digit(4) < 0 || digit(5) < 0 || hash[6] != '$') return 0;
  return digit(4) * 10 + digit(5);
}

}  // namespace accounts
