#pragma once

#include <atomic>
#include <cstdint>

namespace net {

// What one shard has seen since its start. Written by the shard's thread alone, readable from any
// thread.
class Counter {
 public:
  void add(std::uint64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  void subtract(std::uint64_t n = 1) { add(0 - n); }
  void set(std::uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct Counters {
  Counter connections;  // open TCP connections now
  Counter accepted;     // TCP connections ever, moved ones counted where they came in
  Counter refused;      // closed on arrival: too many
  Counter bytes_in;
  Counter bytes_out;
  Counter sends;           // system calls that wrote
  Counter receives;        // system calls that read
  Counter requests;        // HTTP requests with a whole head
  Counter rejected;        // HTTP requests refused by the parser or a limit; proxy headers too
  Counter tls_handshakes;  // that came to a good end
  Counter tls_failures;    // handshakes that did not, but those that only ended or took too long
  Counter messages_in;     // Engine.IO messages, any transport
  Counter messages_out;
  Counter sessions;      // open Engine.IO sessions now
  Counter sockets;       // Socket.IO sockets now, those that wait for recovery included
  Counter recovered;     // connection-state recoveries
  Counter dropped;       // volatile packets replaced or thrown away
  Counter slow_readers;  // closed because they did not read
  Counter errors;        // malformed packets, frames and payloads
  Counter moved;         // connections handed to another shard
  Counter timers;        // that wait for their time now
};

}  // namespace net
