#pragma once

// Socket.IO of one shard: makes sockets out of Engine.IO sessions and keeps those whose transport
// is away. Lives on its shard's thread.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/loop.h"
#include "sio/client_socket.h"
#include "sio/engine_session.h"
#include "sio/packet.h"
#include "sio/server.h"

namespace sio {

class Hub final : public EngineHandler {
 public:
  // All outlive the Hub. `shards` is the node's number of them.
  Hub(net::Loop& loop, const Settings& settings, Handler& handler, unsigned shards);
  ~Hub() override;

  void on_open(EngineSession& session) override;
  void on_message(EngineSession& session, bool binary, std::string_view message) override;
  void on_drained(EngineSession& session) override;
  void on_close(EngineSession& session, DisconnectReason reason) override;
  void on_moved_away(EngineSession& session) override;

  const Settings& settings() const { return settings_; }
  net::Counters& counters() { return loop_.counters(); }

  // Ends the sockets that wait for recovery (server_closed).
  void end_waiting();

 private:
  friend class ClientSocket;
  // What a session is to us; session.user points to it.
  struct Client {
    std::vector<ClientSocket*> sockets;  // one a namespace
    net::Shard::TimerId connect_timer = 0;
    std::string packet;  // a binary packet whose attachments have not all come
    std::size_t missing = 0;
    std::vector<std::string> attachments;
  };

  static Client& client_of(EngineSession& session) { return *static_cast<Client*>(session.user); }
  void take_text(EngineSession& session, std::string_view text);
  void take_attachment(EngineSession& session, std::string_view bytes);
  void dispatch(EngineSession& session, const PacketView& packet,
                std::span<const std::string> attachments);
  void take_event(ClientSocket& socket, const PacketView& packet,
                  std::span<const std::string> attachments);
  void connect(EngineSession& session, const PacketView& packet);
  void join(EngineSession& session, ClientSocket& socket);
  std::string new_pid(std::string_view id);
  void remember_pid(ClientSocket& socket);
  void forget_pid(ClientSocket& socket);
  bool recover(EngineSession& session, const PacketView& packet, std::string_view pid);
  void leave(EngineSession& session, ClientSocket& socket);
  void refuse(EngineSession& session, std::string_view nsp, std::string_view message);
  void broken(EngineSession& session);

  void lose(ClientSocket& socket);
  void end_later(ClientSocket& socket, DisconnectReason reason);
  void end(ClientSocket& socket, DisconnectReason reason);
  void release_client(EngineSession& session);

  net::Loop& loop_;
  const Settings& settings_;
  Handler& handler_;
  const unsigned shards_;
  std::unordered_map<EngineSession*, std::unique_ptr<Client>> clients_;
  std::unordered_map<ClientSocket*, std::unique_ptr<ClientSocket>> sockets_;
  std::unordered_map<std::string_view, ClientSocket*> by_pid_;  // keys are the sockets' own
  std::string name_;                                            // scratch
};

}  // namespace sio
