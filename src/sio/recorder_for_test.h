#pragma once

// A Handler that writes down what it is told, and a node of one shard around it.

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "sio/node.h"
#include "sio/test_client.h"

namespace sio::test {

class Recorder {
 public:
  void note(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }
  // Whether the line is there, or comes within some seconds.
  bool saw(const std::string& line) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(8), [&] { return count(line) > 0; });
  }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  std::ptrdiff_t count(const std::string& line) const {
    return std::count(lines_.begin(), lines_.end(), line);
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

class RecordingHandler final : public Handler {
 public:
  explicit RecordingHandler(Recorder& recorder) : recorder_(recorder) {}

  void on_connect(Socket& socket, std::string_view auth) override {
    sockets.push_back(&socket);
    recorder_.note("connect " + std::string(auth));
    if (accept) socket.accept();
  }
  void on_event(Socket& socket, const Event& event) override {
    recorder_.note("event " + std::string(event.name) + " " + std::string(event.args));
    if (on_event_do) on_event_do(socket, event);
  }
  void on_ack(Socket&, std::uint64_t id, std::string_view args) override {
    recorder_.note("ack " + std::to_string(id) + " " + std::string(args));
  }
  void on_transport_lost(Socket&) override { recorder_.note("lost"); }
  void on_recovered(Socket&) override { recorder_.note("recovered"); }
  void on_disconnect(Socket& socket, DisconnectReason reason) override {
    std::erase(sockets, &socket);
    recorder_.note("disconnect " + std::to_string(static_cast<int>(reason)));
  }

  bool accept = true;
  std::function<void(Socket&, const Event&)> on_event_do;
  std::vector<Socket*> sockets;

 private:
  Recorder& recorder_;
};

inline std::string disconnected(DisconnectReason reason) {
  return "disconnect " + std::to_string(static_cast<int>(reason));
}

class OneShard {
 public:
  explicit OneShard(NodeSettings settings = {}, net::HttpHandler http = {})
      : node(
            std::move(settings),
            [this](net::Shard&) -> std::unique_ptr<Handler> {
              auto made = std::make_unique<RecordingHandler>(recorder);
              handler = made.get();
              return made;
            },
            [http = std::move(http)](net::Shard&) { return http; }) {
    started = node.start().ok();
  }

  // Runs fn on the shard, waits for it, and throws here what it threw there.
  void run(const std::function<void()>& fn) {
    std::packaged_task<void()> task(fn);
    node.shard(0).post([&task] { task(); });
    task.get_future().get();
  }
  // The only socket.
  Socket& socket() { return *handler->sockets.at(0); }

  static constexpr const char* kWebSocket = "/socket.io/?EIO=4&transport=websocket";

  // A WebSocket that has joined /; returns the answer to CONNECT.
  std::string join(Client& client, const std::string& payload = {}) {
    client.upgrade(kWebSocket);
    client.frame();
    client.send("40" + payload);
    return client.message();
  }

  Recorder recorder;
  RecordingHandler* handler = nullptr;
  bool started = false;
  Node node;
};

}  // namespace sio::test
