#include "api/routes.h"

#include <boost/json.hpp>

#include "api/openapi.h"
#include "api/problem.h"
#include "base/clock.h"

namespace api {
namespace json = boost::json;
namespace {

// Everything here may be read by any page (wire contract 1.5); no cookies are involved.
void allow_any_origin(net::HttpResponse& response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  response.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  response.headers.emplace_back("Access-Control-Allow-Headers",
                                "Origin, X-Requested-With, Content-Type, Accept");
}

json::object stats_of(const lobby::DirectoryCounts& counts) {
  const double average =
      counts.lobbies == 0 ? 0.0 : static_cast<double>(counts.players) / counts.lobbies;
  return {
      {"totalLobbies", counts.lobbies},
      {"totalPlayers", counts.players},
      {"averagePlayersPerLobby", average},
      {"lobbiesByStatus",
       {{"waiting", counts.waiting}, {"playing", counts.playing}, {"finished", counts.finished}}}};
}

net::HttpResponse greeting(const Site& site) {
  const lobby::DirectoryCounts counts = site.directory->counts();
  json::object body;
  body["status"] = "online";
  body["service"] = "trespasser";
  body["game"] = "Trespasser";
  body["timestamp"] = base::iso8601(base::wall_ms());
  body["lobbyManager"] = "initialized";
  body["players"] = counts.players;
  body["maxPlayers"] = site.directory->max_players();
  body["passwordRequired"] = false;
  body["stats"] = stats_of(counts);
  net::HttpResponse response;
  response.body = json::serialize(body);
  return response;
}

net::HttpResponse debug_lobbies(const Site& site) {
  json::array lobbies;
  for (const lobby::DirectoryEntry& entry : site.directory->all()) {
    lobbies.push_back({{"id", entry.id},
                       {"playerCount", entry.players},
                       {"maxPlayers", entry.max_players},
                       {"gameMode", entry.mode},
                       {"mapName", entry.map},
                       {"isPrivate", entry.is_private},
                       {"passwordRequired", entry.has_password},
                       {"status", lobby::browser_status(entry.status)},
                       {"createdAt", entry.created_ms},
                       {"lastActivity", entry.active_ms}});
  }
  const lobby::DirectoryCounts counts = site.directory->counts();
  net::HttpResponse response;
  response.body = json::serialize(json::object{{"lobbyManagerInitialized", true},
                                               {"totalLobbies", counts.lobbies},
                                               {"lobbies", std::move(lobbies)},
                                               {"stats", stats_of(counts)},
                                               {"timestamp", base::wall_ms()}});
  return response;
}

net::HttpResponse plain(unsigned status, std::string_view text) {
  net::HttpResponse response;
  response.status = status;
  response.body = json::serialize(json::object{{"status", text}});
  return response;
}

net::HttpResponse health_answer(const Site& site, std::string_view path) {
  if (path == "/health/live") return plain(200, "live");
  const Health* health = site.health;
  if (health == nullptr) return plain(503, "starting");
  if (path == "/health/ready")
    return health->draining() ? plain(503, "draining") : plain(200, "ready");
  const HealthReport report = health->report();
  net::HttpResponse response;
  response.status = report.healthy ? 200 : 503;
  response.body = report.body;
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

bool wants_page(const net::HttpRequest& request) {
  return request.header("Accept").find("text/html") != std::string_view::npos;
}

net::HttpResponse openapi_answer() {
  net::HttpResponse response;
  response.body = openapi_document();
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

// What is under /api/ beside the accounts: the description of the API, and a page of it to read.
net::HttpResponse api_answer(const Site& site, const net::HttpRequest& request) {
  if (request.path == "/api/openapi.json") return openapi_answer();
  if (request.path == "/api/docs" && site.pages->has("/docs/index.html")) {
    return site.pages->get("/docs/index.html", request);
  }
  return problem(404, "not_found", "There is nothing at this address.");
}

net::HttpResponse refuse_method(const net::HttpRequest& request) {
  net::HttpResponse response =
      problem(405, "invalid", "This address does not take " + std::string(request.method));
  response.headers.emplace_back("Allow", "GET, HEAD, OPTIONS");
  return response;
}

net::HttpResponse respond(const Site& site, const net::HttpRequest& request) {
  const std::string_view path = request.path;
  if (request.method == "OPTIONS") {
    net::HttpResponse response;
    response.status = 204;
    return response;
  }
  if (request.method != "GET" && request.method != "HEAD") return refuse_method(request);
  if (path == "/") {
    const bool page = wants_page(request) && site.pages->has("/play/index.html");
    net::HttpResponse response =
        page ? site.pages->get("/play/index.html", request) : greeting(site);
    response.headers.emplace_back("Vary", "Accept");
    return response;
  }
  if (path.starts_with("/health")) return health_answer(site, path);
  if (path == "/debug/lobbies" && site.test_hooks) return debug_lobbies(site);
  if (path.starts_with("/api/")) return api_answer(site, request);
  if (path == "/play" || path == "/play/") return site.pages->get("/play/index.html", request);
  return site.pages->get(path, request);
}

}  // namespace

void answer(const Site& site, const net::HttpRequest& request, const net::HttpReply& reply) {
  net::HttpResponse response = respond(site, request);
  allow_any_origin(response);
  reply(std::move(response));
}

}  // namespace api
