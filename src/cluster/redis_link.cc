#include "cluster/redis_link.h"

#include <hiredis/hiredis.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <deque>
#include <optional>
#include <utility>

#include "base/random.h"

namespace cluster {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using Failure = boost::system::error_code;

namespace {

void append_command(std::string& out, const std::vector<std::string>& words) {
  out += '*';
  out += std::to_string(words.size());
  out += "\r\n";
  for (const std::string& word : words) {
    out += '$';
    out += std::to_string(word.size());
    out += "\r\n";
    out += word;
    out += "\r\n";
  }
}

Reply to_reply(const redisReply& raw) {
  Reply reply;
  switch (raw.type) {
    case REDIS_REPLY_INTEGER:
      reply.kind = Reply::Kind::integer;
      reply.integer = raw.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
      reply.kind = Reply::Kind::text;
      reply.text.assign(raw.str, raw.len);
      break;
    case REDIS_REPLY_ARRAY:
      reply.kind = Reply::Kind::array;
      reply.items.reserve(raw.elements);
      for (std::size_t i = 0; i < raw.elements; ++i)
        reply.items.push_back(to_reply(*raw.element[i]));
      break;
    default:
      break;
  }
  return reply;
}

// A server that answers so cannot help us now: it starts, became a replica, or is full.
bool is_out_of_service(std::string_view error) {
  for (const std::string_view start : {"LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "BUSY ",
                                       "NOAUTH", "MISCONF", "UNKILLABLE"})
    if (error.starts_with(start)) return true;
  return false;
}

const base::Error kAway{"unavailable", "The cluster cannot be reached."};

std::string hex_sha1(const std::string& text) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

}  // namespace

std::int64_t Reply::number() const {
  if (kind == Kind::integer) return integer;
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

const Reply& Reply::at(std::size_t index) const {
  static const Reply nil;
  return index < items.size() ? items[index] : nil;
}

Script::Script(std::string text_of_it) : text(std::move(text_of_it)), sha(hex_sha1(text)) {}

// One connection from its first attempt to its end. Handlers of Asio keep it in memory; once closed
// it tells nobody anything.
struct RedisLink::Connection : std::enable_shared_from_this<Connection> {
  struct Waiting {
    ReplyHandler handler;
    Clock::time_point since;
  };

  explicit Connection(RedisLink& of)
      : link(&of),
        resolver(of.worker_.loop()),
        socket(of.worker_.loop()),
        reader(redisReaderCreate(), redisReaderFree) {}

  void open() {
    const RedisAddress& to = link->options_.address;
    resolver.async_resolve(
        to.host, std::to_string(to.port),
        [self = shared_from_this()](const Failure& error, tcp::resolver::results_type found) {
          if (self->closed) return;
          if (error) return self->fail(error.message());
          asio::async_connect(self->socket, found,
                              [self](const Failure& failed, const tcp::endpoint&) {
                                if (self->closed) return;
                                if (failed) return self->fail(failed.message());
                                self->connected();
                              });
        });
  }

  void connected() {
    Failure ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (!link->options_.address.tls) return greet();
    Failure error;
    if (link->options_.tls_ca_file.empty())
      context.set_default_verify_paths(error);
    else
      context.load_verify_file(link->options_.tls_ca_file, error);
    if (error) return fail("TLS: " + error.message());
    tls.emplace(socket, context);
    const std::string& host = link->options_.address.host;
    tls->set_verify_mode(asio::ssl::verify_peer);
    tls->set_verify_callback(asio::ssl::host_name_verification(host));
    SSL_set_tlsext_host_name(tls->native_handle(), host.c_str());
    tls->async_handshake(asio::ssl::stream_base::client,
                         [self = shared_from_this()](const Failure& failed) {
                           if (self->closed) return;
                           if (failed) return self->fail("TLS: " + failed.message());
                           self->greet();
                         });
  }

  // A replica answers ROLE with another word; after a fail-over the name leads to the new master.
  void greet() {
    read();
    const RedisAddress& to = link->options_.address;
    const auto must = [this](const base::Result<Reply>& reply) {
      if (!reply) fail(reply.error().message);
    };
    // A server that does not know AUTH repeats what it was sent, so only its first word is told.
    const auto admitted = [this](const base::Result<Reply>& reply) {
      if (reply) return;
      const std::string& text = reply.error().message;
      fail("the password is refused: " + text.substr(0, text.find(' ')));
    };
    if (!to.password.empty()) {
      if (to.user.empty())
        send({"AUTH", to.password}, admitted);
      else
        send({"AUTH", to.user, to.password}, admitted);
    }
    if (to.database != 0) send({"SELECT", std::to_string(to.database)}, must);
    send({"CLIENT", "SETNAME", link->options_.name}, must);
    for (const Script* script : link->options_.scripts)
      send({"SCRIPT", "LOAD", script->text}, must);
    send({"ROLE"}, [this](const base::Result<Reply>& reply) {
      if (closed) return;
      if (!reply) return fail(reply.error().message);
      if (reply->at(0).text != "master") return fail("the server is a replica");
      ready = true;
      link->made(*this);
    });
  }

  void send(const std::vector<std::string>& words, ReplyHandler handler) {
    append_command(out, words);
    waiting.push_back({std::move(handler), Clock::now()});
    write_soon();
  }

  void write_soon() {
    if (write_posted || is_writing) return;
    write_posted = true;
    asio::post(socket.get_executor(), [self = shared_from_this()] {
      self->write_posted = false;
      self->write();
    });
  }

  void write() {
    if (closed || is_writing || out.empty()) return;
    is_writing = true;
    writing.swap(out);
    out.clear();
    auto done = [self = shared_from_this()](const Failure& error, std::size_t) {
      self->is_writing = false;
      self->writing.clear();
      if (self->closed) return;
      if (error) return self->fail(error.message());
      self->write();
    };
    if (tls)
      asio::async_write(*tls, asio::buffer(writing), std::move(done));
    else
      asio::async_write(socket, asio::buffer(writing), std::move(done));
  }

  void read() {
    auto done = [self = shared_from_this()](const Failure& error, std::size_t size) {
      if (self->closed) return;
      if (error) return self->fail(error.message());
      self->last_read = Clock::now();
      redisReaderFeed(self->reader.get(), self->in.data(), size);
      self->take_replies();
      if (!self->closed) self->read();
    };
    if (tls)
      tls->async_read_some(asio::buffer(in), std::move(done));
    else
      socket.async_read_some(asio::buffer(in), std::move(done));
  }

  void take_replies() {
    while (!closed) {
      void* raw = nullptr;
      if (redisReaderGetReply(reader.get(), &raw) != REDIS_OK) return fail(reader->errstr);
      if (raw == nullptr) return;
      const std::unique_ptr<void, void (*)(void*)> owner(raw, freeReplyObject);
      take(*static_cast<redisReply*>(raw));
    }
  }

  void take(const redisReply& raw) {
    if (link->options_.subscriber && ready) {
      if (link->news_listener_) link->news_listener_(to_reply(raw));
      return;
    }
    if (waiting.empty()) return fail("an answer without a question");
    const Waiting first = std::move(waiting.front());
    waiting.pop_front();
    link->gauge_.answered(static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - first.since).count()));
    if (raw.type != REDIS_REPLY_ERROR) {
      if (first.handler) first.handler(to_reply(raw));
      return;
    }
    const std::string text(raw.str, raw.len);
    const bool out_of_service = is_out_of_service(text);
    if (!text.starts_with("NOSCRIPT")) ++link->gauge_.errors;
    if (first.handler)
      first.handler(base::Error{
          out_of_service || text.starts_with("OOM") ? "unavailable" : "internal", text});
    if (out_of_service && !closed) fail(text);
  }

  void fail(const std::string& why) {
    if (closed) return;
    const auto self = shared_from_this();  // lost() lets go of it
    close();
    link->lost(*this, why);
  }

  void close() {
    closed = true;
    Failure ignored;
    resolver.cancel();
    socket.close(ignored);
  }

  RedisLink* link;
  tcp::resolver resolver;
  tcp::socket socket;
  asio::ssl::context context{asio::ssl::context::tls_client};
  std::optional<asio::ssl::stream<tcp::socket&>> tls;
  std::unique_ptr<redisReader, void (*)(redisReader*)> reader;
  std::array<char, 64 * 1024> in;
  std::string out;      // waits for the write in progress
  std::string writing;  // belongs to the write in progress
  std::deque<Waiting> waiting;
  const Clock::time_point begun = Clock::now();
  Clock::time_point last_read = begun;
  bool write_posted = false;
  bool is_writing = false;
  bool ready = false;
  bool closed = false;
};

RedisLink::RedisLink(Worker& worker, Gauge& gauge, Options options)
    : worker_(worker),
      gauge_(gauge),
      options_(std::move(options)),
      pause_(options_.timing.retry_first) {}

RedisLink::~RedisLink() {
  if (connection_) connection_->close();
}

void RedisLink::start() {
  connect();
  look_after();
}

std::size_t RedisLink::backlog() const {
  return up_ ? connection_->out.size() + connection_->writing.size() : 0;
}

void RedisLink::connect() {
  connection_ = std::make_shared<Connection>(*this);
  connection_->open();
}

void RedisLink::made(Connection& connection) {
  if (connection_.get() != &connection) return;
  up_ = true;
  told_.clear();
  pause_ = options_.timing.retry_first;
  ++gauge_.connects;
  if (up_listener_) up_listener_();
}

// The pauses differ by chance, so that many nodes do not come back in one moment.
void RedisLink::lost(Connection& connection, const std::string& why) {
  std::deque<Connection::Waiting> waiting = std::move(connection.waiting);
  const bool was_up = std::exchange(up_, false);
  const auto chance = static_cast<int>(base::secure_u64() % 50);
  worker_.after(pause_ * (75 + chance) / 100, [this] { connect(); });
  pause_ = std::min(pause_ * 2, options_.timing.retry_longest);
  if (was_up) {
    if (down_listener_) down_listener_(why);
  } else if (std::exchange(told_, why) != why && failed_listener_) {
    failed_listener_(why);
  }
  for (const auto& each : waiting) {
    ++gauge_.errors;
    if (each.handler) each.handler(kAway);
  }
}

// Gives up a connection that does not answer; a subscriber's is asked for a sign of life.
void RedisLink::look_after() {
  const milliseconds patience = options_.timing.request_timeout;
  worker_.after(patience / 4, [this] { look_after(); });
  const std::shared_ptr<Connection> connection = connection_;
  if (connection->closed) return;
  const auto now = Clock::now();
  const bool late = !connection->ready    ? now - connection->begun > patience
                    : options_.subscriber ? now - connection->last_read > patience
                    : connection->waiting.empty()
                        ? false
                        : now - connection->waiting.front().since > patience;
  if (late) {
    ++gauge_.timeouts;
    return connection->fail("no answer in time");
  }
  if (connection->ready && options_.subscriber) {
    append_command(connection->out, {"PING"});
    connection->write_soon();
  }
}

void RedisLink::request(const std::vector<std::string>& words, ReplyHandler handler) {
  if (!up_) {
    ++gauge_.errors;
    if (handler) worker_.post([handler = std::move(handler)] { handler(kAway); });
    return;
  }
  ++gauge_.requests;
  if (options_.subscriber) {
    append_command(connection_->out, words);
    connection_->write_soon();
    return;
  }
  connection_->send(words, std::move(handler));
}

void RedisLink::run(const Script& script, const std::vector<std::string>& arguments,
                    ReplyHandler handler) {
  std::vector<std::string> words{"EVALSHA", script.sha, "0"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  request(words, [this, &script, words, handler = std::move(handler)](base::Result<Reply> reply) {
    if (!reply && reply.error().message.starts_with("NOSCRIPT")) {
      std::vector<std::string> again = words;
      again[0] = "EVAL";
      again[1] = script.text;
      return request(again, handler);
    }
    if (handler) handler(std::move(reply));
  });
}

}  // namespace cluster
