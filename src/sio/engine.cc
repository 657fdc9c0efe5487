#include "sio/engine.h"

#include <algorithm>
#include <utility>

#include "net/http1.h"
#include "sio/ids.h"

namespace sio {

namespace {

// How long a closed polling session waits for the poll that takes its last words.
constexpr std::chrono::milliseconds kLastWords{5'000};

// One frame holds one message; a payload's limit is that of a message.
std::size_t frame_limit(const NodeSettings& settings) { return settings.sio.max_payload; }

void allow_origin(std::string_view origin, net::HttpResponse& response) {
  if (origin.empty()) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", origin);
  response.headers.emplace_back("Access-Control-Allow-Credentials", "true");
  response.headers.emplace_back("Vary", "Origin");
}

// The page comes from the very host it talks to.
bool same_host(std::string_view origin, std::string_view host) {
  const std::size_t start = origin.find("://");
  return start != std::string_view::npos && !host.empty() && origin.substr(start + 3) == host;
}

}  // namespace

Engine::Engine(net::Loop& loop, const NodeSettings& settings, const std::vector<Engine*>& all)
    : loop_(loop),
      settings_(settings),
      all_(all),
      connections_(loop, *this, settings.limits, frame_limit(settings), settings.sio.max_buffered) {
}

Engine::~Engine() = default;

void Engine::set_handlers(EngineHandler& handler, net::HttpHandler http) {
  handler_ = &handler;
  http_ = std::move(http);
}

// Requests
// --------------------------------------------------------------------------------------------------------

bool Engine::ours(std::string_view path) const {
  const std::string_view mine = settings_.sio.path;
  return path == mine || path == mine.substr(0, mine.size() - 1);
}

bool Engine::origin_allowed(const net::HttpRequest& request) const {
  const std::string_view origin = request.header("Origin");
  return origin.empty() || !settings_.origin_allowed || same_host(origin, request.header("Host")) ||
         settings_.origin_allowed(origin);
}

std::size_t Engine::body_limit(const net::HttpRequest& head) const {
  return ours(head.path) ? settings_.sio.max_payload : settings_.limits.body_bytes;
}

void Engine::on_rejected(const net::HttpRequest& head, net::HttpResponse& response) const {
  if (ours(head.path) && origin_allowed(head)) allow_origin(head.header("Origin"), response);
}

void Engine::on_request(net::Connection& connection, const net::HttpRequest& request) {
  if (ours(request.path)) {
    take_request(connection, request);
  } else if (http_) {
    http_(request, connections_.make_reply(connection));
  } else {
    net::HttpResponse response;
    response.status = 404;
    response.body = R"({"error":"not_found"})";
    connection.respond(response);
  }
}

void Engine::take_request(net::Connection& connection, const net::HttpRequest& request) {
  using engineio::Fault;
  const std::string_view origin = request.header("Origin");
  if (!origin_allowed(request)) return refuse(connection, {}, Fault::forbidden);
  if (request.method == "OPTIONS") return preflight(connection, request);

  const engineio::Query query = engineio::parse_query(request.query);
  if (query.repeated) return refuse(connection, origin, Fault::bad_request);
  const bool websocket = query.transport == "websocket";
  if (!websocket && query.transport != "polling")
    return refuse(connection, origin, Fault::transport_unknown);

  if (query.sid.empty()) {
    if (request.method != "GET") return refuse(connection, origin, Fault::bad_handshake_method);
    if (query.eio != "4") return refuse(connection, origin, Fault::unsupported_version);
    return open(connection, request, websocket);
  }
  const auto found = sessions_.find(query.sid);
  if (found != sessions_.end()) return route(*found->second, connection, request, websocket);
  if (!pass_on(connection, query.sid)) refuse(connection, origin, Fault::session_unknown);
}

void Engine::preflight(net::Connection& connection, const net::HttpRequest& request) {
  net::HttpResponse response;
  response.status = 204;
  response.headers.emplace_back("Access-Control-Allow-Methods", "GET,POST");
  const std::string_view wanted = request.header("Access-Control-Request-Headers");
  if (!wanted.empty()) response.headers.emplace_back("Access-Control-Allow-Headers", wanted);
  allow_origin(request.header("Origin"), response);
  connection.respond(response);
}

// The shard that the sid names, or to which that shard has passed the session on. Two hops at most:
// only the named shard sends a request further, and the one that got it from there has the session
// or it is gone.
bool Engine::pass_on(net::Connection& connection, std::string_view sid) {
  const auto named = shard_of(sid);
  if (!named || *named >= all_.size()) return false;
  net::ShardId target = *named;
  if (target == loop_.id()) {
    const auto moved = moved_.find(sid);
    if (moved == moved_.end()) return false;
    target = moved->second;
  } else if (connection.hops() > 0) {
    return false;
  }
  connections_.move(connection, all_[target]->connections_);
  return true;
}

void Engine::open(net::Connection& connection, const net::HttpRequest& request, bool websocket) {
  const std::string_view key = request.header("Sec-WebSocket-Key");
  if (websocket && !net::is_websocket_request(request)) {
    return refuse(connection, request.header("Origin"), engineio::Fault::bad_request);
  }
  Handshake handshake;
  handshake.address = request.remote_address;
  handshake.origin = request.header("Origin");
  handshake.user_agent = request.header("User-Agent");
  handshake.forwarded_for = request.header_list("X-Forwarded-For");
  if (settings_.may_open && !settings_.may_open(handshake)) {
    return turn_away(connection, handshake.origin, 429,
                     R"({"code":4,"message":"Too many connections"})");
  }
  if (winding_up_ || sessions_.size() >= settings_.max_sessions) {
    return turn_away(connection, handshake.origin, 503, R"({"code":4,"message":"Server is full"})");
  }
  auto made =
      std::make_unique<EngineSession>(*this, random_id_of(loop_.id()), std::move(handshake));
  EngineSession& session = *made;
  sessions_.emplace(session.sid(), std::move(made));
  loop_.counters().sessions.add();
  if (websocket) {
    session.open_websocket(connection, key);
  } else {
    session.open_polling(connection);
  }
}

void Engine::route(EngineSession& session, net::Connection& connection,
                   const net::HttpRequest& request, bool websocket) {
  const std::string_view origin = request.header("Origin");
  if (websocket) {
    if (!net::is_websocket_request(request))
      return refuse(connection, origin, engineio::Fault::bad_request);
    return session.on_upgrade(connection, request.header("Sec-WebSocket-Key"));
  }
  const bool polling = session.transport_ == EngineSession::Transport::polling;
  if (!polling) return refuse(connection, origin, engineio::Fault::bad_request);
  session.handshake_.origin = origin;
  if (request.method == "GET") {
    session.on_poll(connection);
  } else if (request.method == "POST") {
    session.on_post(connection, request.body);
  } else {
    refuse(connection, origin, engineio::Fault::bad_request);
  }
}

void Engine::respond(net::Connection& connection, std::string_view origin,
                     net::HttpResponse response) {
  response.headers.emplace_back("Cache-Control", "no-store");
  allow_origin(origin, response);
  connection.respond(response);
}

void Engine::refuse(net::Connection& connection, std::string_view origin, engineio::Fault fault) {
  loop_.counters().rejected.add();
  net::HttpResponse response;
  response.status = fault == engineio::Fault::forbidden ? 403 : 400;
  response.body = engineio::fault_body(fault);
  respond(connection, origin, std::move(response));
}

// No fault of the request: the same may be granted in a moment.
void Engine::turn_away(net::Connection& connection, std::string_view origin, unsigned status,
                       std::string_view body) {
  loop_.counters().rejected.add();
  net::HttpResponse response;
  response.status = status;
  response.headers.emplace_back("Retry-After", "1");
  response.body = body;
  respond(connection, origin, std::move(response));
}

// Ends
// ------------------------------------------------------------------------------------------------------------

void Engine::close_later(EngineSession& session) {
  loop_.after_batch([this, sid = session.sid()] {
    const auto found = sessions_.find(sid);
    if (found != sessions_.end()) found->second->end_when_heard();
  });
}

void Engine::closed(EngineSession& session, DisconnectReason reason, bool linger) {
  loop_.counters().sessions.subtract();
  handler_->on_close(session, reason);
  if (!linger) return forget(session);
  session.heartbeat_ = loop_.at(loop_.now() + kLastWords, [this, &session] {
    session.heartbeat_ = 0;
    forget(session);
  });
}

// Destroys it after the batch: some function of the session is still running.
void Engine::forget(EngineSession& session) {
  loop_.after_batch([this, sid = session.sid()] {
    const auto found = sessions_.find(sid);
    if (found == sessions_.end()) return;
    const auto named = shard_of(sid);
    if (*named != loop_.id()) {
      Engine* const home = all_[*named];
      home->loop_.post([home, sid] { home->moved_.erase(sid); });
    }
    sessions_.erase(found);
  });
}

void Engine::close_all() {
  winding_up_ = true;
  for (auto& [sid, session] : sessions_) session->close(DisconnectReason::server_closed);
}

bool Engine::all_closed() const {
  return std::all_of(sessions_.begin(), sessions_.end(),
                     [](const auto& each) { return each.second->closed_; });
}

// Moves
// -----------------------------------------------------------------------------------------------------------

void Engine::move_later(EngineSession& session, net::ShardId shard) {
  loop_.after_batch([this, sid = session.sid(), shard] {
    const auto found = sessions_.find(sid);
    if (found != sessions_.end() && !found->second->closing())
      move_now(*found->second, *all_[shard]);
  });
}

// Everything the session has goes in one post, so that a request for its sid that follows finds it
// there.
void Engine::move_now(EngineSession& session, Engine& target) {
  struct Parcel {
    std::unique_ptr<EngineSession> session;
    std::vector<std::unique_ptr<net::Connection>> connections;
  };
  if (session.probe_ != nullptr && session.probe_->closing()) session.drop_probe();
  // One that is being lost ends the session here.
  for (const net::Connection* connection : {session.socket_, session.poll_}) {
    if (connection != nullptr && connection->closing()) return;
  }
  auto parcel = std::make_shared<Parcel>();
  handler_->on_moved_away(session);
  session.detach_from_shard();
  for (net::Connection* connection : {session.socket_, session.poll_, session.probe_}) {
    if (connection != nullptr) parcel->connections.push_back(connections_.detach(*connection));
  }
  loop_.counters().sessions.subtract();
  auto node = sessions_.extract(session.sid());
  if (*shard_of(session.sid()) == loop_.id()) moved_[session.sid()] = target.loop_.id();
  parcel->session = std::move(node.mapped());
  target.loop_.post([&target, parcel] {
    for (auto& connection : parcel->connections) target.connections_.adopt(std::move(connection));
    target.adopt(std::move(parcel->session));
  });
}

void Engine::adopt(std::unique_ptr<EngineSession> session) {
  EngineSession& arrived = *session;
  sessions_.emplace(arrived.sid(), std::move(session));
  loop_.counters().sessions.add();
  arrived.arrive(*this);
  if (winding_up_) arrived.close(DisconnectReason::server_closed);
}

}  // namespace sio
