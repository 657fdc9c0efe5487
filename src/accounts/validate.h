#pragma once

// What people may type as e-mail and display name.

#include <string>

#include "base/error.h"

namespace accounts {

// The address in lower case, as it is stored and compared. Takes the plain form local@host.domain
// in ASCII that mail really uses (64 bytes before the @, 254 in all), without quotes or comments.
// Else "invalid".
base::Result<std::string> normal_email(const std::string& text);

inline constexpr std::size_t kMinName = 2;   // code points
inline constexpr std::size_t kMaxName = 20;  // code points: what the client's screens have room for

// The name in Unicode's normal form NFKC, without blanks at the ends and with single ones inside.
// Letters, marks, digits, punctuation, symbols; nothing invisible, no control or direction
// characters, no unassigned or private ones, and none of <>&"' and backslash, since other people's
// pages show it. Else "invalid".
base::Result<std::string> normal_display_name(const std::string& text);

}  // namespace accounts
