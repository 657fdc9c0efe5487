#include "session/frames.h"

#include "base/bytes.h"
#include "lobby/options_archive.h"
#include "session/node_link.h"
#include "sim/archive.h"

namespace sim {
constexpr std::uint64_t last_of(CommandKind) { return kCommandKinds - 1; }
}  // namespace sim

namespace lobby {
constexpr std::uint64_t last_of(JoinKind) { return static_cast<std::uint64_t>(JoinKind::reclaim); }
}  // namespace lobby

namespace session::frames {

constexpr std::uint64_t last_of(SeatLoss) { return static_cast<std::uint64_t>(SeatLoss::moved); }

namespace {

constexpr char kVersion = 1;
constexpr std::size_t kHead = 3;
constexpr std::size_t kMaxText = 1024;  // of an id, a name, a password, a reason
constexpr std::size_t kMaxArgs = 8192;  // of an event: wire::Decoder::kMaxArgs
constexpr std::size_t kMaxPacket = 256 * 1024;

enum class Kind : std::uint8_t {
  join,
  leave,
  transport_lost,
  resume,
  greet_again,
  take_over,
  identify,
  client_event,
  order,
  still_here,
  seat_wanted,
  packet,
  seated,
  refused,
  handed_over,
  unseated,
  account_here,
};

constexpr Kind kind_of(const Join&) { return Kind::join; }
constexpr Kind kind_of(const Leave&) { return Kind::leave; }
constexpr Kind kind_of(const TransportLost&) { return Kind::transport_lost; }
constexpr Kind kind_of(const Resume&) { return Kind::resume; }
constexpr Kind kind_of(const GreetAgain&) { return Kind::greet_again; }
constexpr Kind kind_of(const TakeOver&) { return Kind::take_over; }
constexpr Kind kind_of(const Identify&) { return Kind::identify; }
constexpr Kind kind_of(const ClientEvent&) { return Kind::client_event; }
constexpr Kind kind_of(const Order&) { return Kind::order; }
constexpr Kind kind_of(const StillHere&) { return Kind::still_here; }
constexpr Kind kind_of(const SeatWanted&) { return Kind::seat_wanted; }
constexpr Kind kind_of(const Packet&) { return Kind::packet; }
constexpr Kind kind_of(const Seated&) { return Kind::seated; }
constexpr Kind kind_of(const Refused&) { return Kind::refused; }
constexpr Kind kind_of(const HandedOver&) { return Kind::handed_over; }
constexpr Kind kind_of(const Unseated&) { return Kind::unseated; }
constexpr Kind kind_of(const AccountHere&) { return Kind::account_here; }

class Writer : public base::ByteWriter<std::string> {
 public:
  Writer(std::string& out, const NodeLink& link) : ByteWriter(out), link_(link) {}
  void node(lobby::NodeIndex& node) { text(link_.id_of(node), kMaxText); }
  void seat_node(lobby::NodeIndex&) {}
  void bytes(std::string_view& bytes) { text(bytes, kMaxPacket); }

 private:
  const NodeLink& link_;
};

class Reader : public base::ByteReader {
 public:
  Reader(std::string_view bytes, lobby::NodeIndex from, NodeLink& link)
      : ByteReader(bytes), from_(from), link_(link) {}
  void node(lobby::NodeIndex& node) {
    const std::string_view id = view(kMaxText);
    node = ok() ? link_.index_of(id) : NodeLink::kNobody;
    if (node == NodeLink::kNobody) reject();
  }
  // Of a seat that belongs to the writer.
  void seat_node(lobby::NodeIndex& node) { node = from_; }
  void bytes(std::string_view& bytes) { bytes = view(kMaxPacket); }

 private:
  const lobby::NodeIndex from_;
  NodeLink& link_;
};

template <class A>
void archive(A& a, lobby::SessionRef& session) {
  a.node(session.node);
  a.value(session.shard);
  a.value(session.number);
}

// The reader's own.
template <class A>
void archive_own(A& a, lobby::SeatRef& seat) {
  a.value(seat.shard);
  a.value(seat.lobby);
  a.value(seat.slot);
  a.value(seat.generation);
}

template <class A>
void archive_theirs(A& a, lobby::SeatRef& seat) {
  archive_own(a, seat);
  a.seat_node(seat.node);
}

template <class A>
void archive(A& a, lobby::JoinRequest& request) {
  archive(a, request.session);
  a.value(request.ticket);
  a.value(request.kind);
  a.text(request.player_id, kMaxText);
  a.text(request.account_id, kMaxText);
  a.text(request.name, kMaxText);
  a.text(request.address, kMaxText);
  a.text(request.party, kMaxText);
  a.text(request.password, kMaxText);
  a.text(request.reason, kMaxText);
}

template <class A>
void archive(A& a, sim::Command& command) {
  a.value(command.kind);
  a.value(command.team);
  a.value(command.weapon);
  a.value(command.charge);
  a.value(command.buttons);
  a.value(command.flag);
  a.value(command.flag2);
  a.value(command.keys);
  a.value(command.view_delay);
  a.value(command.sequence);
  archive(a, command.point);
  a.value(command.angle);
  archive(a, command.loadout);
}

template <class A>
void archive(A& a, Join& m) {
  a.text(m.lobby, kMaxText);
  lobby::archive_options(a, m.options, kMaxText);
  archive(a, m.request);
}

template <class A>
void archive(A& a, Leave& m) {
  archive_own(a, m.seat);
}

template <class A>
void archive(A& a, TransportLost& m) {
  archive_own(a, m.seat);
}

template <class A>
void archive(A& a, Resume& m) {
  archive_own(a, m.seat);
}

template <class A>
void archive(A& a, GreetAgain& m) {
  archive_own(a, m.seat);
}

template <class A>
void archive(A& a, TakeOver& m) {
  archive_own(a, m.seat);
  archive(a, m.session);
  a.text(m.player_id, kMaxText);
}

template <class A>
void archive(A& a, Identify& m) {
  archive_own(a, m.seat);
  a.text(m.account_id, kMaxText);
  a.text(m.name, kMaxText);
}

template <class A>
void archive(A& a, ClientEvent& m) {
  archive_own(a, m.seat);
  a.text(m.name, kMaxText);
  a.text(m.args, kMaxArgs);
}

template <class A>
void archive(A& a, Order& m) {
  archive_own(a, m.seat);
  archive(a, m.command);
}

template <class A>
void archive(A& a, StillHere& m) {
  archive_own(a, m.seat);
  archive(a, m.session);
  a.value(m.connected);
}

template <class A>
void archive(A& a, SeatWanted& m) {
  a.text(m.player_id, kMaxText);
  a.text(m.account_id, kMaxText);
  archive(a, m.session);
  a.value(m.ticket);
}

template <class A>
void archive(A& a, Packet& m) {
  a.value(m.session);
  a.value(m.is_volatile);
  a.bytes(m.bytes);
}

template <class A>
void archive(A& a, Seated& m) {
  a.value(m.session);
  a.value(m.ticket);
  archive_theirs(a, m.seat);
  a.text(m.lobby, kMaxText);
}

template <class A>
void archive(A& a, Refused& m) {
  a.value(m.session);
  a.value(m.ticket);
  a.value(m.kind);
  a.value(m.gone);
  a.text(m.reason, kMaxText);
}

template <class A>
void archive(A& a, HandedOver& m) {
  a.value(m.session);
  archive_theirs(a, m.seat);
  a.text(m.lobby, kMaxText);
}

template <class A>
void archive(A& a, Unseated& m) {
  a.value(m.session);
  archive_theirs(a, m.seat);
  a.value(m.why);
}

template <class A>
void archive(A& a, AccountHere& m) {
  a.text(m.account_id, kMaxText);
  archive(a, m.session);
  a.text(m.player_id, kMaxText);
  a.value(m.since_ms);
}

template <class Message>
bool hand_on(Reader& reader, Receiver& receiver) {
  Message message;
  archive(reader, message);
  if (reader.ok()) receiver.take(message);
  return reader.ok();
}

bool read_one(Reader& reader, Receiver& receiver) {
  switch (static_cast<Kind>(reader.bits(1))) {
    case Kind::join:
      return hand_on<Join>(reader, receiver);
    case Kind::leave:
      return hand_on<Leave>(reader, receiver);
    case Kind::transport_lost:
      return hand_on<TransportLost>(reader, receiver);
    case Kind::resume:
      return hand_on<Resume>(reader, receiver);
    case Kind::greet_again:
      return hand_on<GreetAgain>(reader, receiver);
    case Kind::take_over:
      return hand_on<TakeOver>(reader, receiver);
    case Kind::identify:
      return hand_on<Identify>(reader, receiver);
    case Kind::client_event:
      return hand_on<ClientEvent>(reader, receiver);
    case Kind::order:
      return hand_on<Order>(reader, receiver);
    case Kind::still_here:
      return hand_on<StillHere>(reader, receiver);
    case Kind::seat_wanted:
      return hand_on<SeatWanted>(reader, receiver);
    case Kind::packet:
      return hand_on<Packet>(reader, receiver);
    case Kind::seated:
      return hand_on<Seated>(reader, receiver);
    case Kind::refused:
      return hand_on<Refused>(reader, receiver);
    case Kind::handed_over:
      return hand_on<HandedOver>(reader, receiver);
    case Kind::unseated:
      return hand_on<Unseated>(reader, receiver);
    case Kind::account_here:
      return hand_on<AccountHere>(reader, receiver);
  }
  return false;
}

}  // namespace

void begin(std::string& out, std::uint8_t shard) {
  out.push_back(kVersion);
  out.push_back(static_cast<char>(shard));
  out.push_back(0);
}

template <class Message>
void append(std::string& out, const Message& message, const NodeLink& link) {
  const Kind kind = kind_of(message);
  if (kind != Kind::order) out[2] = 1;
  out.push_back(static_cast<char>(kind));
  Writer writer(out, link);
  // The list of fields serves both ways, so it takes what it may change; a writer changes nothing.
  archive(writer, const_cast<Message&>(message));
}

template void append(std::string&, const Join&, const NodeLink&);
template void append(std::string&, const Leave&, const NodeLink&);
template void append(std::string&, const TransportLost&, const NodeLink&);
template void append(std::string&, const Resume&, const NodeLink&);
template void append(std::string&, const GreetAgain&, const NodeLink&);
template void append(std::string&, const TakeOver&, const NodeLink&);
template void append(std::string&, const Identify&, const NodeLink&);
template void append(std::string&, const ClientEvent&, const NodeLink&);
template void append(std::string&, const Order&, const NodeLink&);
template void append(std::string&, const StillHere&, const NodeLink&);
template void append(std::string&, const SeatWanted&, const NodeLink&);
template void append(std::string&, const Packet&, const NodeLink&);
template void append(std::string&, const Seated&, const NodeLink&);
template void append(std::string&, const Refused&, const NodeLink&);
template void append(std::string&, const HandedOver&, const NodeLink&);
template void append(std::string&, const Unseated&, const NodeLink&);
template void append(std::string&, const AccountHere&, const NodeLink&);

bool address_of(std::string_view frame, Address& out) {
  if (frame.size() < kHead || frame[0] != kVersion) return false;
  out.shard = static_cast<std::uint8_t>(frame[1]);
  out.hurried = frame[2] != 0;
  return true;
}

bool read(std::string_view frame, lobby::NodeIndex from, NodeLink& link, Receiver& receiver) {
  Address to;
  if (!address_of(frame, to)) return false;
  Reader reader(frame.substr(kHead), from, link);
  while (!reader.at_end()) {
    if (!read_one(reader, receiver)) return false;
  }
  return true;
}

}  // namespace session::frames
