#pragma once

// A shard and a socket that only remember, for tests of this room.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/shard.h"
#include "sio/server.h"

namespace session::testing {

class FakeShard final : public net::Shard {
 public:
  explicit FakeShard(net::ShardId id = 0) : id_(id) {}
  net::ShardId id() const override { return id_; }
  void post(std::function<void()> fn) override { posts_.push_back(std::move(fn)); }
  void post_unhurried(std::function<void()> fn) override { post(std::move(fn)); }
  TimerId at(net::SteadyTime, std::function<void()> fn) override {
    waiting_.emplace(++timers_, std::move(fn));
    return timers_;
  }
  void cancel(TimerId id) override { waiting_.erase(id); }
  void flush() override {}
  void run() {
    while (!posts_.empty()) {
      const std::function<void()> fn = std::move(posts_.front());
      posts_.pop_front();
      fn();
    }
  }
  // Whatever waits for a time: it has come.
  void pass_time() {
    for (auto& [id, fn] : std::exchange(waiting_, {})) fn();
    run();
  }
  bool idle() const { return posts_.empty(); }
  std::size_t timers() const { return waiting_.size(); }

 private:
  const net::ShardId id_;
  std::deque<std::function<void()>> posts_;
  std::map<TimerId, std::function<void()>> waiting_;
  TimerId timers_ = 0;
};

class FakeSocket final : public sio::Socket {
 public:
  explicit FakeSocket(std::string id, std::string address = "10.0.0.1", std::string forwarded = "")
      : id_(std::move(id)) {
    handshake_.address = std::move(address);
    handshake_.forwarded_for = std::move(forwarded);
  }
  std::string_view id() const override { return id_; }
  std::string_view nsp() const override { return "/"; }
  const sio::Handshake& handshake() const override { return handshake_; }
  void accept() override { accepted = true; }
  void refuse(std::string_view message) override { refused = message; }
  void send(std::string_view packet) override { packets.emplace_back(packet); }
  void send_volatile(std::string_view packet) override { send(packet); }
  void ack(std::uint64_t, std::string_view) override {}
  void send(std::string_view packet, std::span<const std::string>) override { send(packet); }
  void ack(std::uint64_t, std::string_view, std::span<const std::string>) override {}
  void close(sio::DisconnectReason) override { closed = true; }
  bool connected() const override { return !closed; }
  std::chrono::milliseconds round_trip() const override { return {}; }

  bool heard(std::string_view event) const {
    for (const std::string& packet : packets) {
      if (packet.starts_with("2[\"" + std::string(event) + "\"")) return true;
    }
    return false;
  }

  bool accepted = false;
  bool closed = false;
  std::string refused;
  std::vector<std::string> packets;

 private:
  std::string id_;
  sio::Handshake handshake_;
};

}  // namespace session::testing
