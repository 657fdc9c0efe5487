#include "moderation/trail.h"

#include "base/log.h"
#include "base/tally.h"

namespace moderation {

base::Result<void> write_down(store::Connection& db, const Actor& actor, const Action& action,
                              store::Time now) {
  store::AuditEntry entry;
  entry.actor_id = actor.player_id;
  entry.actor = actor.name;
  entry.role = actor.role;
  entry.address = actor.address;
  entry.action = action.what;
  entry.target = action.target;
  entry.reason = action.why;
  entry.before = action.before;
  entry.after = action.after;
  entry.done_at = now;
  return store::insert_audit(db, entry);
}

void announce(const Actor& actor, const std::string& what, const std::string& target) {
  base::tally::count(base::tally::Event::admin_action);
  base::log::info(
      "admin_action",
      {{"action", what}, {"actor", actor.player_id.value_or("system")}, {"target", target}});
}

}  // namespace moderation
