#pragma once

// The log of what staff, and the system in their place, did (O5): who, what, to whom, why, before
// and after.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/connection.h"

namespace store {

struct AuditEntry {
  std::int64_t number = 0;              // given by the database
  std::optional<std::string> actor_id;  // none = the system, or the command line
  std::string actor;                    // display name, or "system"
  std::string action;                   // "ban", "unban", "mute", "unmute", "kick", ...
  std::string target;  // "player <id>", "address <network>", "report <number>", ...
  std::string reason;
  std::string before;  // JSON, "" = nothing to tell
  std::string after;   // likewise
  Time done_at{};
  std::string address = {};  // of the actor's machine, "" = not known
  std::string role = {};     // the actor's at that time, "" = the system, or not known
};

// `number` is ignored. Goes into the transaction of the action itself, so that neither is without
// the other.
base::Result<void> insert_audit(Connection& db, const AuditEntry& entry);

struct AuditFilter {
  std::string actor_id;     // "" = any
  std::string target;       // "" = any
  std::string action;       // "" = any
  std::int64_t before = 0;  // 0 = from the newest
  std::size_t limit = 50;
};
// Newest first.
base::Result<std::vector<AuditEntry>> list_audit(Connection& db, const AuditFilter& filter);

}  // namespace store
