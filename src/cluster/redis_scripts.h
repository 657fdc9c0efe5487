#pragma once

// The steps that Redis makes as one (docs/cluster.md has the keys). Every script is given this
// node's holder name, Timing::lease and Timing::gone_after first; what follows stands above each in
// redis_scripts.cc.

#include <vector>

#include "cluster/redis_link.h"

namespace cluster {

struct Scripts {
  Script beat, nodes, leave;
  Script publish, close, locate, browse, find, orphans, take_over;
  Script write_snapshot;
  Script session_started, session_ended, attempt, attempt_succeeded, notice, spoken, missed;
  Script enqueue, cancel, status, adopt, waiting, take, assign, give_back, touch;
  Script party_create, party_join, party_leave, party_wait, party_look;
};
const Scripts& scripts();
std::vector<const Script*> all_scripts();

}  // namespace cluster
