#pragma once

// The trail of what staff, and the system in their place, do (O5): a row of the audit log in the
// transaction of the action itself, then a line in the node's log and a figure.

#include <optional>
#include <string>

#include "base/error.h"
#include "store/audit.h"
#include "store/connection.h"

namespace moderation {

// Who acts. The name is for the audit log.
struct Actor {
  std::optional<std::string> player_id;  // none = the system
  std::string name = "system";
  std::string address = {};  // of the machine, for the audit log; "" = none
  std::string role = {};     // by which it is done; "" = the system
};

struct Action {
  std::string what;    // "ban", "close_lobby", ...
  std::string target;  // "player <id>", "report <number>", ...
  std::string why = {};
  std::string before = {};  // JSON, "" = nothing to tell
  std::string after = {};   // likewise
};

// Within the transaction that does it, so that neither is without the other.
base::Result<void> write_down(store::Connection& db, const Actor& actor, const Action& action,
                              store::Time now);

// Once it is done: `admin_action` in the log, counted.
void announce(const Actor& actor, const std::string& what, const std::string& target);

}  // namespace moderation
