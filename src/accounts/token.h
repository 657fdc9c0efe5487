#pragma once

// Access tokens: JWT (RFC 7519) signed by HS256 over OpenSSL, about two microseconds each (A3). A
// library was left out: what is needed is a page, and the usual holes (alg none, key confusion,
// unchecked types) are closed here by taking nothing but the one form that we write ourselves.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace accounts {

struct Claims {
  std::string player_id;  // sub
  std::string name;       // display name at the time of issue
  std::string region;
  std::vector<std::string> permissions;  // at the time of issue: admin calls look again
  std::string session_id;                // sid
  std::int64_t issued_at = 0;            // iat, seconds since 1970
  std::int64_t expires_at = 0;           // exp, likewise; the token is dead from this second on
};

// A secret and its name, which is derived from it: nodes that share the secret share the name.
struct TokenKey {
  explicit TokenKey(std::string secret);
  std::string secret;
  std::string id;  // kid
};

// Thread safe: never changes.
class Tokens {
 public:
  // Signs with the first key, accepts all: one, or two while a key is being changed.
  Tokens(std::vector<TokenKey> keys, std::string issuer, std::string audience);

  std::string sign(const Claims& claims) const;

  // Takes what sign() makes, signed by one of the keys and not yet expired at `now` (seconds since
  // 1970). Everything else is "unauthorized", without saying why to the bearer; the message is for
  // the log.
  base::Result<Claims> verify(std::string_view token, std::int64_t now) const;

 private:
  const TokenKey* key_of(std::string_view id) const;

  std::vector<TokenKey> keys_;
  std::string issuer_;
  std::string audience_;
};

// The signing secret (A3). Given one: it, refused in production below 32 bytes. None: in production
// an error, else the one in `<data_dir>/jwt_secret`, which is made of 32 random bytes, readable by
// the owner only, on first start.
base::Result<std::string> token_secret(const std::string& given, bool production,
                                       const std::string& data_dir);

}  // namespace accounts
