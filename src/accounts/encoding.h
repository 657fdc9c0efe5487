#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace accounts {

// Unpadded base64url. Reading is strict: no padding, no other alphabet, no stray bits at the end,
// so that each value has one text only.
std::string to_base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);

std::string sha256(std::string_view bytes);                               // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view message);  // 32 bytes
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace accounts
