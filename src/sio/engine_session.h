#pragma once

// One Engine.IO session: a client over long polling, over WebSocket, or on the way from one to the
// other. Owned by the Engine of its shard.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/token_bucket.h"
#include "net/connection.h"
#include "net/shard.h"
#include "sio/server.h"

namespace sio {

class Engine;
class EngineSession;
namespace engineio {
struct Packet;
}

// The layer above Engine.IO on one shard. As with Handler, nothing here is called from within a
// call of a session's.
class EngineHandler {
 public:
  virtual ~EngineHandler() = default;
  virtual void on_open(EngineSession& session) = 0;
  virtual void on_message(EngineSession& session, bool binary, std::string_view message) = 0;
  // The client reads again after congested() had been true.
  virtual void on_drained(EngineSession& session) { (void)session; }
  // The session is destroyed after this.
  virtual void on_close(EngineSession& session, DisconnectReason reason) = 0;
  // It goes on as a new one (on_open) on another shard.
  virtual void on_moved_away(EngineSession& session) { (void)session; }
};

class EngineSession final : private net::ConnectionListener, private net::Flushable {
 public:
  EngineSession(Engine& engine, std::string sid, Handshake handshake);
  ~EngineSession();
  EngineSession(const EngineSession&) = delete;
  EngineSession& operator=(const EngineSession&) = delete;

  const std::string& sid() const { return sid_; }
  const Handshake& handshake() const { return handshake_; }
  // Last measured, 0 = not yet. A WebSocket is measured as it opens, polling only by the heartbeat.
  std::chrono::milliseconds round_trip() const { return round_trip_; }
  // What was known of the same client before; holds until the first measurement.
  void expect_round_trip(std::chrono::milliseconds before) {
    if (round_trip_.count() == 0) round_trip_ = before;
  }

  // Queues one message for the next flush.
  void send(std::string_view text);
  void send_binary(std::string_view bytes);
  // The client is not reading: what is sent now waits in our memory.
  bool congested();

  // Ends the session after the present function; what is queued is still delivered if the client
  // takes it.
  void close(DisconnectReason reason);
  bool closing() const { return closing_ || closed_; }

  // Goes to another shard after the present function, where `message` and all that follows it is
  // delivered. Once in its life: the shard that its sid names is told of one move and no other.
  bool moved() const { return moved_; }
  void move_to(net::ShardId shard, std::string message);

  void* user = nullptr;   // the EngineHandler's own
  unsigned connects = 0;  // the EngineHandler's own, goes along when the session moves

 private:
  friend class Engine;
  enum class Transport : std::uint8_t { polling, websocket };

  // From the Engine, for requests that bear our sid.
  void open_polling(net::Connection& connection);
  void open_websocket(net::Connection& connection, std::string_view key);
  void on_poll(net::Connection& connection);
  void on_post(net::Connection& connection, std::string_view body);
  void on_upgrade(net::Connection& connection, std::string_view key);

  // net
  void on_message(net::Connection& connection, bool binary, std::string_view payload) override;
  void on_pong(net::Connection& connection) override;
  void on_drained(net::Connection& connection) override;
  void on_gone(net::Connection& connection, net::Gone why) override;
  void on_flush() override;

  bool take_payload(std::string_view body);
  bool take_packet(const engineio::Packet& packet);
  void deliver(bool binary, std::string_view message);
  void take_probe(net::Connection& connection, std::string_view payload);
  void complete_upgrade();
  void send_noop();
  void limit_probe(std::chrono::milliseconds patience);
  void drop_probe();
  void give_up_probe();
  void answer_poll(std::string body);
  void mark_dirty();
  void over_budget();

  void measure();
  void schedule_ping();
  void send_ping();
  void cancel_timers();
  void end_when_heard();
  void end(DisconnectReason reason, std::string_view last_packet);
  void detach_from_shard();
  void arrive(Engine& engine);

  Engine* engine_;
  const std::string sid_;
  Handshake handshake_;
  Transport transport_ = Transport::polling;
  net::Connection* socket_ = nullptr;  // the WebSocket, once it is the transport
  net::Connection* poll_ = nullptr;    // whose GET waits
  net::Connection* probe_ = nullptr;   // a WebSocket that is to take over
  bool probed_ = false;                // it has been answered
  std::string queue_;                  // payload for the next poll
  base::TokenBucket packets_;          // those a polling client may still send
  net::Shard::TimerId heartbeat_ = 0;
  net::Shard::TimerId upgrade_timer_ = 0;
  net::Shard::TimerId noop_timer_ = 0;
  net::SteadyTime ping_sent_{};
  net::SteadyTime measuring_since_{};  // of the control ping under way, none = the epoch
  std::chrono::milliseconds round_trip_{0};
  bool awaiting_pong_ = false;
  bool upgraded_ = false;
  bool dirty_ = false;
  bool was_congested_ = false;
  bool closing_ = false;
  bool closed_ = false;
  bool lingering_ = false;  // closed, waits for the poll that takes the queue
  DisconnectReason close_reason_ = DisconnectReason::server_closed;
  bool moving_ = false;
  bool moved_ = false;
  std::vector<std::string> moved_messages_;  // to be delivered on the new shard, first
  std::string moved_payload_;                // and after them the rest of a POST
};

}  // namespace sio
