#pragma once

// Engine.IO of one shard: takes the requests under its path, knows the sessions that live here and
// the shards where the others live. Everything else goes to the HttpHandler. Lives on its shard's
// thread.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/connection_set.h"
#include "net/http.h"
#include "net/loop.h"
#include "sio/engine_session.h"
#include "sio/engineio.h"
#include "sio/node.h"

namespace sio {

class Engine final : private net::HttpService {
 public:
  // `all` has the Engine of each shard by number once the node is built; both it and `settings`
  // outlive the Engine.
  Engine(net::Loop& loop, const NodeSettings& settings, const std::vector<Engine*>& all);
  ~Engine();

  // Before the shard runs.
  void set_handlers(EngineHandler& handler, net::HttpHandler http);

  net::Loop& loop() { return loop_; }
  net::ConnectionSet& connections() { return connections_; }
  const Settings& settings() const { return settings_.sio; }
  EngineHandler& handler() { return *handler_; }

  // Ends all sessions with server_closed, and lets no new ones in.
  void close_all();
  // Whether that is done: who is in the middle of an upgrade hears of it only after it, or is given
  // up after some time.
  bool all_closed() const;

 private:
  friend class EngineSession;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  template <class Value>
  using ById = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

  // net::HttpService
  void on_request(net::Connection& connection, const net::HttpRequest& request) override;
  std::size_t body_limit(const net::HttpRequest& head) const override;
  void on_rejected(const net::HttpRequest& head, net::HttpResponse& response) const override;

  bool ours(std::string_view path) const;
  bool origin_allowed(const net::HttpRequest& request) const;
  void take_request(net::Connection& connection, const net::HttpRequest& request);
  void preflight(net::Connection& connection, const net::HttpRequest& request);
  void open(net::Connection& connection, const net::HttpRequest& request, bool websocket);
  void route(EngineSession& session, net::Connection& connection, const net::HttpRequest& request,
             bool websocket);
  bool pass_on(net::Connection& connection, std::string_view sid);

  // From sessions.
  void respond(net::Connection& connection, std::string_view origin, net::HttpResponse response);
  void refuse(net::Connection& connection, std::string_view origin, engineio::Fault fault);
  void turn_away(net::Connection& connection, std::string_view origin, unsigned status,
                 std::string_view body);
  void close_later(EngineSession& session);
  void move_later(EngineSession& session, net::ShardId shard);
  void move_now(EngineSession& session, Engine& target);
  void adopt(std::unique_ptr<EngineSession> session);
  void closed(EngineSession& session, DisconnectReason reason, bool linger);
  void forget(EngineSession& session);

  net::Loop& loop_;
  const NodeSettings& settings_;
  const std::vector<Engine*>& all_;
  net::ConnectionSet connections_;
  EngineHandler* handler_ = nullptr;
  net::HttpHandler http_;
  bool winding_up_ = false;
  ById<std::unique_ptr<EngineSession>> sessions_;
  ById<net::ShardId> moved_;  // sids that name us but live elsewhere
};

}  // namespace sio
