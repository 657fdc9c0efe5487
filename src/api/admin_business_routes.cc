// How the game fares as a business (O6).

#include <boost/json.hpp>

#include "api/admin_call.h"
#include "api/admin_json.h"

namespace api {
namespace json = boost::json;
namespace {

using Call = AdminApi::Call;
using Core = AdminApi::Core;

json::value count_json(const std::optional<std::int64_t>& count) {
  return count ? json::value(*count) : json::value();
}

json::object day_json(const store::BusinessDay& day) {
  return {{"day", day.day},
          {"peakPlayers", day.peak_players},
          {"accounts", day.accounts},
          {"guests", day.tally.guests},
          {"registered", day.registered},
          {"returned1", count_json(day.returned_1)},
          {"returned7", count_json(day.returned_7)},
          {"matches", day.matches},
          {"aborted", day.tally.matches_aborted},
          {"queueMatched", day.tally.queue_matched},
          {"queueLeft", day.tally.queue_left},
          {"queueWaitMs", day.tally.queue_wait_ms}};
}

Answer business(Core& core, Call&) {
  const auto report = core.sources.business();
  if (!report)
    return base::Error{"unavailable", "The figures are being worked out. Please try again."};
  json::array days;
  for (const store::BusinessDay& day : report->days) days.push_back(day_json(day));
  return ok_json(json::object{{"computedAt", store::to_text(report->computed_at)},
                              {"matchesLastHour", report->matches_last_hour},
                              {"days", std::move(days)}});
}

constexpr AdminApi::Route kRoutes[] = {
    {"GET", "/api/admin/business", false, Role::viewer, Proof::second_factor, business},
};

}  // namespace

std::span<const AdminApi::Route> admin_business_routes() { return kRoutes; }

}  // namespace api
