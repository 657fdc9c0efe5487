#pragma once

#include <string>

#include "base/config.h"

namespace app {

// `trespasserd drain [node]`: tells the node of that id (of this data folder when "") to drain, and
// sees that it does. 0 when it does, 1 when not. Speaks to standard output and error.
int drain_command(const base::Config& config, const std::string& node_id);

// What a node hears of it, and from the admin API: a notice to all.
std::string drain_notice(const std::string& node_id);

}  // namespace app
