#pragma once

// One hostile connection: what it sends, when, and that it notices when the server has had enough.
// Lives on the one thread of the program.

#include <netinet/in.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hostile {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

enum class Kind : std::uint8_t {
  slow_loris,   // a byte now and then: of a request's head, of a polling body, of a WebSocket's
                // CONNECT
  flooder,      // events as fast as the line takes them
  slow_reader,  // plays, and never reads
  garbage,      // random bytes, broken frames, impossible lengths
};
inline constexpr std::array<std::string_view, 4> kKinds = {"slow_loris", "flooder", "slow_reader",
                                                           "garbage"};

class Attacker {
 public:
  // The number tells varieties of a kind apart and seeds what is random.
  Attacker(Kind kind, std::uint64_t number) : kind_(kind), number_(number) {}
  ~Attacker();
  Attacker(const Attacker&) = delete;
  Attacker& operator=(const Attacker&) = delete;

  // Begins to connect, from that address of this machine (host byte order). False: it cannot.
  bool begin(const sockaddr_in& to, std::uint32_t from, Time now);

  Kind kind() const { return kind_; }
  int fd() const { return fd_; }
  // What epoll is to watch.
  std::uint32_t watched() const;
  // Something happened on the socket. False: the connection is over.
  bool on_socket(std::uint32_t events, std::span<char> scratch, Time now);
  // Does what is due by the time. False: the connection is over.
  bool on_time(Time now);
  Time due() const { return due_; }

  bool connected() const { return connected_; }
  // Since it was connected.
  Clock::duration age(Time now) const { return now - began_; }

 private:
  enum class Variety : std::uint8_t { head, body, connect, random, frames, length, body_length };
  Variety variety() const;
  void open();
  void open_garbage();
  void drip();
  void play();
  bool put(std::string_view bytes);
  bool flush();
  bool flood();
  void take_answer(std::string_view bytes);

  const Kind kind_;
  const std::uint64_t number_;
  int fd_ = -1;
  bool connected_ = false;
  bool over_ = false;
  Time began_{};
  Time due_ = Time::max();
  std::string out_;     // to be sent at once
  std::string slowly_;  // to be sent a byte at a time
  std::string answer_;  // to the handshake of the variety `body`
  std::uint64_t joins_ = 0;
};

}  // namespace hostile
