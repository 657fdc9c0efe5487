#include "api/account_api.h"

#include "api/account_routes.h"
#include "api/problem.h"
#include "api/rate_headers.h"
#include "api/request_parts.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/tally.h"

namespace api {

AccountApi::AccountApi(accounts::Service& service, store::Store& store, accounts::WorkPool& hashing,
                       accounts::WorkPool& waiting, Options options)
    : service_(service),
      store_(store),
      hashing_(hashing),
      waiting_(waiting),
      options_(std::move(options)),
      limit_(options_.requests_per_minute) {}

bool AccountApi::owns(std::string_view path) {
  return path.starts_with("/api/auth/") || path.starts_with("/api/players") ||
         path.starts_with("/api/leaderboard");
}

namespace {

constexpr std::string_view kBearer = "Bearer ";

std::string allowed_methods(std::string_view path) {
  std::string methods;
  for (const AccountApi::Route& route : account_routes()) {
    if (!match_path(route.path, path)) continue;
    methods += methods.empty() ? "" : ", ";
    methods += route.method;
  }
  return methods;
}

}  // namespace

void AccountApi::finish(const Call& call, net::HttpResponse response) const {
  add_rate_headers(response, limit_, call.verdict);
  response.headers.emplace_back("X-Request-Id", call.request_id);
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Vary", "Origin");
  if (!call.origin.empty() && options_.origin_allowed(call.origin)) {
    response.headers.emplace_back("Access-Control-Allow-Origin", call.origin);
    response.headers.emplace_back("Access-Control-Allow-Headers", "Authorization, Content-Type");
    response.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS");
    response.headers.emplace_back(
        "Access-Control-Expose-Headers",
        "X-Request-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset");
  }
  call.reply(std::move(response));
}

void AccountApi::handle(const net::HttpRequest& request,
                        std::function<void(net::HttpResponse)> reply) {
  auto call = std::make_shared<Call>();
  call->reply = std::move(reply);
  call->request_id = base::secure_id(16);
  call->origin = request.header("Origin");
  call->address =
      options_.client_address.of(request.remote_address, request.header_list("X-Forwarded-For"));
  call->query = request.query;
  call->body_text = request.body;
  if (const std::string_view header = request.header("Authorization");
      header.starts_with(kBearer)) {
    call->token = header.substr(kBearer.size());
  }
  call->verdict = limit_.take(call->address, base::steady_now());
  if (!call->verdict.allowed)
    return finish(*call, problem(429, "limited", "Too many requests. Please wait a moment."));
  if (request.method == "OPTIONS") {
    net::HttpResponse response;
    response.status = 204;
    // Asked once in a while, not before each request: preflights count as well.
    response.headers.emplace_back("Access-Control-Max-Age", "600");
    return finish(*call, std::move(response));
  }
  for (const Route& route : account_routes()) {
    const auto parameter = match_path(route.path, request.path);
    if (!parameter || route.method != request.method) continue;
    call->parameter = *parameter;
    if (route.body && !request.header("Content-Type").starts_with("application/json"))
      return finish(*call, problem(415, "invalid", "Content-Type must be application/json."));
    return run(route, std::move(call));
  }
  if (const std::string methods = allowed_methods(request.path); !methods.empty()) {
    net::HttpResponse response =
        problem(405, "invalid", "This address does not take " + std::string(request.method));
    response.headers.emplace_back("Allow", methods);
    return finish(*call, std::move(response));
  }
  finish(*call, problem(404, "not_found", "There is nothing at this address."));
}

void AccountApi::run(const Route& route, std::shared_ptr<Call> call) {
  accounts::WorkPool& pool = route.hashes ? hashing_ : waiting_;
  pool.submit(
      [this, &route, call, since = base::steady_now()] {
        net::HttpResponse response = answer(route, *call);
        if (route.hashes)
          base::tally::took(base::tally::Duration::login, base::steady_now() - since);
        finish(*call, std::move(response));
      },
      [this, call] {
        net::HttpResponse response =
            problem(503, "unavailable", "Too many players are signing in. Please try again.");
        response.headers.emplace_back("Retry-After", "2");
        finish(*call, std::move(response));
      });
}

net::HttpResponse AccountApi::answer(const Route& route, Call& call) {
  if (route.body) {
    auto body = parse_body(call.body_text);
    if (!body) return problem(body.error(), call.request_id);
    call.body = std::move(body).value();
  }
  if (route.signed_in) {
    auto claims = service_.authenticate(call.token);
    if (!claims) return problem(claims.error(), call.request_id);
    call.claims = std::move(claims).value();
  }
  auto response = route.run(service_, store_, call);
  if (response) return std::move(response).value();
  net::HttpResponse refusal = problem(response.error(), call.request_id);
  if (response.error().code == "limited") {
    refusal.headers.emplace_back("Retry-After",
                                 std::to_string(std::max<std::int64_t>(1, call.wait.count())));
  }
  return refusal;
}

std::optional<std::string> AccountApi::Call::text(std::string_view name) const {
  return text_of(body, name);
}

std::string AccountApi::Call::query_text(std::string_view name) const {
  return api::query_text(query, name);
}

std::optional<std::size_t> AccountApi::Call::query_number(std::string_view name,
                                                          std::size_t otherwise) const {
  return api::query_number(query, name, otherwise);
}

}  // namespace api
