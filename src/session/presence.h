#pragma once

// Which connection an account plays on: one at a time (a second device takes the seat over).

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "lobby/types.h"

namespace session {

// One a node, any thread. `since_ms` is the Unix time of the sign-in.
class Presence {
 public:
  // The account is here now; answers the connection it was on before, if any.
  std::optional<lobby::SessionRef> claim(const std::string& account_id, lobby::SessionRef here,
                                         std::int64_t since_ms);
  // The connection is gone; does nothing when the account has moved on meanwhile.
  void release(const std::string& account_id, lobby::SessionRef here);
  // The account has signed in on another node: answers the connection it leaves here, unless that
  // one is the younger.
  std::optional<lobby::SessionRef> yield(const std::string& account_id, std::int64_t since_ms);
  std::optional<lobby::SessionRef> find(const std::string& account_id) const;

 private:
  mutable std::mutex mutex_;
  struct Place {
    lobby::SessionRef session;
    std::int64_t since_ms = 0;
  };
  std::unordered_map<std::string, Place> where_;
};

}  // namespace session
