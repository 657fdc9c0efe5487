// The running game: figures, nodes, lobbies, a look inside.

#include <algorithm>
#include <boost/json.hpp>

#include "api/admin_answers.h"
#include "api/admin_call.h"
#include "api/admin_reports.h"
#include "api/admin_targets.h"
#include "api/request_parts.h"
#include "cluster/nodes.h"

namespace api {
namespace json = boost::json;
namespace {

using Call = AdminApi::Call;
using Core = AdminApi::Core;

constexpr std::size_t kLongestSearch = 64;  // bytes
constexpr std::size_t kShortestCode = 6;    // of a lobby: shorter texts are no ids or codes

json::array nodes_json(const Core& core, const std::vector<cluster::NodeEntry>& nodes) {
  json::array rows;
  for (const cluster::NodeEntry& node : nodes) {
    rows.push_back(json::object{{"id", node.id},
                                {"self", node.id == core.sources.node_id},
                                {"alive", node.alive},
                                {"unseenMs", node.unseen_ms},
                                {"address", node.report.address},
                                {"region", node.report.region},
                                {"version", node.report.version},
                                {"players", node.report.players},
                                {"maxPlayers", node.report.max_players},
                                {"lobbies", node.report.lobbies},
                                {"playing", node.report.playing},
                                {"maxLobbies", node.report.max_lobbies},
                                {"connections", node.report.connections},
                                {"lateP99Ms", node.report.late_us / 1000.0},
                                {"draining", node.report.draining}});
  }
  return rows;
}

// What the living nodes hold together; this one as it is now, the others as they last said.
struct Totals {
  std::uint32_t players = 0;
  std::uint32_t max_players = 0;
  std::uint32_t lobbies = 0;
  std::uint32_t playing = 0;
};

Totals totals(const Core& core, const std::vector<cluster::NodeEntry>& nodes) {
  const lobby::DirectoryCounts here = core.sources.directory->counts();
  Totals sum{here.players, core.sources.directory->max_players(), here.lobbies, here.playing};
  for (const cluster::NodeEntry& node : nodes) {
    if (!node.alive || node.id == core.sources.node_id) continue;
    sum.players += node.report.players;
    sum.max_players += node.report.max_players;
    sum.lobbies += node.report.lobbies;
    sum.playing += node.report.playing;
  }
  return sum;
}

// The charts may be of another node, "node" of the query.
base::Result<json::value> samples_of(Core& core, const std::string& node, std::size_t since) {
  const NodeAnswer told = answer_of(core, node, {Verb::figures, std::to_string(since)});
  if (!told) return told.error();
  json::error_code error;
  json::value samples = json::parse(*told, error);
  if (error) return base::Error{"unavailable", "That node talks nonsense."};
  return samples;
}

bool is_alive(const std::vector<cluster::NodeEntry>& nodes, const std::string& id) {
  return std::any_of(nodes.begin(), nodes.end(),
                     [&](const auto& each) { return each.id == id && each.alive; });
}

Answer overview(Core& core, Call& call) {
  const auto since = query_number(call.query, "since", 0);
  if (!since || *since > std::size_t{1} << 62)
    return base::Error{"invalid", "since must be a number of milliseconds."};
  const auto open = core.sources.store->transact(count_open_reports);
  if (!open) return open.error();
  const auto known = list_nodes(core);
  const std::vector<cluster::NodeEntry> nodes = known ? *known : std::vector<cluster::NodeEntry>();
  std::string node = query_text(call.query, "node");
  if (node.empty()) node = core.sources.node_id;
  if (node != core.sources.node_id && !is_alive(nodes, node))
    return base::Error{"not_found", "There is no such node."};
  // A node that lives but is too busy to answer takes only its own charts away.
  auto samples = samples_of(core, node, *since);
  const bool silent = !samples && samples.error().code == "unavailable";
  if (!samples && !silent) return samples.error();
  const Totals sum = totals(core, nodes);
  return ok_json(json::object{{"node", core.sources.node_id},
                              {"players", sum.players},
                              {"maxPlayers", sum.max_players},
                              {"lobbies", sum.lobbies},
                              {"playing", sum.playing},
                              {"waiting", sum.lobbies - sum.playing},
                              {"openReports", *open},
                              {"nodes", nodes_json(core, nodes)},
                              {"samplesOf", node},
                              {"silent", silent},
                              {"samples", silent ? json::array() : std::move(*samples)}});
}

Answer nodes(Core& core, Call&) {
  const auto found = list_nodes(core);
  if (!found) return found.error();
  return ok_json(json::object{{"nodes", nodes_json(core, *found)}});
}

Answer drain(Core& core, Call& call) {
  const auto reason = reason_in(call);
  if (!reason) return reason.error();
  const auto known = list_nodes(core);
  if (!known) return known.error();
  const auto node = std::find_if(known->begin(), known->end(), [&](const auto& each) {
    return each.id == call.parameter && each.alive;
  });
  if (node == known->end()) return base::Error{"not_found", "There is no such node."};
  if (node->report.draining) return base::Error{"conflict", "This node is draining already."};
  // Noted first: an action without its row in the log must not be.
  const auto noted = core.sources.moderation->note(
      call.actor(), {"drain", "node " + call.parameter, *reason, R"({"draining":false})",
                     R"({"draining":true})"});
  if (!noted) return noted.error();
  const auto drained = core.sources.actions.drain_node(call.parameter);
  if (!drained) return drained.error();
  return no_content();
}

bool contains_without_case(std::string_view text, std::string_view part) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

bool matches(const FoundLobby& lobby, const std::string& text) {
  const lobby::DirectoryEntry& entry = lobby.entry;
  return contains_without_case(entry.id + ' ' + entry.mode + ' ' + entry.map + ' ' + lobby.node,
                               text);
}

Answer lobbies(Core& core, Call& call) {
  const std::string text = query_text(call.query, "search");
  const std::string status = query_text(call.query, "status");
  if (text.size() > kLongestSearch)
    return base::Error{"invalid", "search is longer than 64 bytes."};
  if (!status.empty() && status != "waiting" && status != "playing" && status != "finished")
    return base::Error{"invalid", "status must be waiting, playing or finished."};
  const auto paging = paging_in(call);
  if (!paging) return paging.error();
  json::array rows;
  std::size_t found = 0;
  for (const FoundLobby& lobby : all_lobbies(core)) {
    if (!status.empty() && lobby::browser_status(lobby.entry.status) != status) continue;
    if (!matches(lobby, text)) continue;
    if (++found <= paging->size) rows.push_back(lobby_json(lobby));
  }
  if (found == 0 && text.size() >= kShortestCode) {  // perhaps past what is listed, or a code
    const auto one = find_lobby(core, text);
    if (one) rows.push_back(lobby_json(*one));
    found = rows.size();
  }
  return ok_json(json::object{{"lobbies", std::move(rows)}, {"found", found}});
}

Answer view(Core& core, Call& call) {
  const auto lobby = find_lobby(core, call.parameter);
  if (!lobby) return lobby.error();
  auto text = answer_of(core, lobby->node, {Verb::view, lobby->entry.id});
  if (!text) return text.error();
  net::HttpResponse response;
  response.body = std::move(text).value();
  return response;
}

Answer detail(Core& core, Call& call) {
  const auto lobby = find_lobby(core, call.parameter);
  if (!lobby) return lobby.error();
  return ok_json(json::object{{"lobby", lobby_json(*lobby)}});
}

Answer close(Core& core, Call& call) {
  const auto reason = reason_in(call);
  if (!reason) return reason.error();
  const auto lobby = find_lobby(core, call.parameter);
  if (!lobby) return lobby.error();
  const auto noted = core.sources.moderation->note(
      call.actor(), {"close_lobby", "lobby " + lobby->entry.id, *reason,
                     json::serialize(lobby_json(*lobby)), ""});
  if (!noted) return noted.error();
  const auto closed = answer_of(core, lobby->node, {Verb::close, lobby->entry.id});
  if (!closed) return closed.error();
  return no_content();
}

// Somebody who sits in the lobby, an account or a guest: "player" of the body is the id on the
// wire.
base::Result<Offender> seated(Core& core, const Call& call) {
  const auto player = text_of(call.body, "player");
  if (!player || player->empty() || player->size() > kLongestSearch) return missing_field("player");
  const auto lobby = find_lobby(core, call.parameter);
  if (!lobby) return lobby.error();
  auto person = seated_in(core, lobby->node, lobby->entry.id, *player);
  if (!person) return person.error();
  return Offender{std::move(person->account_id), std::move(person->address), *player,
                  seat_text(*lobby, person->name)};
}

template <Answer (*act)(Core&, const Call&, const Offender&)>
Answer to_seated(Core& core, Call& call) {
  const auto offender = seated(core, call);
  if (!offender) return offender.error();
  return act(core, call, *offender);
}

constexpr Proof kFactor = Proof::second_factor;
constexpr AdminApi::Route kRoutes[] = {
    {"GET", "/api/admin/overview", false, Role::viewer, kFactor, overview},
    {"GET", "/api/admin/nodes", false, Role::viewer, kFactor, nodes},
    {"POST", "/api/admin/nodes/{id}/drain", true, Role::admin, kFactor, drain},
    {"GET", "/api/admin/lobbies", false, Role::viewer, kFactor, lobbies},
    {"GET", "/api/admin/lobbies/{id}", false, Role::viewer, kFactor, detail},
    {"GET", "/api/admin/lobbies/{id}/view", false, Role::viewer, kFactor, view},
    {"POST", "/api/admin/lobbies/{id}/close", true, Role::admin, kFactor, close},
    {"POST", "/api/admin/lobbies/{id}/ban", true, Role::moderator, kFactor, to_seated<ban>},
    {"POST", "/api/admin/lobbies/{id}/mute", true, Role::moderator, kFactor, to_seated<mute>},
    {"POST", "/api/admin/lobbies/{id}/kick", true, Role::moderator, kFactor, to_seated<kick>},
};

}  // namespace

std::span<const AdminApi::Route> admin_lobby_routes() { return kRoutes; }

}  // namespace api
