#pragma once

// Which connection an account plays on: one at a time (a second device takes the seat over).

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "lobby/types.h"

namespace session {

// One a node, any thread.
class Presence {
 public:
  // The account is here now; answers the connection it was on before, if any.
  std::optional<lobby::SessionRef> claim(const std::string& account_id, lobby::SessionRef here);
  // The connection is gone; does nothing when the account has moved on meanwhile.
  void release(const std::string& account_id, lobby::SessionRef here);
  std::optional<lobby::SessionRef> find(const std::string& account_id) const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, lobby::SessionRef> where_;
};

}  // namespace session
