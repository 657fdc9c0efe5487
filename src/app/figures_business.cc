// O6 for Prometheus: the figures of all nodes together, as the store had them a few minutes ago.
// Every node gives the same ones.

#include "app/figures.h"
#include "base/clock.h"

namespace app {
namespace {

double number(std::int64_t count) { return static_cast<double>(count); }
double number(std::uint64_t count) { return static_cast<double>(count); }

double part(double some, double all) { return all > 0 ? some / all : 0; }

using Returned = std::optional<std::int64_t> store::BusinessDay::*;

// Of the newest cohort that has people and whose day is over; 0 before there is one.
double retention(const store::BusinessReport& report, Returned returned) {
  for (auto day = report.days.rbegin(); day != report.days.rend(); ++day) {
    if ((*day).*returned && day->registered > 0)
      return part(number(*((*day).*returned)), number(day->registered));
  }
  return 0;
}

// What there is to tell before the first figures: nothing has happened.
const store::BusinessReport& nothing() {
  static const store::BusinessReport report = [] {
    store::BusinessReport made;
    made.days.resize(2);
    return made;
  }();
  return report;
}

}  // namespace

void add_business(metrics::Sheet& sheet, const FigureSources& from) {
  const auto known = from.business();
  const store::BusinessReport& report = known ? *known : nothing();
  const store::BusinessDay& today = report.days.back();
  const store::BusinessDay& yesterday = report.days[report.days.size() - 2];
  sheet.gauge("business_computed_timestamp_seconds",
              "When the business figures were worked out, since 1970; 0 = not yet.",
              number(std::int64_t{report.computed_at.time_since_epoch().count()}) / 1000);
  const std::pair<const char*, const store::BusinessDay*> days[] = {{"today", &today},
                                                                    {"yesterday", &yesterday}};
  for (const auto& [name, day] : days)
    sheet.gauge("business_peak_players", "Most players of all nodes at a time, by UTC day.",
                number(day->peak_players), {{"day", name}});
  for (const auto& [name, day] : days) {
    constexpr std::string_view kHelp =
        "Who played on the day: accounts that ended a match, connections of guests with a seat.";
    sheet.gauge("business_daily_players", kHelp, number(day->accounts),
                {{"day", name}, {"kind", "account"}});
    sheet.gauge("business_daily_players", kHelp, number(day->tally.guests),
                {{"day", name}, {"kind", "guest"}});
  }
  for (const auto& [name, day] : days)
    sheet.gauge("business_registered", "Accounts made on the day.", number(day->registered),
                {{"day", name}});
  constexpr std::string_view kRetention =
      "Part of the accounts of the newest full cohort that played so many days after.";
  sheet.gauge("business_retention_ratio", kRetention,
              retention(report, &store::BusinessDay::returned_1), {{"after", "1"}});
  sheet.gauge("business_retention_ratio", kRetention,
              retention(report, &store::BusinessDay::returned_7), {{"after", "7"}});
  sheet.gauge("business_matches_last_hour", "Matches that ended in the last hour.",
              number(report.matches_last_hour));
  const double ended = number(today.matches + yesterday.matches);
  const double aborted = number(today.tally.matches_aborted + yesterday.tally.matches_aborted);
  sheet.gauge("business_completion_ratio",
              "Part of the matches of today and yesterday that were played to their end.",
              part(ended, ended + aborted));
  sheet.gauge("business_queue_wait_seconds", "Mean wait of today's players of the queue.",
              part(number(today.tally.queue_wait_ms) / 1000, number(today.tally.queue_matched)));
}

}  // namespace app
