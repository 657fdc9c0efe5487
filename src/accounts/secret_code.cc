#include "accounts/secret_code.h"

#include <array>
#include <cstddef>

#include "accounts/encoding.h"
#include "base/random.h"

namespace accounts {

std::string new_secret_code() {
  std::array<std::byte, 32> random;
  base::secure_bytes(random);
  return base::base64url(random);
}

std::string hash_of_code(const std::string& code) { return to_base64url(sha256(code)); }

}  // namespace accounts
