// sio-conformance --mode engine|socket --port N [--shards N] [--recovery MS] [--ping-interval MS]
//                 [--ping-timeout MS] [--tls-cert FILE --tls-key FILE]
//
// The small servers that the conformance suites of Engine.IO 4 and Socket.IO 5 are run against. The
// options behind --port bend them for tests of our own.

#include <charconv>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "net/tls.h"
#include "sio/engine_session.h"
#include "sio/node.h"
#include "sio/packet.h"

namespace {

// Sends every message back as it came.
class Echo final : public sio::EngineHandler {
 public:
  void on_open(sio::EngineSession&) override {}
  void on_message(sio::EngineSession& session, bool binary, std::string_view message) override {
    if (binary) {
      session.send_binary(message);
    } else {
      session.send(message);
    }
  }
  void on_close(sio::EngineSession&, sio::DisconnectReason) override {}
};

// What the Socket.IO suite expects of its server.
class Answers final : public sio::Handler {
 public:
  void on_connect(sio::Socket& socket, std::string_view auth) override {
    socket.accept();
    std::string args = R"("auth",)";
    args += auth.empty() ? "{}" : auth;
    emit(socket, args, {});
  }

  void on_event(sio::Socket& socket, const sio::Event& event) override {
    if (socket.nsp() != "/") return;
    if (event.name == "message") {
      std::string args = R"("message-back")";
      if (!event.args.empty()) args += ',';
      args += event.args;
      emit(socket, args, event.attachments);
    } else if (event.name == "message-with-ack" && event.ack) {
      socket.ack(*event.ack, event.args, event.attachments);
    }
  }

  void on_transport_lost(sio::Socket&) override {}
  void on_recovered(sio::Socket& socket) override { emit(socket, R"("recovered")", {}); }
  void on_disconnect(sio::Socket&, sio::DisconnectReason) override {}

 private:
  static void emit(sio::Socket& socket, std::string_view args,
                   std::span<const std::string> attachments) {
    std::string packet;
    sio::append_head(packet,
                     attachments.empty() ? sio::PacketType::event : sio::PacketType::binary_event,
                     attachments.size(), socket.nsp(), std::nullopt);
    packet += '[';
    packet += args;
    packet += ']';
    socket.send(packet, attachments);
  }
};

struct Options {
  std::string mode;
  std::uint16_t port = 0;
  unsigned shards = 2;
  unsigned recovery_ms = 0;
  unsigned ping_interval_ms = 300;
  unsigned ping_timeout_ms = 200;
  net::TlsFiles tls;  // empty = plain
};

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read_options(int count, char** words, Options& options) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = words[i];
    const std::string_view value = words[i + 1];
    const bool good = name == "--mode"
                          ? (options.mode = value, value == "engine" || value == "socket")
                      : name == "--port"          ? read_number(value, options.port)
                      : name == "--shards"        ? read_number(value, options.shards)
                      : name == "--recovery"      ? read_number(value, options.recovery_ms)
                      : name == "--ping-interval" ? read_number(value, options.ping_interval_ms)
                      : name == "--ping-timeout"  ? read_number(value, options.ping_timeout_ms)
                      : name == "--tls-cert"      ? (options.tls.certificate = value, true)
                      : name == "--tls-key"       ? (options.tls.key = value, true)
                                                  : false;
    if (!good) return false;
  }
  return count % 2 == 1 && !options.mode.empty();
}

sio::NodeSettings settings_for(const Options& options) {
  sio::NodeSettings settings;
  settings.port = options.port;
  settings.shards = options.shards;
  settings.sio.path = options.mode == "engine" ? "/engine.io/" : "/socket.io/";
  settings.sio.ping_interval = std::chrono::milliseconds(options.ping_interval_ms);
  settings.sio.ping_timeout = std::chrono::milliseconds(options.ping_timeout_ms);
  settings.sio.connect_timeout = std::chrono::milliseconds(1000);
  settings.sio.max_payload = 1'000'000;
  settings.sio.max_buffered = 4'000'000;
  settings.sio.namespaces = {"/", "/custom"};
  settings.sio.recovery = std::chrono::milliseconds(options.recovery_ms);
  settings.sio.max_attachments = 16;
  return settings;
}

std::unique_ptr<sio::Node> make_node(const Options& options, const net::TlsContext* tls) {
  sio::NodeSettings settings = settings_for(options);
  settings.door.tls = tls;
  if (options.mode == "engine") {
    return std::make_unique<sio::Node>(
        std::move(settings),
        [](net::Shard&) -> std::unique_ptr<sio::EngineHandler> { return std::make_unique<Echo>(); },
        nullptr);
  }
  return std::make_unique<sio::Node>(
      std::move(settings),
      [](net::Shard&) -> std::unique_ptr<sio::Handler> { return std::make_unique<Answers>(); },
      nullptr);
}

}  // namespace

int main(int count, char** words) {
  Options options;
  if (!read_options(count, words, options)) {
    std::fprintf(
        stderr,
        "usage: sio-conformance --mode engine|socket --port N [--shards N] [--recovery MS]\n"
        "                       [--ping-interval MS] [--ping-timeout MS]\n"
        "                       [--tls-cert FILE --tls-key FILE]\n");
    return 2;
  }
  // Blocked before the shards' threads start, so that only sigwait below takes them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  std::unique_ptr<net::TlsContext> tls;
  if (!options.tls.certificate.empty()) {
    auto loaded = net::TlsContext::load(options.tls);
    if (!loaded) {
      std::fprintf(stderr, "sio-conformance: %s\n", loaded.error().message.c_str());
      return 1;
    }
    tls = std::move(loaded).value();
  }
  const auto node = make_node(options, tls.get());
  if (const auto started = node->start(); !started) {
    std::fprintf(stderr, "sio-conformance: %s\n", started.error().message.c_str());
    return 1;
  }
  std::printf("listening on 127.0.0.1:%u\n", unsigned{node->port()});
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  node->stop();
  return 0;
}
