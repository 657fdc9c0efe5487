#pragma once

#include <optional>
#include <string>

#include "cluster/tickets.h"

namespace cluster {

// Why a ticket cannot be queued; nothing when it can.
std::optional<std::string> what_is_wrong(const Ticket& ticket);

}  // namespace cluster
