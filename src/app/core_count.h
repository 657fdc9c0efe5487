#pragma once

// How many cores this process may use: those of the machine, or fewer in a container.

#include <string_view>

namespace app {

// The whole cores of a CPU quota, at least 1 and at most `machine`. `cpu_max` is the text of the
// control group's cpu.max (cgroup v2): "<quota or max> <period>", both in microseconds. "max" and
// what is no quota leave the machine's. A fraction of a core is left to the threads beside the
// shards: a shard that is throttled in the middle of a tick delays all its matches.
unsigned cores_of_quota(std::string_view cpu_max, unsigned machine);

// The path of the process in the cgroup v2 hierarchy, from the text of /proc/self/cgroup; "/" when
// there is none.
std::string_view cgroup_path(std::string_view proc_self_cgroup);

// Of this process: the narrowest quota of its control group and those above. Reads files.
unsigned core_count();

}  // namespace app
