#include "api/admin_api.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "api/admin_call.h"
#include "api/problem.h"
#include "api/rate_headers.h"
#include "api/request_parts.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/tally.h"

namespace api {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kApi = "/api/admin/";
constexpr int kStrangersPerMinute = 100;  // S1
constexpr int kStaffPerMinute =
    1'200;  // a dashboard that looks into a lobby asks four times a second
constexpr std::int64_t kRememberMs = 60 * 60 * 1000;
constexpr std::size_t kMostRemembered = 1'000;
constexpr std::size_t kLongestName = 120;  // of a path in the log, bytes

// Only what this server sends: no inline script or style, nobody's frame, no other address.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

accounts::WorkPool::Options pool_options(std::string name, std::size_t threads) {
  accounts::WorkPool::Options options;
  options.name = std::move(name);
  options.threads = threads;
  options.queue = 256;
  options.patience = std::chrono::milliseconds(5000);
  return options;
}

std::array<std::span<const AdminApi::Route>, 6> tables() {
  return {admin_self_routes(),  admin_player_routes(), admin_report_routes(),
          admin_lobby_routes(), admin_log_routes(),    admin_business_routes()};
}

// The path of a table's line that says more is meant before one with a part in braces, so the first
// match counts; methods that the address takes are gathered for a 405.
const AdminApi::Route* find_route(std::string_view method, std::string_view path,
                                  std::string& parameter, std::string& methods) {
  for (const auto& table : tables()) {
    for (const AdminApi::Route& route : table) {
      const auto part = match_path(route.path, path);
      if (!part) continue;
      if (route.method == method) {
        parameter = *part;
        return &route;
      }
      methods += methods.empty() ? "" : ", ";
      methods += route.method;
    }
  }
  return nullptr;
}

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// A page of this server's own, or no page at all.
bool own_origin(const net::HttpRequest& request, std::string_view public_url) {
  const std::string_view site = request.header("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none") return false;
  std::string_view origin = request.header("Origin");
  if (origin.empty()) return true;
  if (equal_without_case(origin, public_url)) return true;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!origin.starts_with(scheme)) continue;
    origin.remove_prefix(scheme.size());
    return !origin.empty() && equal_without_case(origin, request.header("Host"));
  }
  return false;
}

net::HttpResponse not_here() {
  return problem(404, "not_found", "There is nothing at this address.");
}

// Who has no login, or none that has shown its factor, is counted; who has one and asks for more
// than his role, or acts on his like, is named in the log. What he would have done is no row of the
// audit log: it was not done.
void note_refusal(const base::Error& error, const AdminApi::Call& call) {
  const bool forbidden = error.code == "forbidden";
  if (!forbidden && error.code != "unauthorized" && error.code != "banned" &&
      error.code != "second_factor")
    return;
  base::tally::count(base::tally::Event::admin_refused);
  if (!forbidden || call.staff.id.empty()) return;
  base::log::warn("admin_refused", {{"call", call.name},
                                    {"player", call.staff.id},
                                    {"role", role_name(call.staff.role)},
                                    {"address", call.address}});
}

net::HttpResponse refusal(const base::Error& error, const AdminApi::Call& call) {
  if (error.code == "second_factor") return problem(403, error.code, error.message);
  net::HttpResponse response = problem(error, call.request_id);
  if (error.code == "limited")
    response.headers.emplace_back("Retry-After",
                                  std::to_string(std::max<std::int64_t>(1, call.wait.count())));
  return response;
}

void set_header(net::HttpResponse& response, std::string_view name, std::string_view value) {
  for (auto& [known, text] : response.headers) {
    if (known != name) continue;
    text = value;
    return;
  }
  response.headers.emplace_back(name, value);
}

}  // namespace

AdminApi::AdminApi(AdminSources sources)
    : core_([&] {
        Seal seal(sources.token_secrets);
        FigureSources figures = sources.figures;
        return std::unique_ptr<Core>(
            new Core{std::move(sources), std::move(seal), Figures(std::move(figures))});
      }()),
      stranger_limit_(kStrangersPerMinute),
      staff_limit_(kStaffPerMinute),
      pool_(pool_options("admin", 4)),
      others_pool_(pool_options("admin-others", 2)) {
  if (core_->sources.channel == nullptr) return;
  core_->link = std::make_unique<AdminLink>(
      *core_->sources.channel,
      [this](Question question, std::function<void(const NodeAnswer&)> done) {
        others_pool_.submit(
            [this, question = std::move(question), done] { done(answer_here(*core_, question)); },
            [done] { done(base::Error{"unavailable", "That node is busy."}); });
      });
}

AdminApi::~AdminApi() = default;

bool AdminApi::owns_frame(std::string_view frame) { return AdminLink::owns(frame); }

void AdminApi::hear_frame(std::string_view from, std::string_view frame) {
  if (core_->link) core_->link->hear(from, frame);
}

bool AdminApi::owns(std::string_view path) {
  return path == "/admin" || path.starts_with("/admin/") || path.starts_with(kApi);
}

// The limit comes first: what follows costs more than counting.
bool AdminApi::admit(const net::HttpRequest& request, Call& call) {
  const auto claims = core_->sources.service->verify(call.token);
  const bool staff = claims && remembers(claims->session_id);
  base::RateLimit& limit = staff ? staff_limit_ : stranger_limit_;
  call.limit = &limit;
  call.verdict = limit.take(staff ? claims->session_id : call.address, base::steady_now());
  if (!call.verdict.allowed) {
    finish(call, problem(429, "limited", "Too many requests. Please wait a moment."));
    return false;
  }
  if (!own_origin(request, core_->sources.public_url)) {
    const base::Error foreign{"forbidden", "Pages of other origins may not ask this."};
    note_refusal(foreign, call);
    finish(call, refusal(foreign, call));
    return false;
  }
  return true;
}

void AdminApi::handle(const net::HttpRequest& request,
                      std::function<void(net::HttpResponse)> reply) {
  auto call = std::make_shared<Call>();
  call->reply = std::move(reply);
  call->request_id = base::secure_id(16);
  call->address = core_->sources.client_address.of(request.remote_address,
                                                   request.header_list("X-Forwarded-For"));
  if (!request.path.starts_with(kApi)) return serve_page(request, std::move(call));
  call->query = request.query;
  call->body_text = request.body;
  if (const std::string_view header = request.header("Authorization");
      header.starts_with(kBearer)) {
    call->token = header.substr(kBearer.size());
  }
  call->name = std::string(request.method).append(" ").append(request.path.substr(0, kLongestName));
  if (!admit(request, *call)) return;
  std::string methods;
  const Route* route = find_route(request.method, request.path, call->parameter, methods);
  if (route != nullptr && route->body &&
      !request.header("Content-Type").starts_with("application/json")) {
    return finish(*call, problem(415, "invalid", "Content-Type must be application/json."));
  }
  if (route != nullptr) return run(*route, std::move(call));
  submit(call, [this, methods] {
    if (!is_on() || methods.empty()) return not_here();
    net::HttpResponse response = problem(405, "invalid", "This address does not take that.");
    response.headers.emplace_back("Allow", methods);
    return response;
  });
}

// The page is there when the API is. It is public: it holds nothing but the way to ask.
void AdminApi::serve_page(const net::HttpRequest& request, std::shared_ptr<Call> call) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const bool root = request.path == "/admin" || request.path == "/admin/";
  net::HttpResponse page = not_here();
  if (reads) page = core_->sources.pages->get(root ? "/admin/index.html" : request.path, request);
  set_header(page, "Content-Security-Policy", kPolicy);
  set_header(page, "X-Content-Type-Options", "nosniff");
  set_header(page, "X-Frame-Options", "DENY");
  set_header(page, "Referrer-Policy", "no-referrer");
  set_header(page, "Cross-Origin-Opener-Policy", "same-origin-allow-popups");
  set_header(page, "Cross-Origin-Resource-Policy", "same-origin");
  if (on_) return call->reply(std::move(page));
  call->verdict = stranger_limit_.take(call->address, base::steady_now());
  if (!call->verdict.allowed)
    return call->reply(problem(429, "limited", "Too many requests. Please wait a moment."));
  pool_.submit(
      [this, call, page = std::move(page)]() mutable {
        call->reply(is_on() ? std::move(page) : not_here());
      },
      [call] { call->reply(problem(503, "unavailable", "Please try again.")); });
}

void AdminApi::submit(std::shared_ptr<Call> call, std::function<net::HttpResponse()> work) {
  pool_.submit([this, call, work = std::move(work)] { finish(*call, work()); },
               [this, call] {
                 net::HttpResponse response =
                     problem(503, "unavailable", "The server is busy. Please try again.");
                 response.headers.emplace_back("Retry-After", "2");
                 finish(*call, std::move(response));
               });
}

void AdminApi::run(const Route& route, std::shared_ptr<Call> call) {
  submit(call, [this, &route, call] { return answer(route, *call); });
}

// An administrator once seen stays one for this purpose: the last one cannot be demoted here.
bool AdminApi::is_on() {
  if (on_) return true;
  const auto found =
      core_->sources.store->transact([](store::Connection& db) { return has_admin(db); });
  if (found && *found) on_ = true;
  return on_;
}

base::Result<void> AdminApi::recognise(const Route& route, Call& call) {
  const auto claims = core_->sources.service->authenticate(call.token);
  if (!claims) return claims.error();
  auto staff = core_->sources.store->transact([&](store::Connection& db) {
    return find_staff(db, claims->player_id, claims->session_id, store::now());
  });
  if (!staff) return staff.error();
  call.staff = std::move(staff).value();
  call.session_id = claims->session_id;
  if (call.staff.role == Role::none) return base::Error{"forbidden", "This is for staff."};
  if (route.proof == Proof::password) return {};
  if (!call.staff.enrolled) return base::Error{"second_factor", "Set up the second factor first."};
  if (!call.staff.verified) return base::Error{"second_factor", "Show the second factor first."};
  remember(call.session_id);
  if (call.staff.role < route.role)
    return base::Error{"forbidden",
                       "This takes the role " + std::string(role_name(route.role)) + "."};
  return {};
}

net::HttpResponse AdminApi::answer(const Route& route, Call& call) {
  if (!is_on()) return not_here();
  if (const auto known = recognise(route, call); !known) {
    note_refusal(known.error(), call);
    return refusal(known.error(), call);
  }
  if (route.body) {
    auto body = parse_body(call.body_text);
    if (!body) return refusal(body.error(), call);
    call.body = std::move(body).value();
  }
  auto response = route.run(*core_, call);
  if (response) return std::move(response).value();
  // A wrong code has its own line, and its row in the audit log.
  if (route.proof == Proof::second_factor) note_refusal(response.error(), call);
  return refusal(response.error(), call);
}

void AdminApi::finish(const Call& call, net::HttpResponse response) const {
  add_rate_headers(response, *call.limit, call.verdict);
  response.headers.emplace_back("X-Request-Id", call.request_id);
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  call.reply(std::move(response));
}

void AdminApi::remember(const std::string& session_id) {
  const std::int64_t now = base::steady_ms();
  const std::lock_guard lock(mutex_);
  if (lately_.size() >= kMostRemembered)
    std::erase_if(lately_, [&](const auto& each) { return now - each.second > kRememberMs; });
  if (lately_.size() < kMostRemembered) lately_[session_id] = now;
}

bool AdminApi::remembers(const std::string& session_id) {
  const std::lock_guard lock(mutex_);
  const auto found = lately_.find(session_id);
  return found != lately_.end() && base::steady_ms() - found->second <= kRememberMs;
}

}  // namespace api
