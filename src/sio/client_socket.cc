#include "sio/client_socket.h"

#include <utility>

#include "sio/hub.h"
#include "sio/ids.h"
#include "sio/packet.h"

namespace sio {

ClientSocket::ClientSocket(Hub& hub, EngineSession& session, std::string nsp, std::string id,
                           std::string pid)
    : hub_(hub),
      session_(&session),
      id_(std::move(id)),
      pid_(std::move(pid)),
      nsp_(std::move(nsp)),
      handshake_(session.handshake()),
      returning_(!id_.empty()) {
  if (!returning_) id_ = random_id();
}

void ClientSocket::renew() {
  if (accepted_ || ending_) return;
  hub_.forget_pid(*this);
  id_ = random_id();
  pid_ = hub_.new_pid(id_);
  returning_ = false;
  hub_.remember_pid(*this);
}

void ClientSocket::accept() {
  if (accepted_ || ending_ || session_ == nullptr) return;
  accepted_ = true;
  returning_ = false;
  answer_connect();
}

void ClientSocket::answer_connect() {
  std::string packet;
  append_head(packet, PacketType::connect, 0, nsp_, std::nullopt);
  packet += R"({"sid":")";
  packet += id_;
  if (!pid_.empty()) {
    packet += R"(","pid":")";
    packet += pid_;
  }
  packet += R"("})";
  session_->send(packet);
  kept_bytes_ = 0;
  for (const Kept& kept : std::exchange(kept_, {})) put(kept.packet, kept.attachments);
  flush_volatile();
}

void ClientSocket::refuse(std::string_view message) {
  if (accepted_ || ending_ || session_ == nullptr) return;
  hub_.refuse(*session_, nsp_, message);
  ending_ = true;
  hub_.end_later(*this, DisconnectReason::server_closed);
}

void ClientSocket::put(std::string_view packet, std::span<const std::string> attachments) {
  session_->send(packet);
  for (const std::string& bytes : attachments) session_->send_binary(bytes);
}

void ClientSocket::keep(std::string_view packet, std::span<const std::string> attachments) {
  kept_bytes_ += packet.size() + sizeof(Kept);
  for (const std::string& bytes : attachments) kept_bytes_ += bytes.size();
  if (kept_bytes_ > hub_.settings().max_buffered) {
    kept_.clear();
    close(DisconnectReason::slow_reader);
    return;
  }
  kept_.push_back({std::string(packet), {attachments.begin(), attachments.end()}});
}

void ClientSocket::send(std::string_view packet, std::span<const std::string> attachments) {
  if (ending_) return;
  if (session_ == nullptr || !accepted_) return keep(packet, attachments);
  put(packet, attachments);
}

void ClientSocket::send_volatile(std::string_view packet) {
  if (ending_ || !accepted_) return;
  if (session_ == nullptr) {
    hub_.counters().dropped.add();
  } else if (session_->congested()) {
    if (!volatile_.empty()) hub_.counters().dropped.add();
    volatile_ = packet;
  } else {
    session_->send(packet);
  }
}

void ClientSocket::flush_volatile() {
  if (volatile_.empty() || session_ == nullptr || !accepted_) return;
  session_->send(volatile_);
  volatile_.clear();
}

void ClientSocket::ack(std::uint64_t id, std::string_view args,
                       std::span<const std::string> attachments) {
  // An ack answers an event of this very transport; after a recovery nobody waits for it.
  if (ending_ || session_ == nullptr || !accepted_) return;
  std::string packet;
  append_head(packet, attachments.empty() ? PacketType::ack : PacketType::binary_ack,
              attachments.size(), nsp_, id);
  packet += '[';
  packet += args;
  packet += ']';
  put(packet, attachments);
}

void ClientSocket::close(DisconnectReason reason) {
  if (ending_) return;
  if (session_ != nullptr) {
    session_->close(reason);
  } else {
    ending_ = true;
    hub_.end_later(*this, reason);
  }
}

std::chrono::milliseconds ClientSocket::round_trip() const {
  return session_ != nullptr ? session_->round_trip() : round_trip_;
}

void ClientSocket::attach(EngineSession& session) {
  session_ = &session;
  session.expect_round_trip(round_trip_);
  handshake_ = session.handshake();
  volatile_.clear();
  answer_connect();
}

}  // namespace sio
