// The running game: figures, nodes, lobbies, a look inside.

#include <algorithm>
#include <boost/json.hpp>
#include <future>

#include "api/admin_call.h"
#include "api/admin_reports.h"
#include "api/request_parts.h"
#include "cluster/nodes.h"
#include "lobby/engine.h"
#include "lobby/top_view.h"

namespace api {
namespace json = boost::json;
namespace {

using Call = AdminApi::Call;
using Core = AdminApi::Core;

constexpr std::chrono::seconds kShardPatience{1};
constexpr std::chrono::seconds kClusterPatience{2};
constexpr std::size_t kLongestSearch = 64;  // bytes

base::Error no_lobby() { return {"not_found", "There is no such lobby on this node."}; }

double in_ms(std::uint64_t ns) { return static_cast<double>(ns) / 1e6; }

base::Result<std::vector<cluster::NodeEntry>> list_nodes(Core& core) {
  using Nodes = std::vector<cluster::NodeEntry>;
  const auto told = std::make_shared<std::promise<base::Result<Nodes>>>();
  core.sources.nodes->list(
      [told](base::Result<Nodes> nodes) { told->set_value(std::move(nodes)); });
  std::future<base::Result<Nodes>> answer = told->get_future();
  if (answer.wait_for(kClusterPatience) != std::future_status::ready)
    return base::Error{"unavailable", "The cluster does not answer."};
  return answer.get();
}

json::array nodes_json(const Core& core, const std::vector<cluster::NodeEntry>& nodes) {
  json::array rows;
  for (const cluster::NodeEntry& node : nodes) {
    rows.push_back(json::object{{"id", node.id},
                                {"self", node.id == core.sources.node_id},
                                {"alive", node.alive},
                                {"unseenMs", node.unseen_ms},
                                {"address", node.report.address},
                                {"region", node.report.region},
                                {"players", node.report.players},
                                {"maxPlayers", node.report.max_players},
                                {"lobbies", node.report.lobbies},
                                {"maxLobbies", node.report.max_lobbies},
                                {"draining", node.report.draining}});
  }
  return rows;
}

json::array figures_json(const std::vector<Figure>& figures) {
  json::array rows;
  for (const Figure& figure : figures) {
    rows.push_back(json::object{{"at", figure.at_ms},
                                {"players", figure.players},
                                {"lobbies", figure.lobbies},
                                {"playing", figure.playing},
                                {"connections", figure.connections},
                                {"requests", figure.requests},
                                {"errors", figure.errors},
                                {"ticks", figure.ticks},
                                {"lateP50Ms", in_ms(figure.late_p50_ns)},
                                {"lateP99Ms", in_ms(figure.late_p99_ns)},
                                {"lateMaxMs", in_ms(figure.late_max_ns)}});
  }
  return rows;
}

Answer overview(Core& core, Call& call) {
  const auto since = query_number(call.query, "since", 0);
  if (!since || *since > std::size_t{1} << 62)
    return base::Error{"invalid", "since must be a number of milliseconds."};
  const auto open = core.sources.store->transact(count_open_reports);
  if (!open) return open.error();
  const auto nodes = list_nodes(core);
  const lobby::DirectoryCounts counts = core.sources.directory->counts();
  return ok_json(json::object{
      {"node", core.sources.node_id},
      {"players", counts.players},
      {"maxPlayers", core.sources.directory->max_players()},
      {"lobbies", counts.lobbies},
      {"playing", counts.playing},
      {"waiting", counts.waiting},
      {"openReports", *open},
      {"nodes", nodes ? nodes_json(core, *nodes) : json::array()},
      {"samples", figures_json(core.figures.since(static_cast<std::int64_t>(*since)))}});
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
  const auto noted =
      core.sources.moderation->note(call.actor(), "drain", "node " + call.parameter, *reason,
                                    R"({"draining":false})", R"({"draining":true})");
  if (!noted) return noted.error();
  const auto drained = core.sources.actions.drain_node(call.parameter);
  if (!drained) return drained.error();
  return no_content();
}

json::object lobby_json(const lobby::DirectoryEntry& entry) {
  return {{"id", entry.id},
          {"mode", entry.mode},
          {"map", entry.map},
          {"status", lobby::browser_status(entry.status)},
          {"private", entry.is_private},
          {"password", entry.has_password},
          {"players", entry.players},
          {"bots", entry.bots},
          {"maxPlayers", entry.max_players},
          {"createdAt", base::iso8601(entry.created_ms)},
          {"activeAt", base::iso8601(entry.active_ms)}};
}

bool contains_without_case(std::string_view text, std::string_view part) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }) != text.end();
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
  for (const lobby::DirectoryEntry& entry : core.sources.directory->all()) {
    if (!status.empty() && lobby::browser_status(entry.status) != status) continue;
    if (!contains_without_case(entry.id + ' ' + entry.mode + ' ' + entry.map, text)) continue;
    if (++found <= paging->size) rows.push_back(lobby_json(entry));
  }
  return ok_json(json::object{{"lobbies", std::move(rows)}, {"found", found}});
}

std::optional<lobby::DirectoryEntry> find_lobby(Core& core, const std::string& id) {
  for (const lobby::DirectoryEntry& entry : core.sources.directory->all()) {
    if (entry.id == id) return entry;
  }
  return std::nullopt;
}

// Runs work(engine) on the shard of the lobby and waits for what it gives. What it captures must
// outlive a late run: values only.
template <class T, class Work>
base::Result<T> on_shard(Core& core, lobby::ShardIndex shard, Work work) {
  const auto told = std::make_shared<std::promise<T>>();
  core.sources.on_engine(shard,
                         [told, work](lobby::Engine& engine) { told->set_value(work(engine)); });
  std::future<T> answer = told->get_future();
  if (answer.wait_for(kShardPatience) != std::future_status::ready)
    return base::Error{"unavailable", "The lobby's shard does not answer."};
  return answer.get();
}

base::Result<std::string> look_into(Core& core, const lobby::DirectoryEntry& entry) {
  auto text =
      on_shard<std::string>(core, entry.shard, [number = entry.number](lobby::Engine& engine) {
        std::string view;
        engine.each([&](const lobby::Lobby& lobby) {
          if (lobby.number() == number) view = lobby::top_view(lobby);
        });
        return view;
      });
  if (text && text->empty()) return no_lobby();
  return text;
}

Answer view(Core& core, Call& call) {
  const auto entry = find_lobby(core, call.parameter);
  if (!entry) return no_lobby();
  auto text = look_into(core, *entry);
  if (!text) return text.error();
  net::HttpResponse response;
  response.body = R"({"lobby":)" + json::serialize(lobby_json(*entry)) + R"(,"view":)" + *text +
                  R"(,"at":)" + std::to_string(base::wall_ms()) + '}';
  return response;
}

Answer detail(Core& core, Call& call) {
  const auto entry = find_lobby(core, call.parameter);
  if (!entry) return no_lobby();
  return ok_json(json::object{{"lobby", lobby_json(*entry)}});
}

Answer close(Core& core, Call& call) {
  const auto reason = reason_in(call);
  if (!reason) return reason.error();
  const auto entry = find_lobby(core, call.parameter);
  if (!entry) return no_lobby();
  const auto noted =
      core.sources.moderation->note(call.actor(), "close_lobby", "lobby " + entry->id, *reason,
                                    json::serialize(lobby_json(*entry)), "");
  if (!noted) return noted.error();
  const auto closed =
      on_shard<bool>(core, entry->shard, [number = entry->number](lobby::Engine& engine) {
        return engine.close(number, "Closed by an administrator");
      });
  if (!closed) return closed.error();
  if (!*closed) return no_lobby();
  return no_content();
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
};

}  // namespace

std::span<const AdminApi::Route> admin_lobby_routes() { return kRoutes; }

}  // namespace api
