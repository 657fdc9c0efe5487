#include "store/audit.h"

#include "store/conditions.h"

namespace store {
namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

base::Result<void> insert_audit(Connection& db, const AuditEntry& entry) {
  auto rows = db.query(
      "insert into audit_log (actor_id, actor, action, target, reason, state_before, state_after, "
      "done_at, address, role) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {entry.actor_id, entry.actor, entry.action, entry.target, unless_empty(entry.reason),
       unless_empty(entry.before), unless_empty(entry.after), entry.done_at,
       unless_empty(entry.address), unless_empty(entry.role)});
  if (!rows.ok()) return rows.error();
  return {};
}

base::Result<std::vector<AuditEntry>> list_audit(Connection& db, const AuditFilter& filter) {
  Conditions wanted;
  if (!filter.actor_id.empty()) wanted.add("actor_id = $", filter.actor_id);
  if (!filter.target.empty()) wanted.add("target = $", filter.target);
  if (!filter.action.empty()) wanted.add("action = $", filter.action);
  if (filter.before > 0) wanted.add("entry_id < $", filter.before);
  auto rows = wanted.newest_first(
      db,
      "select entry_id, actor_id, actor, action, target, reason, state_before, state_after, "
      "done_at, address, role from audit_log where",
      "entry_id", filter.limit);
  if (!rows.ok()) return rows.error();
  std::vector<AuditEntry> entries;
  for (const Row& row : *rows) {
    entries.push_back({row[0].integer(), row[1].maybe_text(), row[2].text(), row[3].text(),
                       row[4].text(), row[5].text(), row[6].text(), row[7].text(), row[8].time(),
                       row[9].text(), row[10].text()});
  }
  return entries;
}

}  // namespace store
