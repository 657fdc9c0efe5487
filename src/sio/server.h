#pragma once

// Socket.IO 5 over Engine.IO 4 as a library that knows no game. One Server a shard; everything
// below lives on that shard's thread.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "net/shard.h"

namespace sio {

struct Settings {
  std::string path = "/socket.io/";
  std::chrono::milliseconds ping_interval{10'000};  // wire contract 1.2: 2 s/5 s is too tight
  std::chrono::milliseconds ping_timeout{20'000};
  std::chrono::milliseconds connect_timeout{8'000};  // a connection that never sends CONNECT
  std::size_t max_payload = 100'000;                 // bytes of one message or polling body
  std::vector<std::string> namespaces = {"/"};
  std::chrono::milliseconds recovery{60'000};  // 0 = connection-state recovery off (L9)
  // Recovery beyond this process: what is put behind a new pid, so that another node can tell whose
  // it was, and back: the socket id of a pid that was made so. Thread safe. Empty = only the
  // sockets that are here are recovered.
  std::function<std::string(std::string_view pid, std::string_view id)> seal_pid;
  std::function<std::optional<std::string>(std::string_view pid)> id_of_pid;
  std::size_t max_buffered =
      256 * 1024;                   // unsent bytes of one slow reader before it is closed (S2)
  std::size_t max_attachments = 0;  // binary attachments of one event
  std::size_t max_event_name = 64;
};

// What was known when the connection was opened.
struct Handshake {
  std::string address;  // of the peer, text
  std::string origin;
  std::string user_agent;
  std::string forwarded_for;  // X-Forwarded-For as sent, all fields of it joined by commas
  bool websocket = false;
};

struct Event {
  std::string_view name;  // unescaped
  std::string_view args;  // the JSON text of the arguments after the name, without brackets:
                          // `{"a":1},2`; may be ""
  std::optional<std::uint64_t> ack;  // answer with Socket::ack when present
  std::span<const std::string> attachments;
};

enum class DisconnectReason {
  transport_closed,
  transport_error,
  ping_timeout,
  client_left,
  server_closed,
  parse_error,
  slow_reader
};

// One client in one namespace. Owned by the Server; valid from Handler::on_connect until
// Handler::on_disconnect returns.
class Socket {
 public:
  virtual ~Socket() = default;
  virtual std::string_view id() const = 0;  // 20 characters, [A-Za-z0-9_-]
  virtual std::string_view nsp() const = 0;
  virtual const Handshake& handshake() const = 0;

  // Answer to on_connect, now or later; before it nothing is delivered.
  virtual void accept() = 0;
  virtual void refuse(std::string_view message) = 0;  // 44{"message":...}; never used for "busy"
                                                      // (wire contract 1.6)

  // Queues an event packet. `packet` is a whole Socket.IO text packet for the socket's namespace,
  // e.g. 2["name",{...}] (Engine.IO's own digit goes before it); it is copied. Written by the
  // shard's next flush. While the transport is away (recovery) reliable packets are kept up to
  // max_buffered and volatile ones dropped.
  virtual void send(std::string_view packet) = 0;
  // As send, but only the newest is kept while the peer does not read (snapshots, S2).
  virtual void send_volatile(std::string_view packet) = 0;
  // Answers an event that carried an ack id: `args` is the JSON text of the arguments without
  // brackets.
  virtual void ack(std::uint64_t id, std::string_view args) = 0;
  // The same with binary attachments; `packet` and `args` hold the placeholders, `packet` starts
  // with 5<n>-.
  virtual void send(std::string_view packet, std::span<const std::string> attachments) = 0;
  virtual void ack(std::uint64_t id, std::string_view args,
                   std::span<const std::string> attachments) = 0;

  // Closes the transport (never sends 41, wire contract 1.6). on_disconnect follows, without a
  // recovery window.
  virtual void close(DisconnectReason reason) = 0;

  // The client came with the pid of a socket that is not here; this one bears its id. If accept()
  // comes now, the client believes that nothing was lost. renew() makes it a new socket instead,
  // with a new id. False again once it was accepted.
  virtual bool returning() const { return false; }
  virtual void renew() {}

  virtual bool connected() const = 0;                        // false while waiting for recovery
  virtual std::chrono::milliseconds round_trip() const = 0;  // last measured, 0 = not yet

  void* user = nullptr;  // the Handler's own
};

// The application of one shard. No function of it runs inside a call of a Socket's or the Shard's
// member: what such a call brings about (a close, a loss) is told after the present function has
// returned.
class Handler {
 public:
  virtual ~Handler() = default;
  // A client asks to join a namespace; `auth` is the JSON text of its CONNECT payload, "" when
  // there was none. Whatever comes of it (accepted, refused, lost before the answer), exactly one
  // on_disconnect follows.
  virtual void on_connect(Socket& socket, std::string_view auth) = 0;
  virtual void on_event(Socket& socket, const Event& event) = 0;
  // The client's answer to an event we sent with an ack id (42<id>[...]); duplicates and ids never
  // used come too.
  virtual void on_ack(Socket& socket, std::uint64_t id, std::string_view args) {
    (void)socket, (void)id, (void)args;
  }
  virtual void on_transport_lost(Socket& socket) = 0;  // the recovery window begins
  virtual void on_recovered(Socket& socket) = 0;       // same id and pid, new transport
  virtual void on_disconnect(Socket& socket, DisconnectReason reason) = 0;  // for good
};

}  // namespace sio
