#include "net/connection_set.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "base/client_address.h"
#include "net/address_count.h"
#include "net/listen.h"
#include "net/tls.h"

namespace net {

namespace {

// How long a shard without descriptors waits before it tries to accept again.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr int kAcceptsPerBatch = 64;

// The fate of one HttpReply: answered once, with 500 when it is dropped.
class PendingReply {
 public:
  PendingReply(std::weak_ptr<ConnectionSet*> set, std::shared_ptr<Mailbox> mailbox,
               std::uint64_t connection, std::uint64_t serial)
      : set_(std::move(set)),
        mailbox_(std::move(mailbox)),
        connection_(connection),
        serial_(serial) {}
  PendingReply(const PendingReply&) = delete;
  PendingReply& operator=(const PendingReply&) = delete;
  ~PendingReply() {
    HttpResponse response;
    response.status = 500;
    response.body = R"({"error":"internal"})";
    answer(std::move(response));
  }

  void answer(HttpResponse response) {
    if (answered_.exchange(true)) return;
    mailbox_->post(
        [set = set_, connection = connection_, serial = serial_, response = std::move(response)] {
          const auto alive = set.lock();
          if (!alive) return;
          Connection* found = (*alive)->find(connection);
          if (found != nullptr && found->open_request() == serial) found->respond(response);
        });
  }

 private:
  std::weak_ptr<ConnectionSet*> set_;
  std::shared_ptr<Mailbox> mailbox_;
  const std::uint64_t connection_;
  const std::uint64_t serial_;
  std::atomic<bool> answered_{false};
};

}  // namespace

// One listening socket.
class ConnectionSet::Entrance final : private Watcher {
 public:
  Entrance(ConnectionSet& set, int fd, const Door& door) : set_(set), fd_(fd), door_(door) {
    set_.loop_.watch(fd_, *this, EPOLLIN);
  }
  ~Entrance() {
    if (fd_ >= 0) ::close(fd_);
  }
  Entrance(const Entrance&) = delete;
  Entrance& operator=(const Entrance&) = delete;

  void stop() {
    if (fd_ < 0) return;
    set_.loop_.unwatch(fd_);
    ::close(fd_);
    fd_ = -1;
  }

 private:
  void on_ready(std::uint32_t) override {
    for (int i = 0; i < kAcceptsPerBatch && accept_one(); ++i) {
    }
  }

  bool accept_one() {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int fd =
        ::accept4(fd_, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        // The waiting connection stays readable; without a pause the shard would spin on it.
        set_.loop_.unwatch(fd_);
        set_.loop_.at(set_.loop_.now() + kAcceptPause, [this] {
          if (fd_ >= 0) set_.loop_.watch(fd_, *this, EPOLLIN);
        });
      }
      return errno == ECONNABORTED || errno == EINTR;
    }
    set_.take(fd, peer_address(&address), door_);
    return true;
  }

  ConnectionSet& set_;
  int fd_;
  const Door door_;
};

ConnectionSet::ConnectionSet(Loop& loop, HttpService& service, const Limits& limits,
                             std::size_t max_message, std::size_t max_unsent)
    : loop_(loop),
      service_(service),
      limits_(limits),
      max_message_(max_message),
      max_unsent_(max_unsent),
      self_(std::make_shared<ConnectionSet*>(this)) {
  loop.on_deadline([](DeadlineEntry& entry) { Connection::of(entry).abort(Gone::timeout); });
}

ConnectionSet::~ConnectionSet() = default;

void ConnectionSet::listen(int fd, const Door& door) {
  entrances_.push_back(std::make_unique<Entrance>(*this, fd, door));
}

// The entrances stay, as timers of theirs may be pending.
void ConnectionSet::stop_accepting() {
  for (const auto& entrance : entrances_) entrance->stop();
}

void ConnectionSet::take(int fd, std::string address, const Door& door) {
  std::optional<AddressCount::Place> place = AddressCount::Place();
  if (door.by_address != nullptr) place = door.by_address->enter(address, loop_.now());
  if (connections_.size() >= limits_.connections || !place) {
    loop_.counters().refused.add();
    ::close(fd);
    return;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  loop_.counters().accepted.add();
  // The shard's number keeps ids apart when connections move.
  const std::uint64_t id = (static_cast<std::uint64_t>(loop_.id()) << 56) | ++last_id_;
  const bool announced = door.header_from != nullptr && door.header_from->trusts(address);
  auto connection = std::make_unique<Connection>(fd, std::move(address), id);
  connection->keep(std::move(*place));
  if (announced) connection->expect_proxy_header(door.by_address);
  if (door.tls != nullptr) connection->secure(door.tls->accept());
  adopt(std::move(connection));
}

Connection* ConnectionSet::find(std::uint64_t id) {
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : found->second.get();
}

void ConnectionSet::adopt(std::unique_ptr<Connection> connection) {
  Connection& adopted = *connection;
  connections_.emplace(adopted.id(), std::move(connection));
  adopted.attach(*this);
}

std::unique_ptr<Connection> ConnectionSet::detach(Connection& connection) {
  if (connection.closing()) return nullptr;
  auto node = connections_.extract(connection.id());
  node.mapped()->detach();
  loop_.counters().moved.add();
  return std::move(node.mapped());
}

void ConnectionSet::move(Connection& connection, ConnectionSet& target) {
  connection.hold();
  loop_.after_batch([this, id = connection.id(), &target] {
    Connection* held = find(id);
    if (held == nullptr) return;
    // A function that can be posted must be copyable, so the connection travels in a shared box.
    auto box = std::make_shared<std::unique_ptr<Connection>>(detach(*held));
    if (*box) target.loop_.post([&target, box] { target.adopt(std::move(*box)); });
  });
}

void ConnectionSet::destroy(Connection& connection) { connections_.erase(connection.id()); }

void ConnectionSet::abort_all() {
  for (auto& [id, connection] : connections_) connection->abort(Gone::shutdown);
}

HttpReply ConnectionSet::make_reply(Connection& connection) {
  auto pending = std::make_shared<PendingReply>(self_, loop_.mailbox(), connection.id(),
                                                connection.open_request());
  return [pending](HttpResponse response) { pending->answer(std::move(response)); };
}

}  // namespace net
