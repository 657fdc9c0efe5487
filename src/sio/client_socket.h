#pragma once

// The Socket behind the interface: one client in one namespace, attached to an Engine.IO session or
// waiting for one (recovery). Owned by the Hub of its shard.

#include <string>
#include <string_view>
#include <vector>

#include "sio/engine_session.h"
#include "sio/server.h"

namespace sio {

class Hub;

class ClientSocket final : public Socket {
 public:
  // `id` is that of a socket of before that returns (Socket::returning), or "".
  ClientSocket(Hub& hub, EngineSession& session, std::string nsp, std::string id, std::string pid);

  std::string_view id() const override { return id_; }
  std::string_view nsp() const override { return nsp_; }
  const Handshake& handshake() const override { return handshake_; }
  void accept() override;
  void refuse(std::string_view message) override;
  void send(std::string_view packet) override { send(packet, {}); }
  void send(std::string_view packet, std::span<const std::string> attachments) override;
  void send_volatile(std::string_view packet) override;
  void ack(std::uint64_t id, std::string_view args) override { ack(id, args, {}); }
  void ack(std::uint64_t id, std::string_view args,
           std::span<const std::string> attachments) override;
  void close(DisconnectReason reason) override;
  bool returning() const override { return returning_; }
  void renew() override;
  bool connected() const override { return session_ != nullptr && !ending_; }
  std::chrono::milliseconds round_trip() const override;

 private:
  friend class Hub;
  struct Kept {
    std::string packet;
    std::vector<std::string> attachments;
  };

  void answer_connect();
  void put(std::string_view packet, std::span<const std::string> attachments);
  void keep(std::string_view packet, std::span<const std::string> attachments);
  void attach(EngineSession& session);
  void flush_volatile();

  Hub& hub_;
  EngineSession* session_;  // null while waiting for recovery
  std::string id_;
  std::string pid_;  // private; empty when recovery is off
  const std::string nsp_;
  Handshake handshake_;
  std::string volatile_;    // newest that the client has not been ready for
  std::vector<Kept> kept_;  // reliable packets of before accept() and of a recovery window
  std::size_t kept_bytes_ = 0;
  std::chrono::milliseconds round_trip_{0};
  net::Shard::TimerId window_ = 0;
  bool accepted_ = false;
  bool returning_ = false;
  bool ending_ = false;  // on_disconnect is due or running
};

}  // namespace sio
