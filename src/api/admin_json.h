#pragma once

// Rows of the moderation tables as the admin API tells them.

#include <boost/json/object.hpp>

#include "store/audit.h"
#include "store/bans.h"
#include "store/chat_log.h"
#include "store/mutes.h"
#include "store/reports.h"

namespace api {

boost::json::value time_json(const std::optional<store::Time>& time);  // null when there is none
boost::json::value text_json(const std::optional<std::string>& text);  // likewise

boost::json::object ban_json(const store::Ban& ban);
boost::json::object mute_json(const store::Mute& mute);
boost::json::object chat_json(const store::ChatLine& line);
boost::json::object audit_json(const store::AuditEntry& entry);

// With the clip that it is about, and who looks at it.
struct ReportClaim {
  std::optional<std::string> player_id;
  std::optional<store::Time> at;
};
boost::json::object report_json(const store::Report& report, const ReportClaim& claim);

}  // namespace api
