#pragma once

// A connection to Redis that mends itself: requests are pipelined, answers come in order, and when
// the connection is lost all that wait for one fail and a new one is made.
//
// All members are for the worker's thread. hiredis reads the protocol; reading and writing is Asio.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cluster/gauge.h"
#include "cluster/redis_url.h"
#include "cluster/timing.h"
#include "cluster/worker.h"

namespace cluster {

struct Reply {
  enum class Kind : std::uint8_t { nil, integer, text, array } kind = Kind::nil;
  std::int64_t integer = 0;
  std::string text;
  std::vector<Reply> items;

  bool is_nil() const { return kind == Kind::nil; }
  // The integer, or the number a text begins with; 0 for anything else.
  std::int64_t number() const;
  // Items beyond the end are nil.
  const Reply& at(std::size_t index) const;
};

using ReplyHandler = std::function<void(base::Result<Reply>)>;

// A Lua script with its SHA-1 name, by which it is run once the server knows it.
struct Script {
  explicit Script(std::string text_of_it);
  std::string text;
  std::string sha;
};

class RedisLink {
 public:
  struct Options {
    RedisAddress address;
    std::string tls_ca_file;  // "" = the system's
    std::string name;         // as CLIENT LIST shows it
    Timing timing;
    // Loaded before anything else is sent, so that order is kept; outlive the link.
    std::vector<const Script*> scripts;
    bool subscriber = false;  // answers are news, told to on_news; a quiet connection is pinged
  };
  RedisLink(Worker& worker, Gauge& gauge, Options options);
  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  // Set before start().
  void on_up(std::function<void()> listener) { up_listener_ = std::move(listener); }
  void on_down(std::function<void(const std::string& why)> listener) {
    down_listener_ = std::move(listener);
  }
  // A new connection did not come about; told once until there is another reason or a link.
  void on_failed(std::function<void(const std::string& why)> listener) {
    failed_listener_ = std::move(listener);
  }
  void on_news(std::function<void(const Reply&)> listener) { news_listener_ = std::move(listener); }
  void start();

  bool up() const { return up_; }
  // Bytes written by us and not yet taken by the kernel.
  std::size_t backlog() const;

  // Sends a command. Without a link the handler is called with "unavailable" after this call. The
  // handler may be empty.
  void request(const std::vector<std::string>& words, ReplyHandler handler);
  // Runs a script; one that the server has forgotten since (SCRIPT FLUSH) is sent again, after what
  // was sent meanwhile.
  void run(const Script& script, const std::vector<std::string>& arguments, ReplyHandler handler);

 private:
  struct Connection;
  void connect();
  void made(Connection& connection);
  void lost(Connection& connection, const std::string& why);
  void look_after();

  Worker& worker_;
  Gauge& gauge_;
  const Options options_;
  std::function<void()> up_listener_;
  std::function<void(const std::string&)> down_listener_;
  std::function<void(const std::string&)> failed_listener_;
  std::function<void(const Reply&)> news_listener_;
  std::shared_ptr<Connection> connection_;
  bool up_ = false;
  std::string told_;  // why the last connections did not come about
  milliseconds pause_;
};

}  // namespace cluster
