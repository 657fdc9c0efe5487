#pragma once

// Secrets that have to be read again (those of authenticator apps) are kept sealed in the database:
// whoever reads the database alone cannot make codes.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

// AES-256-GCM with keys derived (HKDF-SHA-256) from the server's token secrets. Immutable.
class Seal {
 public:
  // Seals with the first, opens with all: two while a secret is being changed. At least one.
  explicit Seal(const std::vector<std::string>& token_secrets);

  // `owner` is bound in: what was sealed for one is not opened for another. base64url.
  std::string close(std::string_view plain, std::string_view owner) const;
  // None: not ours, damaged, somebody else's, or sealed with a secret that is gone.
  std::optional<std::string> open(std::string_view sealed, std::string_view owner) const;

 private:
  std::vector<std::string> keys_;
};

}  // namespace api
