#pragma once

// What the sockets of one client address may ask for together (S1). A socket's own buckets
// (session.h) are full again when it connects anew; these are not.

#include <string>

#include "base/rate_limit.h"

namespace session {

// One a node; any thread. Addresses of one IPv6 network (/64) count as one.
class AddressLimits {
 public:
  // A minute and address, at least 1. A school that sits behind one address and begins at the same
  // time has to fit in: all of it are searches, one a player.
  explicit AddressLimits(int requests_per_minute)
      : lobbies_(requests_per_minute),
        tokens_(requests_per_minute),
        lists_(4 * requests_per_minute),
        codes_(requests_per_minute < 5 ? 1 : requests_per_minute / 5) {}

  // Each false when there were too many.
  bool may_seek_lobby(const std::string& address) { return take(lobbies_, address); }
  bool may_show_token(const std::string& address) { return take(tokens_, address); }
  // Four times as often: whoever looks for a lobby looks again.
  bool may_list_lobbies(const std::string& address) { return take(lists_, address); }
  // A fifth as often, for codes and passwords can be guessed.
  bool may_try_code(const std::string& address) { return take(codes_, address); }

 private:
  static bool take(base::RateLimit& limit, const std::string& address);

  base::RateLimit lobbies_;
  base::RateLimit tokens_;
  base::RateLimit lists_;
  base::RateLimit codes_;
};

}  // namespace session
