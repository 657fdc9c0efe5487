#include "api/admin_json.h"

#include <boost/json.hpp>

#include "moderation/moderation.h"

namespace api {
namespace json = boost::json;
namespace {

// Evidence and states are kept as JSON text of our own making; what cannot be read is told as text.
json::value parsed(const std::string& text) {
  if (text.empty()) return nullptr;
  json::error_code error;
  json::value value = json::parse(text, error);
  return error ? json::value(text) : value;
}

json::object party_json(const store::ReportParty& party) {
  return {{"playerId", text_json(party.player_id)}, {"key", party.key}, {"name", party.name}};
}

template <class Sanction>
json::object sanction_json(const Sanction& row, const std::string& by) {
  const bool in_force = !row.lifted_at && (!row.ends_at || *row.ends_at > store::now());
  return {{"number", row.number},
          {"playerId", text_json(row.player_id)},
          {"address", text_json(row.address)},
          {"reason", row.reason},
          {"by", by},
          {"createdAt", store::to_text(row.created_at)},
          {"endsAt", time_json(row.ends_at)},
          {"liftedAt", time_json(row.lifted_at)},
          {"inForce", in_force}};
}

}  // namespace

json::value time_json(const std::optional<store::Time>& time) {
  return time ? json::value(store::to_text(*time)) : json::value();
}

json::value text_json(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value();
}

json::object ban_json(const store::Ban& ban) { return sanction_json(ban, ban.banned_by); }

json::object mute_json(const store::Mute& mute) { return sanction_json(mute, mute.muted_by); }

json::object chat_json(const store::ChatLine& line) {
  return {{"number", line.number},
          {"lobbyId", line.lobby_id},
          {"matchId", text_json(line.match_id)},
          {"playerId", text_json(line.player_id)},
          {"speaker", line.speaker},
          {"channel", line.channel},
          {"text", line.text},
          {"filtered", line.filtered},
          {"saidAt", store::to_text(line.said_at)}};
}

json::object audit_json(const store::AuditEntry& entry) {
  return {{"number", entry.number},
          {"actorId", text_json(entry.actor_id)},
          {"actor", entry.actor},
          {"role", entry.role},
          {"action", entry.action},
          {"target", entry.target},
          {"reason", entry.reason},
          {"before", parsed(entry.before)},
          {"after", parsed(entry.after)},
          {"address", entry.address},
          {"doneAt", store::to_text(entry.done_at)}};
}

json::object report_json(const store::Report& report, const ReportClaim& claim) {
  const moderation::Clip clip = moderation::clip_of(report);
  return {{"number", report.number},
          {"reporter", party_json(report.reporter)},
          {"target", party_json(report.target)},
          {"matchId", report.match_id},
          {"lobbyId", report.lobby_id},
          {"reason", report.reason},
          {"note", report.note},
          {"credible", report.credible},
          {"clip", {{"fromTick", clip.from_tick}, {"toTick", clip.to_tick}}},
          {"createdAt", store::to_text(report.created_at)},
          {"claimedBy", text_json(claim.player_id)},
          {"claimedAt", time_json(claim.at)},
          {"closedAt", time_json(report.closed_at)},
          {"closedBy", report.closed_by},
          {"verdict", report.verdict}};
}

}  // namespace api
