#pragma once

// A listening server: S shards on one port, Engine.IO and Socket.IO under one path, everything else
// to an HttpHandler.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/counters.h"
#include "net/door.h"
#include "net/http.h"
#include "net/limits.h"
#include "net/shard.h"
#include "sio/server.h"

namespace sio {

class EngineHandler;

struct NodeSettings {
  std::string host =
      "127.0.0.1";         // address to listen on, textual IPv4 or IPv6; names are not resolved
  std::uint16_t port = 0;  // 0 = any free one, see Node::port
  net::Door door;          // of that port
  std::uint16_t second_port = 0;  // 0 = none
  net::Door second_door;          // of that one
  unsigned shards = 1;            // 1 to 64
  Settings sio;
  net::Limits limits;
  // Engine.IO sessions of one shard; past it openings are answered 503. As many as connections:
  // polling sessions have none between their polls.
  std::size_t max_sessions = 16'000;

  // Whether pages of this origin ("https://trespass.gg") may use the sockets with credentials: they
  // get their Origin echoed (wire contract 1.5), others are refused. Called on every shard, must be
  // thread-safe. Empty = every origin. Requests without Origin and those of the very host they are
  // sent to are always allowed.
  std::function<bool(std::string_view origin)> origin_allowed;

  // Whether one more connection may be opened by its client (S1); others are answered 429. Called
  // on every shard, must be thread-safe. Empty = always.
  std::function<bool(const Handshake& handshake)> may_open;

  // Told, on the shard's thread, what a handler threw: a broken invariant; the shard goes on. Empty
  // = standard error.
  std::function<void(std::string_view what)> on_fault;
};

// Any thread may call any member, but only one thread start() and stop().
class Node {
 public:
  // Both are called once a shard, inside start(), on the caller's thread, before any shard runs;
  // what they make is used on its shard's thread and destroyed on the thread that calls stop(),
  // after all shards have ended.
  using MakeHandler = std::function<std::unique_ptr<Handler>(net::Shard&)>;
  using MakeHttp = std::function<net::HttpHandler(net::Shard&)>;
  // Engine.IO alone, for applications with their own protocol above it.
  using MakeEngineHandler = std::function<std::unique_ptr<EngineHandler>(net::Shard&)>;

  Node(NodeSettings settings, MakeHandler make_handler, MakeHttp make_http);
  Node(NodeSettings settings, MakeEngineHandler make_engine, MakeHttp make_http);
  ~Node();  // stops

  // Listens and starts the shards' threads. Errors: "invalid" (settings), "unavailable" (address in
  // use, no descriptors).
  base::Result<void> start();

  std::uint16_t port() const;  // the real one, after start()
  unsigned shard_count() const;
  net::Shard& shard(unsigned index);
  const net::Counters& counters(unsigned index) const;  // of one shard, live

  // No new connections; those that are open go on, also with new requests.
  void stop_accepting();

  // Closes everything (Handler::on_disconnect with server_closed for each socket), writes out what
  // fits into the kernel's buffers, joins the threads. Idempotent.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sio
