#pragma once

// The connections of one shard: takes new ones from its own listening socket, keeps their
// deadlines, gives them to other shards and takes theirs. Lives on its shard's thread, which must
// have ended, or not begun, when it is destroyed.

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/connection.h"
#include "net/door.h"
#include "net/limits.h"
#include "net/loop.h"

namespace net {

class ConnectionSet final {
 public:
  // `service` must outlive the set. `max_message` bounds WebSocket messages, `max_unsent` one
  // connection's outbox.
  ConnectionSet(Loop& loop, HttpService& service, const Limits& limits, std::size_t max_message,
                std::size_t max_unsent);
  ~ConnectionSet();
  ConnectionSet(const ConnectionSet&) = delete;
  ConnectionSet& operator=(const ConnectionSet&) = delete;

  // Takes over a listening, non-blocking socket; there may be several.
  void listen(int fd, const Door& door = {});
  void stop_accepting();

  Connection* find(std::uint64_t id);

  // Hands a held connection, with what is unread and unsent, to another shard at the end of this
  // batch.
  void move(Connection& connection, ConnectionSet& target);
  // The two halves of it, for those who move more than the connection. A connection that is closing
  // is not given.
  std::unique_ptr<Connection> detach(Connection& connection);
  void adopt(std::unique_ptr<Connection> connection);

  // Aborts all with Gone::shutdown.
  void abort_all();

  // A reply for the connection's present request that may be kept and called on any thread.
  HttpReply make_reply(Connection& connection);

  Loop& loop() { return loop_; }
  HttpService& service() { return service_; }
  const Limits& limits() const { return limits_; }
  std::size_t max_message() const { return max_message_; }
  std::size_t max_unsent() const { return max_unsent_; }
  // Reused by every request of the shard.
  HttpRequest& scratch_request() { return scratch_; }

 private:
  friend class Connection;
  class Entrance;
  void take(int fd, std::string address, const Door& door);
  void destroy(Connection& connection);

  Loop& loop_;
  HttpService& service_;
  const Limits limits_;
  const std::size_t max_message_;
  const std::size_t max_unsent_;
  std::vector<std::unique_ptr<Entrance>> entrances_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  HttpRequest scratch_;
  std::shared_ptr<ConnectionSet*> self_;  // for replies that outlive it
};

}  // namespace net
