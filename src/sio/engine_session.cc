#include "sio/engine_session.h"

#include <utility>

#include "sio/engine.h"
#include "sio/engineio.h"

namespace sio {

using engineio::Type;

namespace {

constexpr std::chrono::milliseconds kNoopInterval{100};
// How long a close waits for an upgrade under way; with it, a ban closes within a second (S8).
constexpr std::chrono::milliseconds kClosingPatience{700};
// A probe that is never finished is dropped; the session goes on with polling.
constexpr std::chrono::milliseconds kUpgradeTimeout{10'000};

std::string_view digit_of(const char& digit) { return {&digit, 1}; }

constexpr char kMessageType = '4';
constexpr char kPing = '2';
constexpr char kPong = '3';
constexpr char kOpen = '0';

net::HttpResponse poll_response(std::string body) {
  net::HttpResponse response;
  response.content_type = "text/plain; charset=UTF-8";
  response.body = std::move(body);
  return response;
}

// By the clock, not the batch's time: a client beside us answers within a batch.
std::chrono::milliseconds round_trip_since(net::SteadyTime sent) {
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - sent);
}

DisconnectReason reason_of(net::Gone why) {
  switch (why) {
    case net::Gone::peer_closed:
      return DisconnectReason::transport_closed;
    case net::Gone::slow_reader:
      return DisconnectReason::slow_reader;
    case net::Gone::protocol_error:
      return DisconnectReason::parse_error;
    case net::Gone::shutdown:
      return DisconnectReason::server_closed;
    default:
      return DisconnectReason::transport_error;
  }
}

}  // namespace

EngineSession::EngineSession(Engine& engine, std::string sid, Handshake handshake)
    : engine_(&engine),
      sid_(std::move(sid)),
      handshake_(std::move(handshake)),
      packets_(engine.connections().limits().frames_per_second,
               engine.connections().limits().frame_burst) {}

EngineSession::~EngineSession() {
  cancel_timers();
  if (dirty_) engine_->loop().forget(*this);
}

// Opening
// ---------------------------------------------------------------------------------------------------------

void EngineSession::open_polling(net::Connection& connection) {
  std::string body;
  engineio::append_text(body, Type::open, engineio::open_packet(sid_, true, engine_->settings()));
  engine_->respond(connection, handshake_.origin, poll_response(std::move(body)));
  schedule_ping();
  engine_->handler().on_open(*this);
}

void EngineSession::open_websocket(net::Connection& connection, std::string_view key) {
  transport_ = Transport::websocket;
  handshake_.websocket = true;
  upgraded_ = true;
  socket_ = &connection;
  connection.accept_websocket(key, *this);
  connection.write_message(false, digit_of(kOpen),
                           engineio::open_packet(sid_, false, engine_->settings()));
  measure();
  schedule_ping();
  engine_->handler().on_open(*this);
}

// Polling
// ---------------------------------------------------------------------------------------------------------

void EngineSession::on_poll(net::Connection& connection) {
  if (closed_ && !lingering_)
    return engine_->refuse(connection, handshake_.origin, engineio::Fault::session_unknown);
  if (lingering_) {  // there only to hand over what was queued when the server closed it
    lingering_ = false;
    engineio::append_text(queue_, Type::close, {});
    engine_->respond(connection, handshake_.origin, poll_response(std::move(queue_)));
    queue_.clear();
    engine_->forget(*this);
    return;
  }
  if (poll_ != nullptr) {  // two polls at once: both are refused and the session ends
    engine_->refuse(connection, handshake_.origin, engineio::Fault::bad_request);
    end(DisconnectReason::transport_error, "1");
    return;
  }
  poll_ = &connection;
  connection.set_listener(this);
  if (closing_) return end(close_reason_, "1");
  if (std::exchange(was_congested_, false)) engine_->handler().on_drained(*this);
  mark_dirty();
}

void EngineSession::on_post(net::Connection& connection, std::string_view body) {
  if (closed_)
    return engine_->refuse(connection, handshake_.origin, engineio::Fault::session_unknown);
  if (!take_payload(body)) {
    engine_->loop().counters().errors.add();
    engine_->refuse(connection, handshake_.origin, engineio::Fault::bad_request);
    end(DisconnectReason::parse_error, "1");
    return;
  }
  engine_->respond(connection, handshake_.origin, poll_response("ok"));
}

// False when the payload breaks the protocol, or its packets are too many (S2).
bool EngineSession::take_payload(std::string_view body) {
  engineio::PayloadReader reader(body);
  engineio::Packet packet{};
  std::string binary;
  while (!closing()) {
    const std::string_view rest = reader.rest();
    if (moving_) {
      // Another POST of the same batch may have left its packets before.
      if (!moved_payload_.empty() && !rest.empty()) moved_payload_ += engineio::kSeparator;
      moved_payload_ += rest;
      return true;
    }
    const engineio::PayloadReader::Item item = reader.next(packet, binary);
    if (item != engineio::PayloadReader::Item::end &&
        !packets_.take(net::ms_of(engine_->loop().now())))
      return false;
    switch (item) {
      case engineio::PayloadReader::Item::end:
        return true;
      case engineio::PayloadReader::Item::error:
        return false;
      case engineio::PayloadReader::Item::binary:
        deliver(true, binary);
        break;
      case engineio::PayloadReader::Item::packet:
        if (!take_packet(packet)) return false;
        break;
    }
  }
  return true;
}

void EngineSession::answer_poll(std::string body) {
  net::Connection* connection = std::exchange(poll_, nullptr);
  connection->set_listener(nullptr);
  engine_->respond(*connection, handshake_.origin, poll_response(std::move(body)));
}

void EngineSession::on_flush() {
  dirty_ = false;
  if (closed_ || moving_ || transport_ != Transport::polling || poll_ == nullptr || queue_.empty())
    return;
  answer_poll(std::exchange(queue_, {}));
}

void EngineSession::mark_dirty() {
  if (dirty_ || engine_ == nullptr) return;
  dirty_ = true;
  engine_->loop().mark_dirty(*this);
}

// Packets in
// ------------------------------------------------------------------------------------------------------

// False when the client must not send such a packet.
bool EngineSession::take_packet(const engineio::Packet& packet) {
  switch (packet.type) {
    case Type::message:
      deliver(false, packet.data);
      return true;
    case Type::pong:
      if (!std::exchange(awaiting_pong_, false)) return true;
      round_trip_ = round_trip_since(ping_sent_);
      schedule_ping();
      return true;
    case Type::close:
      end(DisconnectReason::transport_closed, "6");
      return true;
    case Type::ping:
      return false;  // ours alone since version 4
    default:
      return true;  // noop and the like: nothing to do
  }
}

void EngineSession::deliver(bool binary, std::string_view message) {
  if (closing()) return;
  engine_->loop().counters().messages_in.add();
  engine_->handler().on_message(*this, binary, message);
}

void EngineSession::on_message(net::Connection& connection, bool binary, std::string_view payload) {
  if (&connection == probe_) return take_probe(connection, binary ? std::string_view{} : payload);
  if (binary) return deliver(true, payload);
  engineio::Packet packet{};
  if (!engineio::parse_packet(payload, packet) || !take_packet(packet)) {
    engine_->loop().counters().errors.add();
    end(DisconnectReason::parse_error, {});
  }
}

// Packets out
// -----------------------------------------------------------------------------------------------------

void EngineSession::send(std::string_view text) {
  if (closing()) return;
  engine_->loop().counters().messages_out.add();
  if (transport_ == Transport::websocket) {
    socket_->write_message(false, digit_of(kMessageType), text);
    return;
  }
  engineio::append_text(queue_, Type::message, text);
  if (queue_.size() > engine_->settings().max_buffered) return over_budget();
  mark_dirty();
}

void EngineSession::send_binary(std::string_view bytes) {
  if (closing()) return;
  engine_->loop().counters().messages_out.add();
  if (transport_ == Transport::websocket) {
    socket_->write_message(true, bytes);
    return;
  }
  engineio::append_binary(queue_, bytes);
  if (queue_.size() > engine_->settings().max_buffered) return over_budget();
  mark_dirty();
}

void EngineSession::over_budget() {
  engine_->loop().counters().slow_readers.add();
  queue_.clear();
  close(DisconnectReason::slow_reader);
}

bool EngineSession::congested() {
  const bool now = transport_ == Transport::websocket ? socket_ != nullptr && socket_->blocked()
                                                      : poll_ == nullptr;
  was_congested_ |= now;
  return now;
}

void EngineSession::on_drained(net::Connection& connection) {
  if (&connection == socket_ && std::exchange(was_congested_, false))
    engine_->handler().on_drained(*this);
}

// Upgrade: 2probe -> 3probe, noops for the waiting poll, 5
// --------------------------------------------------------

void EngineSession::on_upgrade(net::Connection& connection, std::string_view key) {
  if (closing() || upgraded_ || probe_ != nullptr) {
    return engine_->refuse(connection, handshake_.origin, engineio::Fault::bad_request);
  }
  probe_ = &connection;
  probed_ = false;
  connection.accept_websocket(key, *this);
  limit_probe(kUpgradeTimeout);
}

void EngineSession::limit_probe(std::chrono::milliseconds patience) {
  net::Loop& loop = engine_->loop();
  loop.cancel(upgrade_timer_);
  upgrade_timer_ = loop.at(loop.now() + patience, [this] {
    upgrade_timer_ = 0;
    give_up_probe();
  });
}

void EngineSession::take_probe(net::Connection& connection, std::string_view payload) {
  if (payload == "2probe") {
    probed_ = true;
    connection.write_message(false, digit_of(kPong), "probe");
    send_noop();
  } else if (probed_ && payload == "5") {
    complete_upgrade();
  } else {
    engine_->loop().counters().errors.add();
    give_up_probe();
  }
}

// The client stops polling when its poll ends, so the waiting one is ended, again and again until
// it has stopped.
void EngineSession::send_noop() {
  net::Loop& loop = engine_->loop();
  loop.cancel(noop_timer_);
  if (poll_ != nullptr && queue_.empty() && !moving_) answer_poll("6");
  noop_timer_ = loop.at(loop.now() + kNoopInterval, [this] { send_noop(); });
}

// The session goes on with polling, unless it only waited for the probe.
void EngineSession::give_up_probe() {
  drop_probe();
  if (closing_) end(close_reason_, "1");
}

void EngineSession::drop_probe() {
  net::Loop& loop = engine_->loop();
  loop.cancel(std::exchange(upgrade_timer_, 0));
  loop.cancel(std::exchange(noop_timer_, 0));
  if (net::Connection* probe = std::exchange(probe_, nullptr))
    probe->close(net::ws::CloseCode::policy);
}

void EngineSession::complete_upgrade() {
  socket_ = std::exchange(probe_, nullptr);
  drop_probe();  // its timers
  transport_ = Transport::websocket;
  upgraded_ = true;
  handshake_.websocket = true;
  if (poll_ != nullptr) answer_poll("6");
  const std::string queued = std::exchange(queue_, {});
  if (!queued.empty()) {
    engineio::PayloadReader reader(queued);
    engineio::Packet packet{};
    std::string binary;
    for (auto item = reader.next(packet, binary); item != engineio::PayloadReader::Item::end;
         item = reader.next(packet, binary)) {
      if (item == engineio::PayloadReader::Item::binary) {
        socket_->write_message(true, binary);
      } else {
        const char type = static_cast<char>(packet.type);
        socket_->write_message(false, digit_of(type), packet.data);
      }
    }
  }
  if (closing_) return end(close_reason_, {});
  measure();
  if (std::exchange(was_congested_, false)) engine_->handler().on_drained(*this);
}

// Heartbeat
// -------------------------------------------------------------------------------------------------------

// The heartbeat's first answer is a ping interval away, and lag compensation needs a value with the
// first shot. So a WebSocket is measured as it opens, by a control ping, which the client's program
// never sees.
void EngineSession::measure() {
  measuring_since_ = std::chrono::steady_clock::now();
  socket_->ping();
}

void EngineSession::on_pong(net::Connection& connection) {
  if (&connection != socket_ || measuring_since_ == net::SteadyTime{}) return;
  round_trip_ = round_trip_since(std::exchange(measuring_since_, {}));
}

void EngineSession::schedule_ping() {
  net::Loop& loop = engine_->loop();
  loop.cancel(heartbeat_);
  heartbeat_ = loop.at(loop.now() + engine_->settings().ping_interval, [this] { send_ping(); });
}

void EngineSession::send_ping() {
  net::Loop& loop = engine_->loop();
  ping_sent_ = loop.now();
  awaiting_pong_ = true;
  if (transport_ == Transport::websocket) {
    socket_->write_message(false, digit_of(kPing));
  } else {
    engineio::append_text(queue_, Type::ping, {});
    mark_dirty();
  }
  heartbeat_ = loop.at(loop.now() + engine_->settings().ping_timeout, [this] {
    heartbeat_ = 0;
    end(DisconnectReason::ping_timeout, "1");
  });
}

// The end
// ---------------------------------------------------------------------------------------------------------

void EngineSession::cancel_timers() {
  if (engine_ == nullptr) return;
  net::Loop& loop = engine_->loop();
  loop.cancel(std::exchange(heartbeat_, 0));
  loop.cancel(std::exchange(upgrade_timer_, 0));
  loop.cancel(std::exchange(noop_timer_, 0));
}

void EngineSession::on_gone(net::Connection& connection, net::Gone why) {
  if (&connection == probe_) {
    probe_ = nullptr;
    give_up_probe();
    return;
  }
  if (&connection == poll_) poll_ = nullptr;
  if (&connection == socket_) socket_ = nullptr;
  end(closing_ ? close_reason_ : reason_of(why), {});
}

void EngineSession::close(DisconnectReason reason) {
  if (closing()) return;
  closing_ = true;
  close_reason_ = reason;
  engine_->close_later(*this);
}

// In the middle of an upgrade the client has stopped polling and hears the WebSocket only after its
// "5": ending before would leave it waiting for its ping time-out.
void EngineSession::end_when_heard() {
  if (closed_) return;
  if (probe_ == nullptr || !probed_ || poll_ != nullptr) return end(close_reason_, "1");
  limit_probe(kClosingPatience);
}

// Tells everybody and lets go. `last_packet` ends a waiting poll.
void EngineSession::end(DisconnectReason reason, std::string_view last_packet) {
  if (closed_) return;
  closed_ = true;
  lingering_ = closing_ && transport_ == Transport::polling && poll_ == nullptr && !queue_.empty();
  cancel_timers();
  drop_probe();
  if (poll_ != nullptr) {
    std::string body = std::exchange(queue_, {});
    if (!body.empty() && !last_packet.empty()) body += engineio::kSeparator;
    body += last_packet;
    answer_poll(std::move(body));
  }
  if (net::Connection* socket = std::exchange(socket_, nullptr)) {
    socket->close(reason == DisconnectReason::parse_error     ? net::ws::CloseCode::policy
                  : reason == DisconnectReason::server_closed ? net::ws::CloseCode::going_away
                                                              : net::ws::CloseCode::normal);
  }
  engine_->closed(*this, reason, lingering_);
}

// Moving
// ----------------------------------------------------------------------------------------------------------

void EngineSession::move_to(net::ShardId shard, std::string message) {
  moved_messages_.push_back(std::move(message));
  if (moving_ || closing()) return;
  moving_ = true;
  moved_ = true;
  for (net::Connection* connection : {socket_, poll_, probe_}) {
    if (connection != nullptr) connection->hold();
  }
  engine_->move_later(*this, shard);
}

void EngineSession::detach_from_shard() {
  if (dirty_) engine_->loop().forget(*this);
  dirty_ = false;
  cancel_timers();
  engine_ = nullptr;
}

void EngineSession::arrive(Engine& engine) {
  engine_ = &engine;
  moving_ = false;
  schedule_ping();
  if (probe_ != nullptr) {
    limit_probe(kUpgradeTimeout);
    if (probed_) send_noop();
  }
  engine.handler().on_open(*this);
  for (const std::string& message : std::exchange(moved_messages_, {})) deliver(false, message);
  const std::string payload = std::exchange(moved_payload_, {});
  if (!payload.empty() && !take_payload(payload)) return end(DisconnectReason::parse_error, "1");
  mark_dirty();
}

}  // namespace sio
