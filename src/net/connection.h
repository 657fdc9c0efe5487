#pragma once

// One TCP connection, plain or with TLS: HTTP/1.1 until it is upgraded, WebSocket after. Owned by a
// ConnectionSet, lives on that set's shard, may be moved to another with everything it holds. What
// is written gathers in an outbox that goes out in one system call at the shard's next flush.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/token_bucket.h"
#include "net/address_count.h"
#include "net/deadline_wheel.h"
#include "net/http.h"
#include "net/http1.h"
#include "net/loop.h"
#include "net/tls_stream.h"
#include "net/websocket.h"

namespace net {

class Connection;
class ConnectionSet;

enum class Gone { peer_closed, error, timeout, slow_reader, protocol_error, shutdown };

// Who cares for a connection beyond its present request: a waiting poll, or the WebSocket's
// session.
class ConnectionListener {
 public:
  // A whole WebSocket message; the view is valid until the function returns.
  virtual void on_message(Connection& connection, bool binary, std::string_view payload) = 0;
  // The peer's answer to ping(), or one that nobody asked for.
  virtual void on_pong(Connection& connection) { (void)connection; }
  // The peer reads again: the outbox is empty after it had been stuck.
  virtual void on_drained(Connection& connection) = 0;
  // The connection is lost and destroyed after this call. Not told of what close() was asked for.
  virtual void on_gone(Connection& connection, Gone why) = 0;

 protected:
  ~ConnectionListener() = default;
};

// Answers the HTTP requests of one shard.
class HttpService {
 public:
  // Must lead, now or later, to respond(), accept_websocket(), or a move. Views as in HttpRequest.
  virtual void on_request(Connection& connection, const HttpRequest& request) = 0;
  // Bytes a body may have, judged by the head.
  virtual std::size_t body_limit(const HttpRequest& head) const = 0;
  // A request whose body is over the limit is answered with `response`; headers may be added.
  virtual void on_rejected(const HttpRequest& head, HttpResponse& response) const = 0;

 protected:
  ~HttpService() = default;
};

class Connection final : private Watcher, private Flushable {
 public:
  Connection(int fd, std::string remote_address, std::uint64_t id);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Before it is adopted: everything goes through this stream.
  void secure(std::unique_ptr<TlsStream> tls) { tls_ = std::move(tls); }
  // Before it is adopted: a proxy that is trusted says first whom it connects us with, and that
  // client takes a place among `clients`, if there are any, which must outlive the connection.
  void expect_proxy_header(AddressCount* clients) {
    header_expected_ = true;
    clients_ = clients;
  }
  // Before it is adopted: given back when the connection is gone.
  void keep(AddressCount::Place place) { place_ = std::move(place); }

  std::uint64_t id() const { return id_; }
  const std::string& remote_address() const { return remote_address_; }

  // HTTP: answers the present request. False when there is none.
  bool respond(const HttpResponse& response);
  // Serial of the present request, for answers that come later; 0 when none waits.
  std::uint64_t open_request() const { return busy_ ? serial_ : 0; }
  // Told when the client goes while its request waits; null = nobody, the answer is then thrown
  // away.
  void set_listener(ConnectionListener* listener) { listener_ = listener; }

  // Turns the present request into a WebSocket; `key` is its valid Sec-WebSocket-Key.
  void accept_websocket(std::string_view key, ConnectionListener& listener);

  // Appends a WebSocket frame of the payloads joined.
  void write_message(bool binary, std::string_view first, std::string_view second = {});
  // Appends a WebSocket control ping; the peer's WebSocket answers without telling its program.
  void ping();
  // Bytes that the kernel has not taken yet, and whether it has refused some.
  std::size_t unsent() const { return outbox_.size() + (tls_ ? tls_->sealed().size() : 0) - sent_; }
  bool blocked() const { return blocked_; }

  // Writes out what is there, says goodbye (a WebSocket close frame with `code`), and closes. The
  // listener is let go.
  void close(ws::CloseCode code = ws::CloseCode::normal);
  // Closes without more ado at the end of the batch; the listener is told.
  void abort(Gone why);
  bool closing() const { return closing_ || doomed_; }

  // How often the present request has been handed from shard to shard.
  unsigned hops() const { return hops_; }

  // Stops taking input, so that the connection can be moved at the end of the batch. Called within
  // on_request it keeps the request unread; within on_message, that message is done with.
  void hold() { held_ = true; }

 private:
  friend class ConnectionSet;
  enum class Mode : std::uint8_t { http, websocket };
  struct Deadline : DeadlineEntry {
    explicit Deadline(Connection& of) : connection(of) {}
    Connection& connection;
  };

  static Connection& of(DeadlineEntry& entry) { return static_cast<Deadline&>(entry).connection; }
  void attach(ConnectionSet& set);  // watch, count, take up what is unread
  void detach();
  std::chrono::milliseconds taking_timeout() const;

  void on_ready(std::uint32_t events) override;
  void on_flush() override;

  void receive();
  void receive_sealed();
  void receive_proxy_header();
  bool introduce(const std::string& client);
  void take_in(char* data, std::size_t size);
  void peer_ended();
  void break_handshake();
  bool seal();
  void keep_unsent(std::string& bytes);
  void make_room(std::size_t payload);
  // What the kernel gets: the outbox, or the records made of it.
  std::string& wire() { return tls_ ? tls_->sealed() : outbox_; }
  void discard_input();
  void take_up_unread();
  std::size_t process(char* data, std::size_t size);
  std::size_t process_http(char* data, std::size_t size);
  std::size_t process_websocket(char* data, std::size_t size);
  bool start_request(const HttpHead& head, std::size_t available);
  void reject(unsigned status, const HttpRequest* head);
  bool handle(const ws::Input& input);
  void answer_ping(std::string_view payload);
  void break_off(ws::CloseCode code, Gone why);
  void frame_appended();
  bool may_process() const;

  void mark_dirty();
  void resume_later();
  void finish();
  void begin_linger();
  void watch_for(std::uint32_t events);
  void set_deadline(std::chrono::milliseconds from_now);

  const std::uint64_t id_;
  std::string remote_address_;
  AddressCount::Place place_;        // among those of its address
  AddressCount* clients_ = nullptr;  // whom a proxy's header names takes his place there
  int fd_;
  ConnectionSet* set_ = nullptr;
  ConnectionListener* listener_ = nullptr;
  Deadline deadline_{*this};
  std::unique_ptr<TlsStream> tls_;  // none = plain
  std::string outbox_;
  std::size_t sent_ = 0;       // of wire()
  std::size_t discarded_ = 0;  // read and thrown away since our side ended
  std::string unread_;         // received, not processed
  std::size_t awaited_ = 0;    // processing is vain with less
  std::size_t scanned_ = 0;    // of an incomplete head
  std::unique_ptr<ws::Reader> reader_;
  base::TokenBucket frames_{1, 1};  // of a WebSocket: those it may still send
  std::string owed_pong_;           // payload of the newest ping that came while we were blocked
  std::uint64_t serial_ = 0;        // of HTTP requests
  std::uint32_t watched_ = 0;
  unsigned hops_ = 0;
  Mode mode_ = Mode::http;
  bool busy_ = false;       // an HTTP request waits for its answer
  bool keep_alive_ = true;  // of that request
  bool head_only_ = false;
  bool in_request_ = false;  // part of a request is there, its deadline runs
  bool dirty_ = false;
  bool blocked_ = false;
  bool held_ = false;
  bool closing_ = false;    // close when the outbox is empty
  bool lingering_ = false;  // our side is shut, waiting for the peer's
  bool doomed_ = false;     // to be destroyed at the end of the batch
  bool resuming_ = false;
  bool owes_pong_ = false;
  bool peer_shut_ = false;        // sends no more, may still read
  bool header_expected_ = false;  // a proxy's, before all else
  Gone gone_ = Gone::peer_closed;
};

}  // namespace net
