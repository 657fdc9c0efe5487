#include "api/account_routes.h"

#include <boost/json.hpp>

#include "accounts/statistics.h"
#include "base/clock.h"

namespace api {
namespace json = boost::json;
namespace {

using accounts::Service;
using Call = AccountApi::Call;
using Answer = base::Result<net::HttpResponse>;
using store::Store;

net::HttpResponse ok(const json::value& body, unsigned status = 200) {
  net::HttpResponse response;
  response.status = status;
  response.body = json::serialize(body);
  return response;
}

net::HttpResponse nothing() {
  net::HttpResponse response;
  response.status = 204;
  return response;
}

Answer done(const base::Result<void>& result) {
  if (!result) return result.error();
  return nothing();
}

base::Error missing(std::string_view name) {
  return {"invalid", "The field \"" + std::string(name) + "\" is missing or no text."};
}

std::string time_text(store::Time time) { return base::iso8601(time.time_since_epoch().count()); }

// The error, and for who tried too often how long `email` and the caller have to wait.
base::Error refused(Service& service, Call& call, const std::string& email,
                    const base::Error& error) {
  if (error.code == "limited") call.wait = service.login_wait(email, call.address);
  return error;
}

json::object stats_json(const accounts::Stats& stats) {
  return {{"kills", stats.kills},
          {"deaths", stats.deaths},
          {"matches", stats.matches},
          {"wins", stats.wins},
          {"winRate", accounts::win_rate(stats)},
          {"killRatio", accounts::kill_ratio(stats)},
          {"rating", stats.rating},
          {"ratingDeviation", stats.deviation}};
}

json::object player_json(const accounts::Player& player) {
  json::array permissions;
  for (const std::string& permission : player.permissions) permissions.emplace_back(permission);
  return {{"id", player.id},
          {"displayName", player.display_name},
          {"region", player.region},
          {"permissions", std::move(permissions)},
          {"stats", stats_json(player.stats)}};
}

json::object profile_json(const accounts::Profile& profile) {
  return {{"id", profile.id},
          {"displayName", profile.display_name},
          {"region", profile.region},
          {"createdAt", time_text(profile.created_at)},
          {"stats", stats_json(profile.stats)}};
}

json::object signed_in_json(const accounts::SignedIn& signed_in) {
  return {{"token", signed_in.access_token},
          {"refreshToken", signed_in.refresh_token},
          {"expiresIn", signed_in.expires_in.count()},
          {"player", player_json(signed_in.player)}};
}

Answer register_player(Service& service, Store&, Call& call) {
  const auto email = call.text("email");
  const auto password = call.text("password");
  const auto name = call.text("displayName");
  if (!email) return missing("email");
  if (!password) return missing("password");
  if (!name) return missing("displayName");
  const auto made = service.register_player(*email, *password, *name, call.address);
  if (!made) return refused(service, call, "", made.error());
  return ok(signed_in_json(*made), 201);
}

Answer login(Service& service, Store&, Call& call) {
  const auto email = call.text("email");
  const auto password = call.text("password");
  if (!email) return missing("email");
  if (!password) return missing("password");
  const auto signed_in = service.login(*email, *password, call.address);
  if (!signed_in) return refused(service, call, *email, signed_in.error());
  return ok(signed_in_json(*signed_in));
}

Answer refresh(Service& service, Store&, Call& call) {
  const auto token = call.text("refreshToken");
  if (!token) return missing("refreshToken");
  const auto renewed = service.refresh(*token);
  if (!renewed) return renewed.error();
  return ok(json::object{{"token", renewed->access_token},
                         {"refreshToken", renewed->refresh_token},
                         {"expiresIn", renewed->expires_in.count()}});
}

Answer logout(Service& service, Store&, Call& call) { return done(service.logout(call.claims)); }

Answer logout_all(Service& service, Store&, Call& call) {
  return done(service.logout_all(call.claims));
}

Answer change_password(Service& service, Store&, Call& call) {
  const auto old_password = call.text("old");
  const auto new_password = call.text("new");
  if (!old_password) return missing("old");
  if (!new_password) return missing("new");
  const auto signed_in =
      service.change_password(call.claims, *old_password, *new_password, call.address);
  if (!signed_in) {
    const auto player = service.me(call.claims);
    return refused(service, call, player ? player->email : "", signed_in.error());
  }
  return ok(signed_in_json(*signed_in));
}

Answer request_reset(Service& service, Store&, Call& call) {
  const auto email = call.text("email");
  if (!email) return missing("email");
  const auto asked = service.request_reset(*email, call.address);
  if (!asked && asked.error().code == "limited")
    call.wait = service.reset_wait(*email, call.address);
  return done(asked);
}

Answer reset_password(Service& service, Store&, Call& call) {
  const auto code = call.text("code");
  const auto password = call.text("password");
  if (!code) return missing("code");
  if (!password) return missing("password");
  return done(service.reset_password(*code, *password));
}

Answer me(Service& service, Store&, Call& call) {
  const auto player = service.me(call.claims);
  if (!player) return player.error();
  json::object body = player_json(*player);
  body["email"] = player->email;
  return ok(body);
}

Answer erase(Service& service, Store&, Call& call) { return done(service.erase(call.claims)); }

Answer export_me(Service& service, Store&, Call& call) {
  const auto text = service.export_me(call.claims);
  if (!text) return text.error();
  net::HttpResponse response;
  response.body = *text;
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"trespasser-player.json\"");
  return response;
}

Answer profile(Service&, Store& store, Call& call) {
  const auto found = store.transact(
      [&](store::Connection& db) { return accounts::public_profile(db, call.parameter); });
  if (!found) return found.error();
  if (!*found) return base::Error{"not_found", "There is no such player."};
  return ok(profile_json(**found));
}

Answer history(Service&, Store& store, Call& call) {
  const auto size = call.query_number("size", 20);
  if (!size || *size == 0 || *size > accounts::kMaxPage)
    return base::Error{"invalid", "size must be 1 to 100."};
  const std::string cursor = call.query_text("cursor");
  const auto page = store.transact(
      [&](store::Connection& db) { return accounts::history(db, call.parameter, cursor, *size); });
  if (!page) return page.error();
  json::array matches;
  for (const accounts::PlayedMatch& match : page->matches) {
    matches.push_back(json::object{{"matchId", match.match_id},
                                   {"mode", match.mode},
                                   {"map", match.map},
                                   {"team", match.team},
                                   {"kills", match.kills},
                                   {"deaths", match.deaths},
                                   {"won", match.won},
                                   {"winningTeam", match.winning_team},
                                   {"redScore", match.red_score},
                                   {"blueScore", match.blue_score},
                                   {"reason", match.reason},
                                   {"durationSeconds", match.duration_seconds},
                                   {"completedAt", time_text(match.completed_at)}});
  }
  return ok(json::object{{"matches", std::move(matches)}, {"next", page->next}});
}

Answer leaderboard(Service&, Store& store, Call& call) {
  const std::string by = call.query_text("by");
  const auto order = accounts::parse_order(by.empty() ? "wins" : by);
  const auto page = call.query_number("page", 0);
  const auto size = call.query_number("size", 20);
  if (!order) return base::Error{"invalid", "by must be wins, kills, ratio or rating."};
  if (!page || !size || *size == 0 || *size > accounts::kMaxPage || *page > accounts::kDeepest) {
    return base::Error{"invalid", "page must be a number and size 1 to 100."};
  }
  const auto board = store.transact(
      [&](store::Connection& db) { return accounts::leaderboard(db, *order, *page, *size); });
  if (!board) return board.error();
  json::array players;
  std::size_t rank = board->first_rank;
  for (const accounts::Profile& player : board->players) {
    json::object entry = profile_json(player);
    entry["rank"] = rank++;
    players.push_back(std::move(entry));
  }
  return ok(json::object{{"players", std::move(players)}, {"more", board->more}});
}

constexpr AccountApi::Route kRoutes[] = {
    {"POST", "/api/auth/register", true, false, true, register_player},
    {"POST", "/api/auth/login", true, false, true, login},
    {"POST", "/api/auth/refresh", true, false, false, refresh},
    {"POST", "/api/auth/logout", false, true, false, logout},
    {"POST", "/api/auth/logout-all", false, true, false, logout_all},
    {"POST", "/api/auth/password", true, true, true, change_password},
    {"POST", "/api/auth/reset-request", true, false, false, request_reset},
    {"POST", "/api/auth/reset", true, false, true, reset_password},
    {"GET", "/api/auth/me", false, true, false, me},
    {"DELETE", "/api/players/me", false, true, false, erase},
    {"GET", "/api/players/me/export", false, true, false, export_me},
    {"GET", "/api/players/{id}", false, false, false, profile},
    {"GET", "/api/players/{id}/matches", false, false, false, history},
    {"GET", "/api/leaderboard", false, false, false, leaderboard},
};

}  // namespace

std::span<const AccountApi::Route> account_routes() { return kRoutes; }

}  // namespace api
