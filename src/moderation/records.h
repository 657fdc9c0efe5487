#pragma once

// What moderation changes, as the JSON of the audit log's "before" and "after".

#include <string>

#include "store/bans.h"
#include "store/mutes.h"
#include "store/reports.h"

namespace moderation {

std::string json_of(const store::Ban& ban);
std::string json_of(const store::Mute& mute);
std::string json_of(const store::Report& report);

// How the audit log names a target: "player <id>", "address <network>".
std::string name_of(const std::optional<std::string>& player_id,
                    const std::optional<std::string>& address);

}  // namespace moderation
