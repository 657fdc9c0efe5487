#pragma once

#include <string>
#include <string_view>

namespace wire {

// What a connection says of itself when it joins the namespace: CONNECT {token} (A6).
struct ConnectAuth {
  bool ok = true;     // false: not an object, or a token that is no text or too long: refused as
                      // unauthorized
  std::string token;  // "" = none: a guest
};

// `auth` is the JSON text of the CONNECT payload, "" when there was none. Other members (pid,
// offset) are not looked at.
ConnectAuth connect_auth(std::string_view auth);

}  // namespace wire
