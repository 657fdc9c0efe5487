#pragma once

#include <optional>
#include <string>

#include "cluster/parties.h"

namespace cluster {

// What makes a party's code or member unacceptable, in words; nothing when it is fine.
std::optional<std::string> what_is_wrong(const std::string& code, const PartyMember& member);

}  // namespace cluster
