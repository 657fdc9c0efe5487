#include "sio/hub.h"

#include <algorithm>
#include <utility>

#include "sio/ids.h"
#include "sio/json_scan.h"

namespace sio {

namespace {

// CONNECTs of one session, granted or refused. Each makes a new socket, with which the application
// begins its counts of what a client has sent anew (S1); a client that goes on has nothing good in
// mind.
constexpr unsigned kMaxConnects = 8;

// Whether the client may come back and take its place again.
bool recoverable(DisconnectReason reason) {
  switch (reason) {
    case DisconnectReason::transport_closed:
    case DisconnectReason::transport_error:
    case DisconnectReason::ping_timeout:
    case DisconnectReason::slow_reader:
      return true;
    default:
      return false;
  }
}

ClientSocket* socket_in(const std::vector<ClientSocket*>& sockets, std::string_view nsp) {
  const auto found = std::find_if(sockets.begin(), sockets.end(),
                                  [nsp](const ClientSocket* s) { return s->nsp() == nsp; });
  return found == sockets.end() ? nullptr : *found;
}

}  // namespace

Hub::Hub(net::Loop& loop, const Settings& settings, Handler& handler, unsigned shards)
    : loop_(loop), settings_(settings), handler_(handler), shards_(shards) {}

Hub::~Hub() = default;

// Sessions
// --------------------------------------------------------------------------------------------------------

void Hub::on_open(EngineSession& session) {
  const auto made = clients_.emplace(&session, std::make_unique<Client>());
  Client* client = made.first->second.get();
  session.user = client;
  client->connect_timer = loop_.at(loop_.now() + settings_.connect_timeout, [&session] {
    client_of(session).connect_timer = 0;
    session.close(DisconnectReason::server_closed);
  });
}

void Hub::release_client(EngineSession& session) {
  loop_.cancel(client_of(session).connect_timer);
  session.user = nullptr;
  clients_.erase(&session);
}

void Hub::on_moved_away(EngineSession& session) { release_client(session); }

void Hub::on_close(EngineSession& session, DisconnectReason reason) {
  const std::vector<ClientSocket*> sockets = std::exchange(client_of(session).sockets, {});
  for (ClientSocket* socket : sockets) {
    socket->round_trip_ = session.round_trip();
    socket->session_ = nullptr;
  }
  release_client(session);
  for (ClientSocket* socket : sockets) {
    if (socket->accepted_ && !socket->pid_.empty() && recoverable(reason) && !socket->ending_) {
      lose(*socket);
    } else {
      end(*socket, reason);
    }
  }
}

void Hub::on_drained(EngineSession& session) {
  for (ClientSocket* socket : client_of(session).sockets) socket->flush_volatile();
}

// Packets
// ---------------------------------------------------------------------------------------------------------

void Hub::broken(EngineSession& session) {
  counters().errors.add();
  session.close(DisconnectReason::parse_error);
}

void Hub::on_message(EngineSession& session, bool binary, std::string_view message) {
  if (binary) {
    take_attachment(session, message);
  } else {
    take_text(session, message);
  }
}

void Hub::take_text(EngineSession& session, std::string_view text) {
  Client& client = client_of(session);
  PacketView packet;
  if (client.missing > 0 || !parse_packet(text, settings_.max_attachments, packet))
    return broken(session);
  if (packet.attachments == 0) return dispatch(session, packet, {});
  client.packet = text;
  client.missing = packet.attachments;
  client.attachments.clear();
}

void Hub::take_attachment(EngineSession& session, std::string_view bytes) {
  Client& client = client_of(session);
  if (client.missing == 0) return broken(session);
  client.attachments.emplace_back(bytes);
  if (--client.missing > 0) return;
  const std::string text = std::exchange(client.packet, {});
  const std::vector<std::string> attachments = std::exchange(client.attachments, {});
  PacketView packet;
  if (!parse_packet(text, settings_.max_attachments, packet)) return broken(session);
  dispatch(session, packet, attachments);
}

void Hub::dispatch(EngineSession& session, const PacketView& packet,
                   std::span<const std::string> attachments) {
  ClientSocket* socket = socket_in(client_of(session).sockets, packet.nsp);
  if (packet.type == PacketType::connect) {
    // A second CONNECT for a namespace breaks the protocol.
    return socket == nullptr ? connect(session, packet) : broken(session);
  }
  if (socket == nullptr || !socket->accepted_) return broken(session);
  switch (packet.type) {
    case PacketType::disconnect:
      return leave(session, *socket);
    case PacketType::event:
    case PacketType::binary_event:
      return take_event(*socket, packet, attachments);
    case PacketType::ack:
    case PacketType::binary_ack:
      return handler_.on_ack(*socket, *packet.id, packet.args);
    default:
      return broken(session);
  }
}

void Hub::take_event(ClientSocket& socket, const PacketView& packet,
                     std::span<const std::string> attachments) {
  if (packet.name.find('\\') == std::string_view::npos) {
    name_ = packet.name.substr(1, packet.name.size() - 2);
  } else {
    decode_string(packet.name, name_);
  }
  if (reserved_event(name_)) return broken(*socket.session_);
  if (name_.size() > settings_.max_event_name) {
    counters().errors.add();
    return;
  }
  handler_.on_event(socket, Event{name_, packet.args, packet.id, attachments});
}

// Joining
// ---------------------------------------------------------------------------------------------------------

void Hub::connect(EngineSession& session, const PacketView& packet) {
  if (++session.connects > kMaxConnects) return broken(session);
  const auto& known = settings_.namespaces;
  if (std::find(known.begin(), known.end(), packet.nsp) == known.end()) {
    return refuse(session, packet.nsp, "Invalid namespace");
  }
  const bool recovery = settings_.recovery.count() > 0;
  const std::string_view pid = recovery ? string_member(packet.data, "pid") : std::string_view{};
  if (!pid.empty() && recover(session, packet, pid)) return;

  // One whose socket was on another node, or in this process before it was started again.
  std::optional<std::string> old_id;
  if (!pid.empty() && settings_.id_of_pid && !by_pid_.contains(pid))
    old_id = settings_.id_of_pid(pid);
  auto made = std::make_unique<ClientSocket>(*this, session, std::string(packet.nsp),
                                             old_id.value_or(""), old_id ? std::string(pid) : "");
  ClientSocket& socket = *made;
  sockets_.emplace(&socket, std::move(made));
  if (recovery && !old_id) socket.pid_ = new_pid(socket.id_);
  remember_pid(socket);
  join(session, socket);
  counters().sockets.add();
  handler_.on_connect(socket, packet.data);
}

std::string Hub::new_pid(std::string_view id) {
  std::string pid = random_id_of(loop_.id());
  if (settings_.seal_pid) pid += settings_.seal_pid(pid, id);
  return pid;
}

void Hub::remember_pid(ClientSocket& socket) {
  if (!socket.pid_.empty()) by_pid_.emplace(socket.pid_, &socket);
}

void Hub::forget_pid(ClientSocket& socket) {
  const auto found = by_pid_.find(socket.pid_);
  if (found != by_pid_.end() && found->second == &socket) by_pid_.erase(found);
}

void Hub::join(EngineSession& session, ClientSocket& socket) {
  Client& client = client_of(session);
  client.sockets.push_back(&socket);
  loop_.cancel(
      std::exchange(client.connect_timer, 0));  // for good: a client may leave (41) and join again
}

// True when the packet has been dealt with: the client has its old socket, or the session is on its
// way to it.
bool Hub::recover(EngineSession& session, const PacketView& packet, std::string_view pid) {
  const auto shard = shard_of(pid.substr(0, kIdLength));
  if (!shard || *shard >= shards_) return false;
  if (*shard != loop_.id()) {
    // The socket and what the application keeps with it stay where they are; the session has
    // nothing here yet.
    if (session.moved() || !client_of(session).sockets.empty()) return false;
    std::string message;
    append_head(message, PacketType::connect, 0, packet.nsp, std::nullopt);
    message += packet.data;
    session.move_to(*shard, std::move(message));
    return true;
  }
  const auto found = by_pid_.find(pid);
  if (found == by_pid_.end()) return false;
  ClientSocket& socket = *found->second;
  if (socket.nsp_ != packet.nsp || socket.ending_ || !socket.accepted_) return false;

  if (EngineSession* old = socket.session_) {
    // The client knows of the loss before we do.
    std::erase(client_of(*old).sockets, &socket);
    socket.session_ = nullptr;
    old->close(DisconnectReason::transport_closed);
    handler_.on_transport_lost(socket);
  }
  loop_.cancel(std::exchange(socket.window_, 0));
  join(session, socket);
  socket.attach(session);
  counters().recovered.add();
  handler_.on_recovered(socket);
  return true;
}

void Hub::refuse(EngineSession& session, std::string_view nsp, std::string_view message) {
  std::string packet;
  append_head(packet, PacketType::connect_error, 0, nsp, std::nullopt);
  packet += R"({"message":)";
  append_json_string(packet, message);
  packet += '}';
  session.send(packet);
}

// Parting
// ---------------------------------------------------------------------------------------------------------

void Hub::leave(EngineSession& session, ClientSocket& socket) {
  std::erase(client_of(session).sockets, &socket);
  socket.round_trip_ = session.round_trip();
  socket.session_ = nullptr;
  end(socket, DisconnectReason::client_left);
}

void Hub::lose(ClientSocket& socket) {
  socket.window_ = loop_.at(loop_.now() + settings_.recovery, [this, &socket] {
    socket.window_ = 0;
    end(socket, DisconnectReason::transport_closed);
  });
  handler_.on_transport_lost(socket);
}

void Hub::end_later(ClientSocket& socket, DisconnectReason reason) {
  loop_.after_batch([this, ending = &socket, reason] {
    if (sockets_.contains(ending)) end(*ending, reason);
  });
}

void Hub::end(ClientSocket& socket, DisconnectReason reason) {
  loop_.cancel(std::exchange(socket.window_, 0));
  socket.ending_ = true;
  if (EngineSession* session = std::exchange(socket.session_, nullptr)) {
    std::erase(client_of(*session).sockets, &socket);
  }
  forget_pid(socket);
  handler_.on_disconnect(socket, reason);
  counters().sockets.subtract();
  sockets_.erase(&socket);
}

void Hub::end_waiting() {
  std::vector<ClientSocket*> waiting;
  for (const auto& [socket, owner] : sockets_) {
    if (socket->session_ == nullptr && !socket->ending_) waiting.push_back(socket);
  }
  for (ClientSocket* socket : waiting) end(*socket, DisconnectReason::server_closed);
}

}  // namespace sio
