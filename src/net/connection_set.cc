#include "net/connection_set.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>
#include <vector>

#include "net/listen.h"

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

ConnectionSet::~ConnectionSet() {
  if (listening_ >= 0) ::close(listening_);
}

void ConnectionSet::listen(int fd) {
  listening_ = fd;
  loop_.watch(fd, *this, EPOLLIN);
}

void ConnectionSet::stop_accepting() {
  if (listening_ < 0) return;
  loop_.unwatch(listening_);
  ::close(listening_);
  listening_ = -1;
}

void ConnectionSet::on_ready(std::uint32_t) {
  for (int i = 0; i < kAcceptsPerBatch && accept_one(); ++i) {
  }
}

bool ConnectionSet::accept_one() {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  const int fd = ::accept4(listening_, reinterpret_cast<sockaddr*>(&address), &size,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // The waiting connection stays readable; without a pause the shard would spin on it.
      loop_.unwatch(listening_);
      loop_.at(loop_.now() + kAcceptPause, [this] {
        if (listening_ >= 0) loop_.watch(listening_, *this, EPOLLIN);
      });
    }
    return errno == ECONNABORTED || errno == EINTR;
  }
  if (connections_.size() >= limits_.connections) {
    loop_.counters().refused.add();
    ::close(fd);
    return true;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  loop_.counters().accepted.add();
  // The shard's number keeps ids apart when connections move.
  const std::uint64_t id = (static_cast<std::uint64_t>(loop_.id()) << 56) | ++last_id_;
  adopt(std::make_unique<Connection>(fd, peer_address(&address), id));
  return true;
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
