// Lists to look things up in: bans, mutes, chat, what staff did; and replays.

#include <boost/json.hpp>
#include <filesystem>

#include "api/admin_call.h"
#include "api/admin_json.h"
#include "api/admin_people.h"
#include "api/request_parts.h"
#include "base/bytes.h"

namespace api {
namespace json = boost::json;
namespace {

using Call = AdminApi::Call;
using Core = AdminApi::Core;
using store::Connection;

constexpr std::size_t kLongestSearch = 64;             // bytes
constexpr std::uint64_t kLargestReplay = 64ull << 20;  // what the page takes
constexpr std::size_t kSizeBytes = 8;                  // before each piece of a replay

base::Result<bool> in_force_in(const Call& call) {
  const std::string state = query_text(call.query, "state");
  if (!state.empty() && state != "active" && state != "all")
    return base::Error{"invalid", "state must be active or all."};
  return state != "all";
}

template <class Sanction>
std::set<std::string> people_in(const std::vector<Sanction>& rows, std::string Sanction::* by) {
  std::set<std::string> ids;
  for (const Sanction& row : rows) {
    if (row.player_id) ids.insert(*row.player_id);
    ids.insert(row.*by);
  }
  return ids;
}

json::value name_in(const std::map<std::string, std::string>& names,
                    const std::optional<std::string>& id) {
  const auto found = id ? names.find(*id) : names.end();
  return found == names.end() ? json::value() : json::value(found->second);
}

template <class Sanction, class ToJson>
Answer sanctions(Core& core, const std::vector<Sanction>& rows, std::string Sanction::* by,
                 std::string_view key, ToJson to_json) {
  const auto names = core.sources.store->transact(
      [&](Connection& db) { return names_of(db, people_in(rows, by)); });
  if (!names) return names.error();
  json::array told;
  for (const Sanction& row : rows) {
    json::object one = to_json(row);
    one["name"] = name_in(*names, row.player_id);
    one["byName"] = name_in(*names, row.*by);
    told.push_back(std::move(one));
  }
  json::object body;
  body[key] = std::move(told);
  return ok_json(body);
}

Answer bans(Core& core, Call& call) {
  const auto paging = paging_in(call);
  if (!paging) return paging.error();
  const auto in_force = in_force_in(call);
  if (!in_force) return in_force.error();
  const auto found = core.sources.moderation->bans(*in_force, paging->before, paging->size);
  if (!found) return found.error();
  return sanctions(core, *found, &store::Ban::banned_by, "bans", ban_json);
}

Answer mutes(Core& core, Call& call) {
  const auto paging = paging_in(call);
  if (!paging) return paging.error();
  const auto in_force = in_force_in(call);
  if (!in_force) return in_force.error();
  const auto found = core.sources.moderation->mutes(*in_force, paging->before, paging->size);
  if (!found) return found.error();
  return sanctions(core, *found, &store::Mute::muted_by, "mutes", mute_json);
}

// By number: also those of guests' addresses, which are nobody's account.
Answer lift_ban(Core& core, Call& call) {
  const auto number = number_in(call);
  if (!number) return base::Error{"not_found", "There is no such ban."};
  const auto reason = reason_in(call);
  if (!reason) return reason.error();
  const auto lifted = core.sources.moderation->unban(call.actor(), *number, *reason);
  if (!lifted) return lifted.error();
  return ok_json(json::object{{"ban", ban_json(*lifted)}});
}

Answer lift_mute(Core& core, Call& call) {
  const auto number = number_in(call);
  if (!number) return base::Error{"not_found", "There is no such mute."};
  const auto reason = reason_in(call);
  if (!reason) return reason.error();
  const auto lifted = core.sources.moderation->unmute(call.actor(), *number, *reason);
  if (!lifted) return lifted.error();
  return ok_json(json::object{{"mute", mute_json(*lifted)}});
}

base::Result<std::string> short_text(const Call& call, std::string_view name) {
  std::string text = query_text(call.query, name);
  if (text.size() > kLongestSearch)
    return base::Error{"invalid", std::string(name) + " is longer than 64 bytes."};
  return text;
}

base::Result<std::string> player_in(const Call& call, std::string_view name) {
  std::string id = query_text(call.query, name);
  if (!id.empty() && !store::is_uuid(id))
    return base::Error{"invalid", std::string(name) + " must be the id of a player."};
  return id;
}

Answer chat(Core& core, Call& call) {
  const auto paging = paging_in(call);
  if (!paging) return paging.error();
  const auto text = short_text(call, "search");
  if (!text) return text.error();
  const auto lobby = short_text(call, "lobby");
  if (!lobby) return lobby.error();
  const auto player = player_in(call, "player");
  if (!player) return player.error();
  const auto lines =
      core.sources.moderation->chat({*lobby, *player, *text, paging->before, paging->size});
  if (!lines) return lines.error();
  json::array rows;
  for (const store::ChatLine& line : *lines) rows.push_back(chat_json(line));
  return ok_json(json::object{{"lines", std::move(rows)}});
}

Answer audit(Core& core, Call& call) {
  const auto paging = paging_in(call);
  if (!paging) return paging.error();
  const auto actor = player_in(call, "actor");
  if (!actor) return actor.error();
  const auto target = short_text(call, "target");
  if (!target) return target.error();
  const auto action = short_text(call, "action");
  if (!action) return action.error();
  const auto entries =
      core.sources.moderation->audit({*actor, *target, *action, paging->before, paging->size});
  if (!entries) return entries.error();
  json::array rows;
  for (const store::AuditEntry& entry : *entries) rows.push_back(audit_json(entry));
  return ok_json(json::object{{"entries", std::move(rows)}});
}

// The node that played it keeps the replay. It comes in pieces when that is another one.
Answer replay(Core& core, Call& call) {
  const base::Error missing{"not_found", "There is no replay of this match."};
  if (!store::is_uuid(call.parameter)) return missing;
  const auto node =
      core.sources.store->transact([&](Connection& db) { return node_of(db, call.parameter); });
  if (!node) return node.error();
  const bool far = *node && **node != core.sources.node_id && core.link;
  net::HttpResponse response;
  response.content_type = "application/octet-stream";
  std::uint64_t size = 1;
  while (response.body.size() < size) {
    const NodeAnswer told =
        answer_of(core, far ? **node : core.sources.node_id,
                  {Verb::replay, call.parameter, std::to_string(response.body.size())});
    if (!told) return told.error().code == "not_found" ? missing : told.error();
    base::ByteReader reader(*told);
    reader.value(size);
    if (!reader.ok() || size == 0 || size > kLargestReplay || told->size() == kSizeBytes)
      return missing;
    response.body.append(*told, kSizeBytes);
  }
  return response;
}

constexpr Proof kFactor = Proof::second_factor;
constexpr AdminApi::Route kRoutes[] = {
    {"GET", "/api/admin/bans", false, Role::viewer, kFactor, bans},
    {"GET", "/api/admin/mutes", false, Role::viewer, kFactor, mutes},
    {"POST", "/api/admin/bans/{id}/lift", true, Role::moderator, kFactor, lift_ban},
    {"POST", "/api/admin/mutes/{id}/lift", true, Role::moderator, kFactor, lift_mute},
    {"GET", "/api/admin/chat", false, Role::viewer, kFactor, chat},
    {"GET", "/api/admin/audit", false, Role::viewer, kFactor, audit},
    {"GET", "/api/admin/replays/{id}", false, Role::viewer, kFactor, replay},
};

}  // namespace

std::span<const AdminApi::Route> admin_log_routes() { return kRoutes; }

}  // namespace api
