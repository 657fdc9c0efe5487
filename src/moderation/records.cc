#include "moderation/records.h"

#include "base/json_writer.h"

namespace moderation {
namespace {

void maybe(base::JsonWriter& json, std::string_view name, const std::optional<store::Time>& time) {
  json.key_text(name);
  if (time) {
    json.text(store::to_text(*time));
  } else {
    json.null();
  }
}

// Bans and mutes are told alike.
template <class Measure>
std::string measure_json(const Measure& measure) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object();
  json.key("number").integer(measure.number);
  json.member("target", name_of(measure.player_id, measure.address));
  json.member("reason", measure.reason);
  json.member("createdAt", store::to_text(measure.created_at));
  maybe(json, "endsAt", measure.ends_at);
  maybe(json, "liftedAt", measure.lifted_at);
  json.end_object();
  return text;
}

}  // namespace

std::string json_of(const store::Ban& ban) { return measure_json(ban); }

std::string json_of(const store::Mute& mute) { return measure_json(mute); }

std::string json_of(const store::Report& report) {
  std::string text;
  base::JsonWriter json(text);
  json.begin_object();
  json.key("number").integer(report.number);
  json.member("target", name_of(report.target.player_id, report.target.address));
  json.member("reporter", report.reporter.key);
  json.member("reason", report.reason);
  json.member("matchId", report.match_id);
  json.key("credible").boolean(report.credible);
  json.member("verdict", report.verdict);
  maybe(json, "closedAt", report.closed_at);
  json.end_object();
  return text;
}

std::string name_of(const std::optional<std::string>& player_id,
                    const std::optional<std::string>& address) {
  return player_id ? "player " + *player_id : "address " + address.value_or("");
}

}  // namespace moderation
