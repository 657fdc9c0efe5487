#pragma once

// Time-based one-time passwords (RFC 6238 over RFC 4226): SHA-1, 30 s steps, 6 digits, which is
// what every authenticator app speaks. Pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace api {

inline constexpr int kTotpDigits = 6;
inline constexpr std::int64_t kTotpStepSeconds = 30;
inline constexpr std::size_t kTotpSecretBytes = 20;  // RFC 4226 section 4: 160 bits

// The code of a counter, of 6 to 8 digits. `secret` is raw bytes.
std::string hotp(std::string_view secret, std::uint64_t counter, int digits = kTotpDigits);

// The step a moment is in, from seconds since 1970.
std::int64_t totp_step(std::int64_t unix_seconds);

// The step whose code this is, among the one of `unix_seconds` and its two neighbours (clocks
// differ and fingers are slow); only steps after `last_step`, so that a code is good once. None:
// wrong.
std::optional<std::int64_t> totp_match(std::string_view secret, std::string_view code,
                                       std::int64_t unix_seconds, std::int64_t last_step);

// RFC 4648 base 32, upper case, unpadded: the form in which apps take a secret.
std::string to_base32(std::string_view bytes);

// otpauth://totp/... for an app's camera. `account` is shown there beside the issuer's name.
std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret);

}  // namespace api
